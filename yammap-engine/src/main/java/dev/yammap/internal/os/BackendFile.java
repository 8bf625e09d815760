package dev.yammap.internal.os;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.yammap.Advice;
import dev.yammap.Backend;
import dev.yammap.PageCacheStats;

/**
 * One open file, as a backend provides it. A method that fails has changed nothing, or
 * says what it left behind; nothing that others wrote is ever cut or overwritten but by
 * {@link #shrink} and at a place that the caller gave.
 * <p>
 * The caller sees to it that no method is under way when {@link #close()} is called, and
 * none is called after it; that those which change the size or the mapping ({@link #map},
 * {@link #mapAll}, {@link #write}, {@link #extend}, {@link #append}, {@link #end},
 * {@link #appendedEnd}, {@link #undoAppend}, {@link #grow}, {@link #shrink}) are called
 * by one thread at a time, and so does advice that is kept. The others may be called by
 * any number of threads, also beside those.
 */
public interface BackendFile extends NativeResources {

	/**
	 * Returns the backend whose file this is.
	 */
	Backend backend();

	/**
	 * Tells whether opening created the file.
	 */
	Origin origin();

	/**
	 * Asks the operating system for the size of the file in bytes.
	 */
	long size() throws IOException;

	/**
	 * The same for one thread at a time, where that is quicker. What
	 * {@link #appendedEnd()} would have said is lost.
	 */
	default long end() throws IOException {
		return size();
	}

	/**
	 * Takes the lock that the options name, before anything of the file is looked at.
	 * @throws dev.yammap.FileLockedException if somebody else holds one that excludes it
	 */
	void lock() throws IOException;

	/**
	 * Tries once to lock a range, without ever weakening the lock of the options. The
	 * caller must not lock overlapping ranges. {@link #close()} releases all of them.
	 * @param position where the range begins, in bytes, 0 or more
	 * @param size how long it is in bytes, 1 or more. If {@code position + size} is
	 * {@link Long#MAX_VALUE}, the range has no end
	 * @param shared whether others may hold shared locks of the range, too
	 * @return what releases the lock, or {@code null} if another process, or another
	 * opening of the file, holds a lock that excludes it
	 * @throws IOException if the operating system reports an error, or the backend cannot
	 * make the lock of the options stronger
	 */
	@Nullable Closeable tryLock(long position, long size, boolean shared) throws IOException;

	/**
	 * Runs a call on a {@link FileChannel} of the JDK that has this file open, where no
	 * interrupt can close it. The call may only map and read: it must not change the
	 * file, nor lock or close anything.
	 * @param writable whether the channel must be open for writing, too
	 * @throws UnsupportedOperationException if no such channel can be opened here
	 */
	<T> T onChannel(boolean writable, ChannelCall<T> call) throws IOException;

	/**
	 * Tells whether the path still leads to this file.
	 */
	boolean isCurrent() throws IOException;

	/**
	 * Tells the kernel how the whole file is used.
	 * @param size the size of the file
	 * @throws UnsupportedOperationException if the backend or the kernel cannot take it
	 */
	void advise(Advice advice, long size) throws IOException;

	/**
	 * Tells the kernel how a range within the file is used.
	 * @throws UnsupportedOperationException if the backend or the kernel cannot take it
	 */
	void advise(Advice advice, long offset, long length) throws IOException;

	/**
	 * Frees the blocks of a range within the file, which then reads as zeros.
	 * @throws UnsupportedOperationException if the backend cannot do that
	 */
	void punchHole(long offset, long length) throws IOException;

	/**
	 * Asks what the page cache holds of a range within the file; nothing where nobody
	 * tells.
	 */
	Optional<PageCacheStats> pageCache(long offset, long length) throws IOException;

	/**
	 * Returns the scope of every mapping, to which all segments of them refer: as long as
	 * one of them can be reached, it can.
	 */
	MemorySegment.Scope scope();

	/**
	 * Returns what is left to give back when the scope cannot be reached any more. It
	 * refers neither to that nor to this file.
	 */
	NativeResources remains();

	/**
	 * Returns the length of all mappings in bytes.
	 */
	long mappedSize();

	/**
	 * Returns a mapping of the file's start that is coherent with every earlier one. What
	 * lies behind the end of the file must not be touched. Earlier mappings stay valid
	 * until {@link #unmap()}.
	 * <p>
	 * A backend that can map what is not there yet returns at least {@code size} bytes.
	 * One that cannot may return less, even less than the file has: it follows the file
	 * in large steps, and what it leaves out is reached by {@link #read} and
	 * {@link #write}, or mapped by {@link #mapAll}.
	 */
	MemorySegment map(long size) throws IOException;

	/**
	 * Returns a mapping as {@link #map}, but of all of the file's first {@code size}
	 * bytes; or of less, if the file is shorter.
	 */
	default MemorySegment mapAll(long size) throws IOException {
		return map(size);
	}

