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
 * says what it left behind. Nothing that others wrote is ever cut or overwritten, except
 * by {@link #shrink} and at a place that the caller gave.
 * <p>
 * The caller makes sure of the following. No method is under way when {@link #close()} is
 * called, and none is called after it. The methods that change the size or the mapping
 * ({@link #map}, {@link #mapAll}, {@link #write}, {@link #extend}, {@link #append},
 * {@link #end}, {@link #appendedEnd}, {@link #undoAppend}, {@link #grow},
 * {@link #shrink}) are called by one thread at a time, and so is lasting advice given.
 * The other methods may be called by any number of threads, also at the same time as
 * those.
 * <p>
 * Bytes come from a {@code source}, or go to a {@code target}: {@code length} of them,
 * from its {@code index} on, at an {@code offset} of the file.
 */
public interface BackendFile extends NativeResources {

	Backend backend();

	/** Tells whether opening created the file. */
	Origin origin();

	/** Asks the operating system for the size of the file in bytes. */
	long size() throws IOException;

	/**
	 * As {@link #size()}, but for one thread at a time, as that may be quicker. After it,
	 * {@link #appendedEnd()} may not know its answer any more.
	 */
	default long end() throws IOException {
		return size();
	}

	/**
	 * Takes the lock that the options name. Called before anything of the file is looked
	 * at.
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

	/** Tells whether the path still leads to this file. */
	boolean isCurrent() throws IOException;

	/**
	 * Tells the kernel how the whole file is used. Lasting advice also goes for what the
	 * file grows by.
	 * @param size the size of the file
	 */
	default void advise(Advice advice, long size) throws IOException {
		advise(advice, 0, advice.isKept() ? Long.MAX_VALUE : size);
	}

	/**
	 * Tells the kernel how a range within the file is used.
	 * @param length how long it is in bytes, or {@link Long#MAX_VALUE} if it has no end
	 * @throws UnsupportedOperationException if the backend or the kernel cannot take it
	 */
	void advise(Advice advice, long offset, long length) throws IOException;

	/**
	 * Frees the blocks of a range within the file, which then reads as zeros.
	 * @throws UnsupportedOperationException if the backend cannot do that
	 */
	void punchHole(long offset, long length) throws IOException;

	/**
	 * Asks what the page cache holds of a range within the file. Empty if the operating
	 * system does not tell.
	 */
	Optional<PageCacheStats> pageCache(long offset, long length) throws IOException;

	/**
	 * Returns the scope of all mappings. Every segment of them refers to it: as long as
	 * one of them can be reached, so can the scope.
	 */
	MemorySegment.Scope scope();

	/**
	 * Returns what must be given back once the scope cannot be reached any more. It
	 * refers neither to the scope nor to this file.
	 */
	NativeResources remains();

	/** Returns the length of all mappings in bytes. */
	long mappedSize();

	/**
	 * Returns a mapping of the file's start that is coherent with every earlier one. The
	 * part behind the end of the file must not be touched. Earlier mappings stay valid
	 * until {@link #unmap()}.
	 * <p>
	 * A backend that can map beyond the end of the file returns at least {@code size}
	 * bytes. Another backend may return fewer bytes, even fewer than the file has: it
	 * follows the file in large steps. The rest is reached by {@link #read} and
	 * {@link #write}, or mapped by {@link #mapAll}.
	 */
	MemorySegment map(long size) throws IOException;

	/**
	 * Returns a mapping as {@link #map}, but of all the file's first {@code size} bytes.
	 * It is shorter if the file is.
	 */
	default MemorySegment mapAll(long size) throws IOException {
		return map(size);
	}

	/**
	 * Reads a part of the file that {@link #map} left out.
	 * @return how many bytes were read, less than {@code length} only at the end of the
	 * file
	 */
	default long read(MemorySegment target, long index, long length, long offset) throws IOException {
		throw new IllegalStateException("Everything is mapped");
	}

	/** Writes to a part of the file that {@link #map} left out. */
	default void write(MemorySegment source, long index, long length, long offset) throws IOException {
		throw new IllegalStateException("Everything is mapped");
	}

	/** Populates and locks a range of the file, as the options say. */
	void prepare(long from, long to) throws IOException;

	/**
	 * Writes behind the end of the file, which thereby grows; a gap reads as zeros.
	 * @param size the size of the file, which {@code offset} is not before
	 */
	void extend(long size, MemorySegment source, long index, long length, long offset) throws IOException;

	/**
	 * Returns memory for so many bytes that {@link #append} hands to the operating system
	 * as it is, so that what is appended is not copied twice; it is empty if there is
	 * none. Every call that changes the size, and {@link #releaseMemory()}, destroys its
	 * content.
	 */
	default MemorySegment staging(long length) {
		return MemorySegment.NULL;
	}

	/**
	 * Gives back the memory that is shared by the methods for one thread at a time.
	 * Called when that thread is done.
	 */
	default void releaseMemory() {
		// There is none.
	}

	/**
	 * Writes at the end of the file, wherever that is at this moment, whoever else
	 * appends to it.
	 * @param source the {@link #staging}, or if that is empty, on the heap
	 */
	void append(MemorySegment source, long index, long length) throws IOException;

	/**
	 * Asks the operating system where the bytes end that {@link #append} wrote last.
	 * After a call of {@link #end()} that may not be known any more.
	 */
	long appendedEnd() throws IOException;

	/**
	 * Takes back what was written last behind the end, if we hold an exclusive lock.
	 * Without one, others may have written behind it meanwhile.
	 * @param end where the written bytes end
	 * @param length how many bytes they are
	 * @return {@code false} if the bytes stay
	 */
	boolean undoAppend(long end, long length) throws IOException;

	/**
	 * Makes the file longer. New bytes read as zeros.
	 * @param size the size of the file
	 * @param newSize the size that it is to have
	 * @param preallocate whether to allocate its blocks now, where that is supported
	 */
	void grow(long size, long newSize, boolean preallocate) throws IOException;

	/**
	 * Makes the start of the file read as zeros, and gives every hole in it its disk
	 * blocks. It loses none meanwhile, and if the disk is full, the content stays.
	 * @param length the length of that start, at most the size of the file
	 * @return {@code false} if that is not supported, and the content is still there
	 */
	boolean zero(long length) throws IOException;

	void shrink(long newSize) throws IOException;

	/** Makes what was written, and the size, durable. */
	void sync() throws IOException;

	/**
	 * Makes durable what was written to a range within the file, and what is needed to
	 * read it. A whole sync does that as well.
	 */
	default void sync(long offset, long length) throws IOException {
		sync();
	}

	/**
	 * Sets the time of modification to now. The operating system does so for writes by
	 * system calls, but not for every store into a mapping. If it cannot be set, nothing
	 * fails. The content is not changed.
	 */
	void touch();

	/**
	 * Makes the name of the file durable. If its directory cannot be synced, that is
	 * logged.
	 * @throws IOException if the device failed
	 */
	void syncDirectory() throws IOException;

	/**
	 * Tells, without a system call, whether {@link #makeWritable} was recently done for
	 * this place.
	 */
	boolean isKnownWritable(long offset);

	/**
	 * Makes sure that a store to a place within the file will find its page, with a disk
	 * block behind it.
	 * @return {@code false} if the page is unavailable
	 */
	boolean makeWritable(long offset);

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