	/**
	 * Reads a part of the file that {@link #map} left out.
	 * @param target where to put the bytes
	 * @param index where in {@code target} to begin
	 * @param length how many bytes to read
	 * @param offset where in the file to begin
	 * @return how many bytes were read, less than {@code length} only at the end of the
	 * file
	 */
	default long read(MemorySegment target, long index, long length, long offset) throws IOException {
		throw new IllegalStateException("Everything is mapped");
	}

	/**
	 * Writes to a part of the file that {@link #map} left out.
	 * @param source what to write
	 * @param index where in {@code source} to begin
	 * @param length how many bytes to write
	 * @param offset where in the file to begin
	 */
	default void write(MemorySegment source, long index, long length, long offset) throws IOException {
		throw new IllegalStateException("Everything is mapped");
	}

	/**
	 * Applies what the options say of population and locking to a range of the file.
	 */
	void prepare(long from, long to) throws IOException;

	/**
	 * Writes behind the end of the file, which thereby grows; a gap reads as zeros.
	 * @param size the size of the file
	 * @param source what to write
	 * @param index where in {@code source} to begin
	 * @param length how many bytes to write
	 * @param offset where in the file to begin, {@code size} or more
	 */
	void extend(long size, MemorySegment source, long index, long length, long offset) throws IOException;

	/**
	 * Returns memory of this file that {@link #append} hands to the operating system as
	 * it is, if there is such: what is appended need not be copied twice. Its content is
	 * lost with every call that changes the size, and with {@link #releaseMemory()}.
	 */
	default MemorySegment staging() {
		return MemorySegment.NULL;
	}

	/**
	 * Gives back memory that the methods which one thread at a time may call share, when
	 * that thread lets the others go on.
	 */
	default void releaseMemory() {
		// There is none.
	}

	/**
	 * Writes at the end of the file, wherever that is at this moment, whoever else
	 * appends to it.
	 * @param source what to write, on the heap or the {@link #staging}
	 * @param index where in {@code source} to begin
	 * @param length how many bytes to write
	 */
	void append(MemorySegment source, long index, long length) throws IOException;

	/**
	 * Asks the operating system where the bytes that {@link #append} wrote last end. It
	 * need not know that any more once it was asked for the {@link #end()}.
	 */
	long appendedEnd() throws IOException;

	/**
	 * Takes back what was written last behind the end, under an exclusive lock of ours:
	 * without one, others may have written behind it since anybody asked.
	 * @param end where the written bytes end
	 * @param length how many bytes they are
	 * @return {@code false} if they stay
	 */
	boolean undoAppend(long end, long length) throws IOException;

	/**
	 * Makes the file longer; what is new reads as zeros.
	 * @param size the size of the file
	 * @param newSize the size it shall have
	 * @param preallocate whether to allocate its blocks now, where that is supported
	 */
	void grow(long size, long newSize, boolean preallocate) throws IOException;

	/**
	 * Gives every hole in the start of the file its disk blocks, where that is supported.
	 * @param length the length of that start, at most the size of the file
	 */
	void allocate(long length) throws IOException;

	/**
	 * Makes the file shorter.
	 */
	void shrink(long newSize) throws IOException;

	/**
	 * Makes what was written, and the size, durable.
	 */
	void sync() throws IOException;

	/**
	 * Makes what was written to a range within the file durable, and what is needed to
	 * read it; a whole sync does that too.
	 */
	default void sync(long offset, long length) throws IOException {
		sync();
	}

	/**
	 * Sets the time of modification to now, which the operating system does for writes by
	 * its calls, but not for every store into a mapping. Where that cannot be done,
	 * nothing fails. The content is not changed.
	 */
	void touch();

	/**
	 * Makes the name of the file durable. Where directories cannot be synced, that is
	 * logged.
	 * @throws IOException if the device failed
	 */
	void syncDirectory() throws IOException;

	/**
	 * Tells, at once, whether {@link #makeWritable} was last done for this place.
	 */
	boolean isKnownWritable(long offset);

	/**
	 * Sees to it that a store to a place within the file will find its page, with a disk
	 * block behind it.
	 * @return {@code false} if that page cannot be had
	 */
	boolean makeWritable(long offset);

	/**
	 * Closes the descriptor. Mappings stay until {@link #unmap()}.
	 */
	@Override
	void close() throws IOException;

	/**
	 * Removes every mapping, once {@link #close()} was called. Every segment that
	 * {@link #map} returned then throws {@link IllegalStateException}.
	 * @throws IllegalStateException if a native call holds on to one of them; the call
	 * may be repeated
	 */
	@Override
	void unmap() throws IOException;

	/**
	 * A call of a channel.
	 *
	 * @param <T> what it returns
	 */
	@FunctionalInterface
	interface ChannelCall<T> {

		T on(FileChannel channel) throws IOException;

	}

}
