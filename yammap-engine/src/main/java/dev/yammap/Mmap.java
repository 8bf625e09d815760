package dev.yammap;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;

import dev.yammap.internal.FileOpener;

/**
 * A memory-mapped file: read and written like memory, grown like a file, closed like any
 * resource.
 *
 * <h2>Two idioms</h2> <b>I/O calls</b> ({@code read}, {@code write}, {@code readAt},
 * {@code append}, {@code truncate}, {@code sync}, {@code access} …) follow
 * {@link java.nio.channels.FileChannel}. They throw {@link IOException}, and
 * {@link java.nio.channels.ClosedChannelException} after {@link #close()}. <b>Memory
 * calls</b> ({@code segment}, {@code get}, {@code set}, {@code atomics}) follow
 * {@link java.lang.foreign}. They throw nothing checked:
 * {@link IndexOutOfBoundsException} outside {@code [0, size())} and
 * {@link IllegalStateException} after {@code close()}.
 * <p>
 * Both throw {@link java.nio.channels.NonReadableChannelException} or
 * {@link java.nio.channels.NonWritableChannelException} (which are
 * {@code IllegalStateException}s) if the file was not opened for that, and
 * {@link NullPointerException} for a {@code null} argument.
 * <p>
 * A call may meet {@code close()}. If it is an I/O call that writes, and may have written
 * something by then, it throws an {@link java.nio.channels.AsynchronousCloseException}.
 * With a plain {@code ClosedChannelException} it has changed nothing. A memory call
 * throws an {@code IllegalStateException} in both cases.
 *
 * <h2>Threads</h2> Any number of threads, platform or virtual, may call any method at any
 * time. Positional calls, single values and atomics take no lock. {@code read},
 * {@code write} and {@code seek} share one cursor and take turns. Calls that change the
 * size take turns as well; they move no view and block no reader. An interrupt ends no
 * call and closes nothing; the interrupt status stays set.
 *
 * <h2>Durability</h2> Every mapping of the file, in any process, sees a write at once. A
 * write survives the end of this process. It survives a power cut after a {@link #sync()}
 * that began once the write had returned, or if the file was opened with {@code SYNC} or
 * {@code DSYNC}.
 *
 * <h2>Faults</h2> A page may be unavailable: another process truncated the file, a hole
 * met a full disk, the device failed. Then the call that touched the page throws a
 * {@link MappedFaultException} (a memory call wraps it in an
 * {@link java.io.UncheckedIOException}), and this {@code Mmap} stays usable. Views taken
 * by {@link #segment()} have no such guard; see there.
 * <p>
 * A page that arrives slowly is no fault. But a thread that waits for it reaches no
 * safepoint, so garbage collections wait too. If a device may take seconds, load its
 * pages beforehand with {@link Advice#POPULATE_READ}.
 *
 * <h2>Several processes</h2> No call cuts, zeroes or overwrites what another process or
 * another {@code Mmap} wrote, whatever the {@linkplain LockMode lock}, unless it was told
 * to: at the offset of a write, behind the size given to {@code truncate}, in the range
 * of {@code punchHole}. So these can go on at the same time on one file: any reads;
 * writes, values and atomics at places that do not overlap; {@code append}; growth by
 * {@code truncate}. A write past the end puts its bytes where it was told, even if
 * another process has appended there meanwhile. (There is one exception, at the end of a
 * file that is locked exclusively: see {@link LockMode#EXCLUSIVE}.) Before a file is
 * shortened, all its users must agree.
 * <p>
 * If a call fails after it has written a part behind the end, it can take that part back
 * only under {@link LockMode#EXCLUSIVE}: otherwise it might cut off what another process
 * has just written. Without that lock the part stays, and the message says where it is
 * and how long.
 *
 * <h2>Time of modification</h2> After {@code close} the file's time of modification is
 * not older than the last write through this {@code Mmap}. After {@code sync} it is at
 * most 10 ms older, as syncs in quick succession share one update. Before that, it may be
 * older. A file that was not written to keeps its time. Writes through a
 * {@linkplain #segment() view} are not tracked, so once a writable view was handed out,
 * or after {@link #access} to a writable file, every sync and {@code close} set the time.
 * Open the file with {@code READ} alone to keep it. The owner and root may set it. With
 * {@link Backend#NATIVE}, so may everybody who can write to the file; then the time of
 * the last access is set as well. {@link Backend#PORTABLE} sets it by name, so only while
 * the path leads to this file. If it cannot be set, nothing fails.
 *
 * <h2>Implementing this interface</h2> A release may add methods, with no default. So
 * leave it to the engine, or wrap an {@code Mmap} by a {@link java.lang.reflect.Proxy} or
 * a mocking library, which pass new methods on by themselves. A class that implements it
 * must be compiled anew with each release.
 */
public interface Mmap extends AutoCloseable {

	/**
	 * Opens a file and maps it. Short for {@link #builder(Path)
	 * builder(path)}{@code .options(options).open()}.
	 * @param path the file, of the default file system
	 * @param options how to open it; none means {@code READ}. See
	 * {@link Builder#options(OpenOption...)}
	 * @return the open file
	 * @throws IOException as {@link Builder#open()}
	 * @throws IllegalArgumentException as {@link Builder#open()}
	 * @throws UnsupportedOperationException as {@link Builder#options(OpenOption...)}
	 */
	static Mmap open(Path path, OpenOption... options) throws IOException {
		return builder(path).options(options).open();
	}

	/**
	 * Opens a file for reading and writing, creating it if it does not exist, and maps it
	 * with at least the given size. If the given options name no access, {@code READ},
	 * {@code WRITE} and {@code CREATE} are implied. An existing file is never cut: one
	 * that is shorter grows to {@code size}, one that is longer stays as it is unless
	 * {@code TRUNCATE_EXISTING} is given.
	 * @param path the file, of the default file system
	 * @param size the least size, in bytes, 0 or more
	 * @param options further options; see {@link Builder#options(OpenOption...)}
	 * @return the open file
	 * @throws IOException as {@link Builder#open()}, which also says when a file that a
	 * failing call created stays
	 * @throws IllegalArgumentException if {@code size} is negative, if the options name
	 * {@code READ} alone, or as {@link Builder#open()}
	 * @throws UnsupportedOperationException as {@link Builder#options(OpenOption...)}
	 */
	static Mmap create(Path path, long size, OpenOption... options) throws IOException {
		return FileOpener.forCreation(path, size, options).open();
	}

	/**
	 * Returns a builder, for all settings.
	 * @param path the file, of the default file system
	 * @return a new builder
	 * @throws java.nio.file.ProviderMismatchException if the path belongs to another file
	 * system, such as one inside a ZIP file
	 */
	static Builder builder(Path path) {
		return new FileOpener(path);
	}

	/**
	 * Returns the path of the file, as it was given.
	 * @return the path
	 */
	Path path();

	/**
	 * Returns the name of the file as it was given: {@code path().toString()}.
	 * @return the name
	 */
	default String name() {
		return path().toString();
	}

	/**
	 * Returns the size of the file in bytes, as this {@code Mmap} knows it. It includes
	 * every change made through this {@code Mmap}. It includes what another process
	 * appended once a read has reached the end or {@link #refresh()} was called. After
	 * {@link #close()} it is the last size.
	 * @return the size in bytes, 0 or more
	 */
	long size();

	/**
	 * Tells whether this file is open.
	 * @return {@code false} from the first call of {@link #close()} on
	 */
	boolean isOpen();

	/**
	 * Tells whether this file was opened with {@code WRITE} or {@code APPEND}.
	 * @return whether this file can be written to
	 */
	boolean isWritable();

	/**
	 * Returns the backend that this file was opened with, also after {@link #close()}.
	 * {@link Backend#obstacle()} says why {@link Backend#AUTO} did not choose
	 * {@code NATIVE}.
	 * @return {@link Backend#NATIVE} or {@link Backend#PORTABLE}, never {@code AUTO}
	 */
	Backend backend();

	/**
	 * Returns the offset of the cursor, in bytes from the start of the file. It is behind
	 * the end only if the file was shortened since the cursor moved.
	 * @return the offset, 0 or more
	 */
	long offset();

	/**
	 * Moves the cursor.
	 * @param offset the distance, in bytes, from the place that {@code whence} names
	 * @param whence what the offset is relative to
	 * @return the new offset, in bytes from the start of the file
	 * @throws IOException if the new offset is negative or past the end of the file; the
	 * cursor then stays
	 * @throws java.nio.channels.ClosedChannelException if this file is closed
	 */
	long seek(long offset, Whence whence) throws IOException;

	/**
	 * Reads from the cursor into an array and moves the cursor behind what was read. As
	 * {@link #read(byte[], int, int) read(dst, 0, dst.length)}.
	 * @param dst where to put the bytes
	 * @return the number of bytes read, or -1 at the end of the file
	 * @throws IOException as {@link #read(byte[], int, int)}
	 */
	default int read(byte[] dst) throws IOException {
		return read(dst, 0, dst.length);
	}

	/**
	 * Reads from the cursor into an array and moves the cursor behind what was read.
	 * Reads fewer bytes than asked for only at the end of the file, where it first asks
	 * the operating system whether another process has made the file longer.
	 * @param dst where to put the bytes
	 * @param index the index in {@code dst} of the first byte
	 * @param length how many bytes to read at most; for 0 nothing happens and 0 is
	 * returned
	 * @return the number of bytes read, or -1 at the end of the file
	 * @throws MappedFaultException if a page is unavailable; the cursor stays, the
	 * content of {@code dst} in the given range is undefined
	 * @throws IOException if the operating system reports an error
	 * @throws java.nio.channels.ClosedChannelException if this file is closed
	 * @throws java.nio.channels.NonReadableChannelException if this file was not opened
	 * with {@code READ}
	 * @throws IndexOutOfBoundsException if the range is not within {@code dst}
	 */
	int read(byte[] dst, int index, int length) throws IOException;

	/**
	 * Reads from the cursor into a buffer, as {@link #read(byte[], int, int)}; the
	 * position of the buffer moves behind what was read.
	 * @param dst where to put the bytes, from its position to its limit
	 * @return the number of bytes read, or -1 at the end of the file
	 * @throws IOException as {@link #read(byte[], int, int)}
	 * @throws IllegalArgumentException if the buffer is read-only
	 */
	int read(ByteBuffer dst) throws IOException;

	/**
	 * Writes an array at the cursor. As {@link #write(byte[], int, int) write(src, 0,
	 * src.length)}.
	 * @param src the bytes to write
	 * @return the number of bytes written, always {@code src.length}
	 * @throws IOException as {@link #write(byte[], int, int)}
	 */
	default int write(byte[] src) throws IOException {
		return write(src, 0, src.length);
	}

	/**
	 * Writes part of an array at the cursor, or, with {@code APPEND}, at the end of the
	 * file, and moves the cursor behind what was written. The file grows as needed; if
	 * the cursor is behind its end, the gap reads as zeros. All bytes are written, or the
	 * call fails.
	 * @param src the bytes to write
	 * @param index the index in {@code src} of the first byte
	 * @param length how many bytes to write; for 0 nothing happens
	 * @return the number of bytes written, always {@code length}
	 * @throws IOException if the file may not or cannot grow that far (its
	 * {@link Builder#maxSize(long) maximum size}, a full disk, a quota, a private
	 * mapping) or, with {@code SYNC} or {@code DSYNC}, as {@link #sync()}. Unless only
	 * that sync failed, the cursor and {@link #size()} have not changed. Nor has the
	 * file, unless the message says that a part was written behind its end and stays (see
	 * above); then bytes within the file may be overwritten, too
	 * @throws MappedFaultException if a page is unavailable; the cursor stays
	 * @throws java.nio.channels.ClosedChannelException if this file is closed; an
	 * {@link java.nio.channels.AsynchronousCloseException} if it is closed during the
	 * call, and bytes may be written
	 * @throws java.nio.channels.NonWritableChannelException if this file was not opened
	 * with {@code WRITE} or {@code APPEND}
	 * @throws IndexOutOfBoundsException if the range is not within {@code src}
	 */
	int write(byte[] src, int index, int length) throws IOException;

	/**
	 * Writes a buffer at the cursor, as {@link #write(byte[], int, int)}; the position of
	 * the buffer moves to its limit. A large direct buffer may be written in parts, see
	 * {@link #writeAt(MemorySegment, long)}.
	 * @param src the bytes to write, from its position to its limit
	 * @return the number of bytes written, always {@code src.remaining()}
	 * @throws IOException as {@link #write(byte[], int, int)}; the position of the buffer
	 * then stays
	 */
	int write(ByteBuffer src) throws IOException;

	/**
	 * Reads from an offset into an array. As {@link #readAt(byte[], int, int, long)
	 * readAt(dst, 0, dst.length, offset)}.
	 * @param dst where to put the bytes
	 * @param offset where in the file to begin, in bytes, 0 or more
	 * @return the number of bytes read, or -1 if {@code offset} is at or behind the end
	 * @throws IOException as {@link #readAt(byte[], int, int, long)}
	 */
	default int readAt(byte[] dst, long offset) throws IOException {
		return readAt(dst, 0, dst.length, offset);
	}

	/**
	 * Reads from an offset into an array, without the cursor and without a lock. Reads
	 * fewer bytes than asked for only at the end of the file, where it first asks the
	 * operating system whether another process has made the file longer.
	 * @param dst where to put the bytes
	 * @param index the index in {@code dst} of the first byte
	 * @param length how many bytes to read at most; for 0 nothing happens and 0 is
	 * returned
	 * @param offset where in the file to begin, in bytes, 0 or more
	 * @return the number of bytes read, or -1 if {@code offset} is at or behind the end
	 * @throws MappedFaultException if a page is unavailable; the content of {@code dst}
	 * in the given range is then undefined
	 * @throws IOException if the operating system reports an error
	 * @throws java.nio.channels.ClosedChannelException if this file is closed
	 * @throws java.nio.channels.NonReadableChannelException if this file was not opened
	 * with {@code READ}
	 * @throws IndexOutOfBoundsException if the range is not within {@code dst}
	 * @throws IllegalArgumentException if {@code offset} is negative
	 */
	int readAt(byte[] dst, int index, int length, long offset) throws IOException;

	/**
	 * Reads from an offset into a buffer, as {@link #readAt(byte[], int, int, long)}; the
	 * position of the buffer moves behind what was read.
	 * @param dst where to put the bytes, from its position to its limit
	 * @param offset where in the file to begin, in bytes, 0 or more
	 * @return the number of bytes read, or -1 if {@code offset} is at or behind the end
	 * @throws IOException as {@link #readAt(byte[], int, int, long)}
	 * @throws IllegalArgumentException if {@code offset} is negative or the buffer is
	 * read-only
	 */
	int readAt(ByteBuffer dst, long offset) throws IOException;

	/**
	 * Writes an array at an offset. As {@link #writeAt(byte[], int, int, long)
	 * writeAt(src, 0, src.length, offset)}.
	 * @param src the bytes to write
	 * @param offset where in the file to begin, in bytes, 0 or more
	 * @return the number of bytes written, always {@code src.length}
	 * @throws IOException as {@link #writeAt(byte[], int, int, long)}
	 */
	default int writeAt(byte[] src, long offset) throws IOException {
		return writeAt(src, 0, src.length, offset);
	}

	/**
	 * Writes part of an array at an offset, without the cursor, and without a lock where
	 * the file need not grow. A write past the end grows the file to exactly
	 * {@code offset + length}; a gap reads as zeros. All bytes are written, or the call
	 * fails.
	 * <p>
	 * Concurrent writes of overlapping ranges leave a mixture of their bytes, as with
	 * memory.
	 * @param src the bytes to write
	 * @param index the index in {@code src} of the first byte
	 * @param length how many bytes to write; for 0 nothing happens, and the file does not
	 * grow
	 * @param offset where in the file to begin, in bytes, 0 or more
	 * @return the number of bytes written, always {@code length}
	 * @throws IOException if the file may not or cannot grow that far (its
	 * {@link Builder#maxSize(long) maximum size}, a full disk, a quota, a private
	 * mapping) or, with {@code SYNC} or {@code DSYNC}, as {@link #sync()}. Unless only
	 * that sync failed, {@link #size()} has not changed. Nor has the file, unless the
	 * message says that a part was written behind its end and stays (see above)
	 * @throws MappedFaultException if a page is unavailable, as in a hole on a full disk.
	 * Any part of the given range within the file may be overwritten then, and counts as
	 * {@linkplain #isDirty() dirty}; the size is unchanged, unless the message says that
	 * a part behind the end stays
	 * @throws java.nio.channels.ClosedChannelException if this file is closed; an
	 * {@link java.nio.channels.AsynchronousCloseException} if it is closed during the
	 * call, and bytes may be written
	 * @throws java.nio.channels.NonWritableChannelException if this file was not opened
	 * with {@code WRITE}, or was opened with {@code APPEND}
	 * @throws IndexOutOfBoundsException if the range is not within {@code src}
	 * @throws IllegalArgumentException if {@code offset} is negative
	 */
	int writeAt(byte[] src, int index, int length, long offset) throws IOException;

	/**
	 * Writes a buffer at an offset, as {@link #writeAt(byte[], int, int, long)}; the
	 * position of the buffer moves to its limit. A large direct buffer may be written in
	 * parts, see {@link #writeAt(MemorySegment, long)}.
	 * @param src the bytes to write, from its position to its limit
	 * @param offset where in the file to begin, in bytes, 0 or more
	 * @return the number of bytes written, always {@code src.remaining()}
	 * @throws IOException as {@link #writeAt(byte[], int, int, long)}; the position of
	 * the buffer then stays
	 * @throws IllegalArgumentException if {@code offset} is negative
	 */
	int writeAt(ByteBuffer src, long offset) throws IOException;

	/**
	 * Reads from an offset into a segment, as {@link #readAt(byte[], int, int, long)}. It
	 * may be a heap segment of any array, such as {@code MemorySegment.ofArray(longs)},
	 * or a native one. The bytes are copied unchanged, so numbers in the file must have
	 * the native byte order.
	 * @param dst where to put the bytes, all of it
	 * @param offset where in the file to begin, in bytes, 0 or more
	 * @return the number of bytes read, or -1 if {@code offset} is at or behind the end
	 * @throws IOException as {@link #readAt(byte[], int, int, long)}
	 * @throws IllegalArgumentException if {@code offset} is negative or the segment is
	 * read-only
	 * @throws IllegalStateException if the arena of the segment is closed
	 * @throws WrongThreadException if the segment belongs to another thread
	 */
	long readAt(MemorySegment dst, long offset) throws IOException;

	/**
	 * Writes a segment at an offset, as {@link #writeAt(byte[], int, int, long)}. It may
	 * be a heap segment of any array, or a native one. More than 256 MiB are written in
	 * parts, and so is more than 1 MiB outside of the heap that reaches past the end. The
	 * file grows first, so that the disk has space for all of them. If a part then meets
	 * a fault, the file stays grown.
	 * @param src the bytes to write, all of it
	 * @param offset where in the file to begin, in bytes, 0 or more
	 * @return the number of bytes written, always {@code src.byteSize()}
	 * @throws IOException as {@link #writeAt(byte[], int, int, long)}
	 * @throws IllegalArgumentException if {@code offset} is negative
	 * @throws IllegalStateException if the arena of the segment is closed
	 * @throws WrongThreadException if the segment belongs to another thread
	 */
	long writeAt(MemorySegment src, long offset) throws IOException;

	/**
	 * Appends an array. As {@link #append(byte[], int, int) append(src, 0, src.length)}.
	 * @param src the bytes to write
	 * @return where in the file they are: the offset of the first byte
	 * @throws IOException as {@link #append(byte[], int, int)}
	 */
	default long append(byte[] src) throws IOException {
		return append(src, 0, src.length);
	}

	/**
	 * Writes part of an array at the end of the file, in one piece, and tells where that
	 * was. Any number of threads and processes may append at the same time: each write
	 * gets a place of its own, and overwrites nothing. The file need not be opened with
	 * {@code APPEND}. The cursor stays.
	 * <p>
	 * Under an {@link LockMode#EXCLUSIVE} lock the call believes the known end, which
	 * saves a system call. If another process has ignored the lock and moved the end, the
	 * bytes are still at the true end, but the returned place is wrong. The next
	 * {@link #sync()} at the latest finds that out, and fails.
	 * @param src the bytes to write
	 * @param index the index in {@code src} of the first byte
	 * @param length how many bytes to write; for 0 nothing happens, and {@link #size()}
	 * is returned
	 * @return where in the file they are: the offset of the first byte
	 * @throws MappedFaultException if another process has shortened the file: the bytes
	 * are written, and the message says where, but something before them is lost
	 * @throws IOException if the file may not or cannot grow that far (its
	 * {@link Builder#maxSize(long) maximum size}, a full disk, a quota, a private
	 * mapping) or, with {@code SYNC} or {@code DSYNC}, as {@link #sync()}. Unless only
	 * that sync failed, {@link #size()} has not changed. Nor has the file, unless the
	 * message says that a part was written and stays
	 * @throws java.nio.channels.ClosedChannelException if this file is closed; an
	 * {@link java.nio.channels.AsynchronousCloseException} if it is closed during the
	 * call, and bytes may be written
	 * @throws java.nio.channels.NonWritableChannelException if this file was not opened
	 * with {@code WRITE} or {@code APPEND}
	 * @throws IndexOutOfBoundsException if the range is not within {@code src}
	 */
	long append(byte[] src, int index, int length) throws IOException;

	/**
	 * Writes a buffer at the end of the file, as {@link #append(byte[], int, int)}; the
	 * position of the buffer moves to its limit.
	 * @param src the bytes to write, from its position to its limit
	 * @return where in the file they are: the offset of the first byte
	 * @throws IOException as {@link #append(byte[], int, int)}; the position of the
	 * buffer then stays
	 */
	long append(ByteBuffer src) throws IOException;

	/**
	 * Sets the size of the file. New bytes read as zeros. Their disk blocks are allocated
	 * at once, if the file system can do that (see {@link Builder#preallocate(boolean)}).
	 * The cursor stays. Views keep their size; after a file was shortened, do not touch
	 * the part of a view behind the new end.
	 * <p>
	 * If other processes append at the same time, the file may become longer than
	 * {@code size} and hold zeros among what they appended; nothing of theirs is cut off
	 * or overwritten. There is one exception. If there is no lock, the file system cannot
	 * allocate blocks ({@code fallocate}) or {@link Backend#PORTABLE} does not
	 * preallocate, and they append more than 1 MiB during this call, then it may put one
	 * zero byte at {@code size - 1}.
	 * <p>
	 * Reads and writes of other threads go on, and see the old size or the new one.
	 * Shortening a file waits for {@linkplain #atomics() atomic updates} under way, ten
	 * seconds at most, and holds up new ones in the meantime.
	 * @param size the new size in bytes, 0 or more
	 * @throws IOException if the file may not or cannot have that size, or if an atomic
	 * update does not end. The file then keeps its size, unless the message says that a
	 * part of the growth stays. Disk blocks that were allocated before the disk was full
	 * may stay behind its end until it is shortened
	 * @throws java.nio.channels.ClosedChannelException if this file is closed
	 * @throws java.nio.channels.NonWritableChannelException if this file was not opened
	 * with {@code WRITE} or {@code APPEND}
	 * @throws IllegalArgumentException if {@code size} is negative
	 */
	void truncate(long size) throws IOException;

	/**
	 * Makes everything written before this call durable, including the size of the file:
	 * once it returns, all of it survives a power cut. Does nothing for a file opened for
	 * reading only.
	 * <p>
	 * Threads that call this while a sync is running share the next one, so that each
	 * pays only a fraction. If several threads sync in a loop, a sync may wait for the
	 * others: half as long as a sync takes, 1 ms at most. A thread that syncs alone never
	 * waits.
	 * <p>
	 * A failed sync is final. The kernel may have dropped the pages that it could not
	 * write, and would then report the next sync as a success. So every later sync of
	 * this {@code Mmap} fails, too. Open the file again and check what it holds.
	 * @throws MappedFaultException if somebody moved the end of the file despite
	 * {@link LockMode#EXCLUSIVE}; nothing was synced
	 * @throws IOException if the operating system could not write everything, now or in
	 * an earlier call
	 * @throws java.nio.channels.ClosedChannelException if this file is closed
	 * @throws UnsupportedOperationException if the mapping is {@link MapMode#PRIVATE} and
	 * writable: what is written to it can never become durable
	 */
	void sync() throws IOException;

	/**
	 * Makes durable what was written to a range, and what is needed to read it back, such
	 * as the size of the file. Other parts may become durable, too. This costs as much as
	 * {@link #sync()}, unless much was written elsewhere. If either of the two fails,
	 * every later call of both fails.
	 * @param offset where in the file the range begins, in bytes
	 * @param length how long it is, in bytes; for 0 there is nothing to do
	 * @throws IOException if the operating system could not write everything, now or in
	 * an earlier call
	 * @throws IndexOutOfBoundsException if the range is not within the file
	 * @throws java.nio.channels.ClosedChannelException if this file is closed
	 * @throws UnsupportedOperationException if the mapping is {@link MapMode#PRIVATE} and
	 * writable: what is written to it can never become durable
	 */
	void sync(long offset, long length) throws IOException;

	/**
	 * Asks the operating system whether another process made the file longer, so that
	 * what it appended can be read. A read at the end does the same by itself. A
	 * {@link MapMode#PRIVATE} mapping keeps the size that it was opened with.
	 * @return the size of the file in bytes, as {@link #size()} from now on
	 * @throws IOException if the operating system reports an error
	 * @throws java.nio.channels.ClosedChannelException if this file is closed
	 */
	long refresh() throws IOException;

	/**
	 * Tells whether the path still leads to this very file. It no longer does if the file
	 * was removed or renamed, another was renamed over it, or a symbolic link of the path
	 * now leads elsewhere. This {@code Mmap} keeps the file that it opened, which exists
	 * until {@link #close()}. To follow a file that is replaced, open the path again.
	 * <p>
	 * On Windows, where a file that is mapped cannot be removed, this only tells whether
	 * there is a file at the path.
	 * @return whether the path leads to this file
	 * @throws IOException if that cannot be found out, for example because the process
	 * may not search a directory of the path
	 * @throws java.nio.channels.ClosedChannelException if this file is closed
	 */
	boolean isCurrent() throws IOException;

	/**
	 * Tells the kernel how the whole file is used. Advice that is
	 * {@linkplain Advice#isKept() kept} also holds for what the file grows by.
	 * @param advice the advice
	 * @throws MappedFaultException if a page to be {@linkplain Advice#POPULATE_READ
	 * populated} is unavailable
	 * @throws IOException if the operating system reports an error
	 * @throws java.nio.channels.ClosedChannelException if this file is closed
	 * @throws java.nio.channels.NonWritableChannelException for
	 * {@link Advice#POPULATE_WRITE} if this file was not opened with {@code WRITE} or
	 * {@code APPEND}
	 * @throws UnsupportedOperationException if the kernel does not know the advice, if
	 * the backend is {@link Backend#PORTABLE}, or if the advice is refused for such a
	 * file, as {@link Advice} says
	 */
	void advise(Advice advice) throws IOException;

	/**
	 * Tells the kernel how a part of the file is used. The advice is for all pages that
	 * the range touches. It overrides earlier {@linkplain Advice#isKept() kept} advice
	 * for the whole file.
	 * @param advice the advice
	 * @param offset where in the file the range begins, in bytes
	 * @param length how long it is, in bytes; for 0 there is nothing to do
	 * @throws IOException as {@link #advise(Advice)}
	 * @throws IndexOutOfBoundsException if the range is not within the file
	 * @throws java.nio.channels.NonWritableChannelException as {@link #advise(Advice)}
	 * @throws UnsupportedOperationException as {@link #advise(Advice)}
	 */
	void advise(Advice advice, long offset, long length) throws IOException;

	/**
	 * <b>Destroys</b> a part of the file: it reads as zeros from now on, and disk blocks
	 * wholly within it are freed. The size stays. A later write there needs new blocks
	 * and may meet a full disk. Durable after a {@link #sync()}.
	 * ({@code FALLOC_FL_PUNCH_HOLE} of {@code fallocate(2)}, Linux 2.6.38, on ext4, XFS,
	 * Btrfs and tmpfs among others.)
	 * @param offset where in the file the hole begins, in bytes
	 * @param length how long it is, in bytes; for 0 there is nothing to do
	 * @throws IOException if the file system cannot do that, if the mapping is
	 * {@link MapMode#PRIVATE}, or if an atomic update does not end as for
	 * {@link #truncate(long)}; nothing has changed then. If the device fails, a part of
	 * the range may read as zeros
	 * @throws IndexOutOfBoundsException if the range is not within the file
	 * @throws java.nio.channels.ClosedChannelException if this file is closed
	 * @throws java.nio.channels.NonWritableChannelException if this file was not opened
	 * with {@code WRITE}, or was opened with {@code APPEND}
	 * @throws UnsupportedOperationException if the backend is {@link Backend#PORTABLE}
	 */
	void punchHole(long offset, long length) throws IOException;

	/**
	 * Asks what the page cache holds of the whole file. This is one system call, whose
	 * time grows with the number of cached pages. The numbers include pages that other
	 * processes use, but not what was written to a {@link MapMode#PRIVATE} mapping.
	 * @return the numbers, or empty if the operating system does not tell, as with
	 * {@link Backend#PORTABLE}
	 * @throws IOException if the operating system reports an error
	 * @throws java.nio.channels.ClosedChannelException if this file is closed
	 */
	Optional<PageCacheStats> pageCache() throws IOException;

	/**
	 * Asks what the page cache holds of a part of the file; see {@link #pageCache()}.
	 * @param offset where in the file the range begins, in bytes
	 * @param length how long it is, in bytes; every page that it touches counts
	 * @return the numbers, or empty if the operating system does not tell
	 * @throws IOException as {@link #pageCache()}
	 * @throws IndexOutOfBoundsException if the range is not within the file
	 */
	Optional<PageCacheStats> pageCache(long offset, long length) throws IOException;

	/**
	 * Returns how much address space this file takes: all its mappings, including the
	 * part of a reservation behind the end. This is not memory.
	 * @return the length of all mappings in bytes; 0 after {@link #close()}
	 */
	long mappedSize();

	/**
	 * Tells whether there may be something to sync. {@code false} means that
	 * {@link #sync()} can be skipped: everything written through this {@code Mmap} is
	 * durable. Makes no system call, and does not see what other processes write.
	 * <p>
	 * The answer is conservative. It may be {@code true} although nothing is left to
	 * sync: for a file just opened, whose last user may not have synced it; once a
	 * writable view was {@linkplain #segment() handed out}; after {@link #access} to a
	 * writable file; after a sync of a range; and after a sync that a write of another
	 * thread may have overtaken, until the sync after that.
	 * @return {@code false} if there is nothing to sync, as always for a file opened for
	 * reading only; {@code true} if there may be something
	 */
	boolean isDirty();

	/**
	 * Returns a view of the whole file, {@code [0, size())}: the file's pages themselves,
	 * without copying. It is read-only unless the file was opened with {@code WRITE} and
	 * without {@code APPEND}. When the file grows, the view keeps its size and its
	 * address. After {@link #close()} it throws {@link IllegalStateException}.
	 * <p>
	 * <b>A view has no fault guard.</b> If anybody shortens the file, or a page is
	 * unavailable for another reason, compiled code may read garbage. An
	 * {@link InternalError} follows later, in the next call of any {@code Mmap} at the
	 * latest; that call then does nothing else ({@code close()} still closes the file).
	 * Native code ({@link MemorySegment#mismatch mismatch}, {@link java.util.zip.CRC32
	 * CRC32}, system calls) may end the virtual machine. Where that can happen, use
	 * {@link #readAt(byte[], long) readAt}, {@code get}, or {@link #access} and its
	 * rules. A native call that uses a view keeps {@code close()} waiting.
	 * <p>
	 * <b>Sync by {@link #sync()}.</b> With {@link Backend#NATIVE},
	 * {@link MemorySegment#force()} of a view is unsupported, and
	 * {@code ((MappedByteBuffer) segment().asByteBuffer()).force()} silently does
	 * nothing.
	 * @return the view
	 * @throws IllegalStateException if this file is closed
	 * @throws java.nio.channels.NonReadableChannelException if this file was not opened
	 * with {@code READ}
	 */
	MemorySegment segment();

	/**
	 * Returns a view of a part of the file; see {@link #segment()}.
	 * @param offset where the view begins, in bytes, 0 or more
	 * @param length the size of the view in bytes, 0 or more
	 * @return the view
	 * @throws IndexOutOfBoundsException if the range is not within the file
	 * @throws IllegalStateException if this file is closed
	 * @throws java.nio.channels.NonReadableChannelException if this file was not opened
	 * with {@code READ}
	 */
	MemorySegment segment(long offset, long length);

	/**
	 * Runs a function over a view of a part of the file, under one fault guard. It is for
	 * many small reads in one go, such as a binary search.
	 * <p>
	 * If a page is unavailable, the function reads garbage, even values outside the range
	 * of their type. When it ends, its result is dropped and the fault is thrown. So
	 * within the function:
	 * <ul>
	 * <li>nothing that was read may be used as an index, an address or a loop bound
	 * without a check;</li>
	 * <li>a byte, short or char that was read must not be boxed, which takes the result
	 * from a table: return it through {@link #accessLong}, which boxes nothing;</li>
	 * <li>an int that was read must not be widened to a long with its sign, as x86-64 has
	 * an instruction for both that HotSpot cannot step over: use
	 * {@link Integer#toUnsignedLong(int)}, and compare ints as ints;</li>
	 * <li>no atomic update may be made through the view, as it is not guarded;</li>
	 * <li>the view must not be passed to native code, to {@code mismatch} or to a
	 * checksum, and must not be kept.</li>
	 * </ul>
	 * {@link #readAt(byte[], long)} and {@code get} have no such rules. Once a fault was
	 * met, a call of any {@code Mmap} within the function throws an
	 * {@link InternalError}; do not catch it.
	 * <p>
	 * The function should have no side effects: if it met a fault it runs a second time,
	 * as this {@code Mmap} may only have been shortened meanwhile. During the second run
	 * no other thread can change the size of the file, so do not wait for one that does.
	 * @param <R> the type of the result
	 * @param <X> the checked exception that the function throws, if it does
	 * @param offset where the view begins, in bytes, 0 or more
	 * @param length the size of the view in bytes, 0 or more
	 * @param body the function; what it throws is passed on
	 * @return what the function returned
	 * @throws X if the function throws it
	 * @throws MappedFaultException if a page is unavailable
	 * @throws IOException if the operating system reports an error
	 * @throws java.nio.channels.ClosedChannelException if this file is closed
	 * @throws java.nio.channels.NonReadableChannelException if this file was not opened
	 * with {@code READ}
	 * @throws IndexOutOfBoundsException if the range is not within the file
	 */
	<R, X extends Exception> R access(long offset, long length, ViewFunction<R, X> body) throws IOException, X;

	/**
	 * Runs a function that gives a number over a view of a part of the file, under one
	 * fault guard; as {@link #access}, without boxing the result.
	 * @param offset where the view begins, in bytes, 0 or more
	 * @param length the size of the view in bytes, 0 or more
	 * @param body the function; what it throws is passed on
	 * @return what the function returned
	 * @throws MappedFaultException if a page is unavailable
	 * @throws IOException as {@link #access}
	 * @throws IndexOutOfBoundsException if the range is not within the file
	 */
	long accessLong(long offset, long length, ToLongFunction<MemorySegment> body) throws IOException;

	/**
	 * Returns a new {@link FileChannel} of this file, for libraries that ask for one. It
	 * has a position of its own, at first 0. The cursor and other channels neither see
	 * nor move that position, but see at once what the channel writes. Closing the
	 * channel leaves this file open. For a reader that closes what it was given, open the
	 * file by {@link Builder#openChannel()}. The channel need not be closed unless it
	 * holds a lock: it holds nothing else but this {@code Mmap}, and is closed with it.
	 * <p>
	 * It does what the channel of the JDK does, except for this:
	 * <ul>
	 * <li><b>Interrupts</b> close neither the channel nor the file. An interrupt ends
	 * only a waiting {@code lock}, which throws a
	 * {@link java.nio.channels.FileLockInterruptionException}. The thread's interrupt
	 * status stays set.</li>
	 * <li><b>Reads and writes</b> transfer all that there is, or fail. A call that fails
	 * changes neither the size nor the position nor the buffers. Only if the sync of a
	 * {@code SYNC} or {@code DSYNC} file fails have the bytes been written. A write of
	 * several buffers is one write, of 2 GiB at most; it copies them into one array
	 * first.</li>
	 * <li><b>Transfers</b> copy through an array of 64 KiB. A transfer that fails
	 * half-way returns how many bytes it transferred; a call for the rest throws.</li>
	 * <li><b>{@code APPEND}</b> can be combined with {@code READ}: reads are at the
	 * position, and a write leaves the position at the end. With {@code APPEND},
	 * {@link FileChannel#write(ByteBuffer, long)} throws a
	 * {@link java.nio.channels.NonWritableChannelException}, and {@code transferFrom}
	 * writes to the end whatever its position.</li>
	 * <li><b>{@code size}</b> asks the operating system whether another process made the
	 * file longer. It never waits for a device: while another thread changes the size, it
	 * returns the last known one.</li>
	 * <li><b>{@code force}</b> is {@link #sync()}, whatever its argument. For
	 * {@link MapMode#PRIVATE} it throws an {@link UnsupportedOperationException}.</li>
	 * <li><b>{@code map}</b> makes a mapping of the JDK's, which outlives the channel and
	 * the file. No guard covers its faults (see {@link #segment()}). On Linux,
	 * {@code sync} makes durable what was written to it; elsewhere use its own
	 * {@code force}. Only {@code READ_WRITE} makes a file longer that is too short; other
	 * modes throw an {@link IOException}. An {@link UnsupportedOperationException} is
	 * thrown for {@link MapMode#PRIVATE}, for other modes than the three of
	 * {@link FileChannel.MapMode}, with {@link Backend#PORTABLE} for an arena that only
	 * one thread may use, and with {@link Backend#NATIVE} where {@code /proc} is not
	 * mounted. {@code NATIVE} opens the file once more to map it. When it closes that
	 * descriptor, Linux releases the locks that channels of the JDK in this process hold
	 * on the file, but not those of an {@code Mmap}.</li>
	 * <li><b>{@code lock} and {@code tryLock}</b> never weaken the
	 * {@linkplain Builder#lock lock of this file}. Within {@link LockMode#EXCLUSIVE}
	 * every range is locked at once, and within {@link LockMode#SHARED} every shared
	 * range; a release leaves others locked out as before. An exclusive range within
	 * {@code SHARED} waits until nobody else holds a lock on it; with
	 * {@link Backend#PORTABLE} it throws an {@link IOException}. Overlapping ranges of
	 * this {@code Mmap} throw an {@link java.nio.channels.OverlappingFileLockException},
	 * whichever channels ask. With {@link Backend#NATIVE}, any other {@code Mmap} or
	 * channel of the same file counts as another process.</li>
	 * <li><b>Closing</b> the channel lets no further call begin. A call that another
	 * thread is in ends as usual, except for a waiting {@code lock}, which throws an
	 * {@link java.nio.channels.AsynchronousCloseException}.</li>
	 * </ul>
	 * Every call throws a {@link java.nio.channels.ClosedChannelException} once the
	 * channel or the file is closed (an {@code AsynchronousCloseException} if the file is
	 * closed during the call), and a {@link MappedFaultException} if a page is
	 * unavailable. Any number of threads may use the channel; calls that use the position
	 * run one after the other.
	 * @return the channel; a closed one if this file is closed
	 */
	FileChannel channel();

	/**
	 * Reads a byte; see {@link #get(ValueLayout.OfLong, long)}.
	 * @param layout the layout, such as {@link ValueLayout#JAVA_BYTE}
	 * @param offset where in the file, in bytes, 0 or more
	 * @return the value
	 */
	byte get(ValueLayout.OfByte layout, long offset);

	/**
	 * Reads a short; see {@link #get(ValueLayout.OfLong, long)}.
	 * @param layout order and alignment
	 * @param offset where in the file, in bytes, 0 or more
	 * @return the value
	 */
	short get(ValueLayout.OfShort layout, long offset);

	/**
	 * Reads a char; see {@link #get(ValueLayout.OfLong, long)}.
	 * @param layout order and alignment
	 * @param offset where in the file, in bytes, 0 or more
	 * @return the value
	 */
	char get(ValueLayout.OfChar layout, long offset);

	/**
	 * Reads an int; see {@link #get(ValueLayout.OfLong, long)}.
	 * @param layout order and alignment
	 * @param offset where in the file, in bytes, 0 or more
	 * @return the value
	 */
	int get(ValueLayout.OfInt layout, long offset);

	/**
	 * Reads a long. The other {@code get} methods read their types in the same way.
	 * <p>
	 * Byte order and alignment come from the layout, as with
	 * {@link MemorySegment#get(ValueLayout.OfLong, long)}. {@link ValueLayout#JAVA_LONG}
	 * has the native order of the platform, and wants an offset that is a multiple of 8:
	 * at any other it throws. {@link ValueLayout#JAVA_LONG_UNALIGNED} takes every offset.
	 * For a file that machines of other byte order read, too, add
	 * {@link ValueLayout.OfLong#withOrder withOrder}. A layout that is not a constant
	 * costs hardly more than one that is.
	 * @param layout order and alignment
	 * @param offset where in the file, in bytes, 0 or more
	 * @return the value
	 * @throws IndexOutOfBoundsException if the value is not within {@code [0, size())}
	 * @throws IllegalArgumentException if {@code offset} is not a multiple of the
	 * layout's alignment
	 * @throws java.io.UncheckedIOException around a {@link MappedFaultException}, if the
	 * page is unavailable
	 * @throws IllegalStateException if this file is closed
	 * @throws java.nio.channels.NonReadableChannelException if this file was not opened
	 * with {@code READ}
	 */
	long get(ValueLayout.OfLong layout, long offset);

	/**
	 * Reads a float; see {@link #get(ValueLayout.OfLong, long)}.
	 * @param layout order and alignment
	 * @param offset where in the file, in bytes, 0 or more
	 * @return the value
	 */
	float get(ValueLayout.OfFloat layout, long offset);

	/**
	 * Reads a double; see {@link #get(ValueLayout.OfLong, long)}.
	 * @param layout order and alignment
	 * @param offset where in the file, in bytes, 0 or more
	 * @return the value
	 */
	double get(ValueLayout.OfDouble layout, long offset);

	/**
	 * Writes a byte; see {@link #set(ValueLayout.OfLong, long, long)}.
	 * @param layout order and alignment
	 * @param offset where in the file, in bytes, 0 or more
	 * @param value the value
	 */
	void set(ValueLayout.OfByte layout, long offset, byte value);

	/**
	 * Writes a short; see {@link #set(ValueLayout.OfLong, long, long)}.
	 * @param layout order and alignment
	 * @param offset where in the file, in bytes, 0 or more
	 * @param value the value
	 */
	void set(ValueLayout.OfShort layout, long offset, short value);

	/**
	 * Writes a char; see {@link #set(ValueLayout.OfLong, long, long)}.
	 * @param layout order and alignment
	 * @param offset where in the file, in bytes, 0 or more
	 * @param value the value
	 */
	void set(ValueLayout.OfChar layout, long offset, char value);

	/**
	 * Writes an int; see {@link #set(ValueLayout.OfLong, long, long)}.
	 * @param layout order and alignment
	 * @param offset where in the file, in bytes, 0 or more
	 * @param value the value
	 */
	void set(ValueLayout.OfInt layout, long offset, int value);

	/**
	 * Writes a long. The other {@code set} methods write their types in the same way. The
	 * file does not grow. Order and alignment come from the layout, as for
	 * {@link #get(ValueLayout.OfLong, long)}.
	 * @param layout order and alignment
	 * @param offset where in the file, in bytes, 0 or more
	 * @param value the value
	 * @throws IndexOutOfBoundsException if the value is not within {@code [0, size())}
	 * @throws IllegalArgumentException if {@code offset} is not a multiple of the
	 * layout's alignment
	 * @throws java.io.UncheckedIOException around a {@link MappedFaultException}, if the
	 * page is unavailable
	 * @throws IllegalStateException if this file is closed
	 * @throws java.nio.channels.NonWritableChannelException if this file was not opened
	 * with {@code WRITE}, or was opened with {@code APPEND}
	 */
	void set(ValueLayout.OfLong layout, long offset, long value);

	/**
	 * Writes a float; see {@link #set(ValueLayout.OfLong, long, long)}.
	 * @param layout order and alignment
	 * @param offset where in the file, in bytes, 0 or more
	 * @param value the value
	 */
	void set(ValueLayout.OfFloat layout, long offset, float value);

	/**
	 * Writes a double; see {@link #set(ValueLayout.OfLong, long, long)}.
	 * @param layout order and alignment
	 * @param offset where in the file, in bytes, 0 or more
	 * @param value the value
	 */
	void set(ValueLayout.OfDouble layout, long offset, double value);

	/**
	 * Returns the atomic calls of this file: counters, flags and sequence numbers that
	 * threads and processes share.
	 * @return the same object at each call, also after {@link #close()}
	 */
	MmapAtomics atomics();

	/**
	 * Closes the file: waits for system calls under way, unmaps everything, and closes
	 * the descriptor. After that every call fails as described above, and every view
	 * throws {@link IllegalStateException}. A second call does nothing.
	 * <p>
	 * <b>Closing makes nothing durable; call {@link #sync()} first.</b> It takes some 50
	 * µs. With many threads it takes longer, as each of them is stopped for a moment.
	 * <p>
	 * An {@code Mmap} that is never closed stays open while it, one of its channels or
	 * one of its views can be reached. After that the garbage collector closes it at some
	 * time, and the logger {@code dev.yammap} warns. With
	 * {@code -Dyammap.leak-tracking=true} the warning says where it was opened. With
	 * {@link Backend#PORTABLE} the memory stays mapped if a view was handed out.
	 * @throws IOException if a native call held on to a view for longer than ten seconds
	 * (the memory then stays mapped until {@code close()} is called again) or if the
	 * operating system reports an error; the file counts as closed all the same
	 */
	@Override
	void close() throws IOException;

	/**
	 * A function of a view.
	 *
	 * @param <R> what it returns
	 * @param <X> the checked exception that it throws, if it does
	 */
	@FunctionalInterface
	interface ViewFunction<R, X extends Exception> {

		/**
		 * Does something with a view that must not be kept.
		 * @param view the view
		 * @return the result
		 * @throws X if that fails
		 */
		R apply(MemorySegment view) throws X;

	}

	/**
	 * Describes a file to be opened. Not safe for use by several threads. A builder can
	 * be used again; each {@link #open()} opens the file anew.
	 */
	interface Builder {

		/**
		 * Sets how the file is opened; each call replaces what the one before it set.
		 * None means {@code READ}.
		 * <ul>
		 * <li>{@code READ}, {@code WRITE}: opens the file for reading, for writing. A
		 * file that is opened with {@code WRITE} alone refuses reads. The process needs
		 * the right to read it all the same, as the operating system cannot map a file
		 * for writing alone.</li>
		 * <li>{@code APPEND}: every {@code write} goes to the end of the file; what is
		 * there cannot be overwritten. Implies {@code WRITE}; can be combined with
		 * {@code READ}.</li>
		 * <li>{@code CREATE}: creates the file if it does not exist. {@code CREATE_NEW}:
		 * creates it, and fails if it exists. The new name is durable when {@code open}
		 * returns. Both need {@code WRITE} or {@code APPEND}.</li>
		 * <li>{@code TRUNCATE_EXISTING}: empties the file. Needs {@code WRITE} or
		 * {@code APPEND}.</li>
		 * <li>{@code SYNC}, {@code DSYNC}: {@code write}, {@code writeAt} and
		 * {@code append} return only once what they wrote is durable. Single values,
		 * atomics and views are not affected: call {@link Mmap#sync()} after them.</li>
		 * <li>{@code SPARSE}: as {@link #preallocate(boolean) preallocate(false)}.</li>
		 * <li>{@link java.nio.file.LinkOption#NOFOLLOW_LINKS}: fails if the path is a
		 * symbolic link.</li>
		 * </ul>
		 * @param options the options
		 * @return this builder
		 * @throws UnsupportedOperationException for any other option
		 */
		Builder options(OpenOption... options);

		/**
		 * Sets the permissions of a file that is created, less those that the process's
		 * umask takes away. {@code rw-------} unless set.
		 * @param permissions the permissions
		 * @return this builder
		 */
		Builder permissions(Set<PosixFilePermission> permissions);

		/**
		 * Sets the least size of the file. A file that is created or emptied gets this
		 * size. A shorter file grows to it, which completes a creation that a crash has
		 * cut short. A longer file stays as it is. Needs {@code WRITE} or {@code APPEND}.
		 * 0 unless set.
		 * @param size the least size in bytes, 0 or more
		 * @return this builder
		 * @throws IllegalArgumentException if {@code size} is negative
		 */
		Builder size(long size);

		/**
		 * Sets whether disk blocks are allocated at once when the file is created with a
		 * {@linkplain #size(long) size} or grown by {@link Mmap#truncate(long)}. Then no
		 * later write into it can meet a full disk, if the file system writes each page
		 * to the block that it has. If the file system copies on write (btrfs, ZFS, or
		 * XFS for a file that shares blocks with another), any write may need a new
		 * block, and throws a {@link MappedFaultException} if there is none. If the file
		 * system cannot allocate blocks, the file is sparse. In both cases the log says
		 * so once. {@code true} unless set.
		 * @param preallocate whether to allocate
		 * @return this builder
		 */
		Builder preallocate(boolean preallocate);

		/**
		 * Sets whether a file that is created is durable, with its name and its size,
		 * when {@link #open()} returns. That takes two flushes, of the file and of its
		 * directory. With {@code false} nothing is flushed: a power cut may lose the file
		 * until you have called {@link Mmap#sync()} and synced its directory. To sync a
		 * directory once for many files is cheaper. {@code true} unless set.
		 * @param syncOnCreate whether to sync a file that is created
		 * @return this builder
		 */
		Builder syncOnCreate(boolean syncOnCreate);

		/**
		 * Sets the size past which the file must not grow through this {@code Mmap}; a
		 * call that would do so fails before anything is written. No limit unless set.
		 * @param maxSize the greatest size in bytes, 0 or more
		 * @return this builder
		 * @throws IllegalArgumentException if {@code maxSize} is negative
		 */
		Builder maxSize(long maxSize);

		/**
		 * Sets how much address space is reserved for the file to grow into. A
		 * reservation takes only address space, no memory. Where address space is scarce
		 * ({@code ulimit -v}), less is reserved. A file that outgrows its reservation
		 * gets a second mapping, which costs some 30 µs once. Unless set, the reservation
		 * has a size that fits most files.
		 * @param reserve the size of the reservation in bytes, 0 or more
		 * @return this builder
		 * @throws IllegalArgumentException if {@code reserve} is negative
		 */
		Builder reserve(long reserve);

		/**
		 * Sets who sees what is written. {@link MapMode#SHARED} unless set.
		 * @param mode the mode
		 * @return this builder
		 */
		Builder mode(MapMode mode);

		/**
		 * Sets whether the file's pages are read in and mapped at once: when the file is
		 * opened, and when it grows ({@code MAP_POPULATE}). {@code false} unless set.
		 * {@link Backend#PORTABLE} reads the pages in only.
		 * @param populate whether to populate
		 * @return this builder
		 */
		Builder populate(boolean populate);

		/**
		 * Sets whether the file's pages are kept in memory ({@code mlock(2)}): from the
		 * opening on, and also those that it grows by. The limit is {@code ulimit -l}.
		 * {@code false} unless set. {@link Backend#PORTABLE} cannot do that and refuses
		 * to open the file.
		 * @param lockInMemory whether to lock
		 * @return this builder
		 */
		Builder lockInMemory(boolean lockInMemory);

		/**
		 * Sets the advice that the kernel gets when the file is opened; see
		 * {@link Mmap#advise(Advice)}. {@link Advice#NORMAL} unless set.
		 * {@link Backend#PORTABLE} cannot give advice, and refuses to open the file with
		 * any other value.
		 * @param advice the advice
		 * @return this builder
		 */
		Builder advice(Advice advice);

		/**
		 * Sets which lock is taken when the file is opened. It is taken before the file
		 * is changed, and held until the file is closed. {@link LockMode#NONE} unless
		 * set.
		 * @param lock the lock
		 * @return this builder
		 */
		Builder lock(LockMode lock);

		/**
		 * Sets how the file is opened and mapped. {@link Backend#AUTO} unless set.
		 * @param backend the backend, which says what it can do
		 * @return this builder
		 */
		Builder backend(Backend backend);

		/**
		 * Adds a listener.
		 * @param listener the listener
		 * @return this builder
		 */
		Builder listener(MmapListener listener);

		/**
		 * Opens the file and maps it. A call that fails leaves an existing file as it
		 * was, and removes a file that it created. There are two exceptions: a new file
		 * stays if another process may have written to it, and an empty file may stay
		 * behind a symbolic link that led nowhere, as the kernel does not tell who
		 * created it.
		 * <p>
		 * A file that is created is durable when this returns, unless
		 * {@link #syncOnCreate(boolean)} says otherwise. If its directory cannot be
		 * synced (some file systems cannot, and the process may not be allowed to read
		 * it), the log warns that a power cut may lose the file.
		 * @return the open file
		 * @throws java.nio.file.NoSuchFileException if the file does not exist and
		 * {@code CREATE} is not given, or its directory does not exist
		 * @throws java.nio.file.FileAlreadyExistsException if the file exists and
		 * {@code CREATE_NEW} is given
		 * @throws java.nio.file.AccessDeniedException if the process may not open the
		 * file in this way
		 * @throws FileLockedException if somebody else holds a
		 * {@linkplain #lock(LockMode) lock} that excludes the one to be taken
		 * @throws IOException if the path is not a regular file, if the file is longer
		 * than its {@linkplain #maxSize(long) maximum size}, if there is no space on the
		 * disk or in the address space, or if the operating system reports another error
		 * @throws IllegalArgumentException if {@code CREATE}, {@code CREATE_NEW},
		 * {@code TRUNCATE_EXISTING} or a {@linkplain #size(long) size} is given without
		 * {@code WRITE} or {@code APPEND} or for a {@link MapMode#PRIVATE} mapping, if
		 * {@code APPEND} is given for a {@code PRIVATE} mapping, if an
		 * {@link LockMode#EXCLUSIVE} lock or {@link Advice#POPULATE_WRITE} is asked for
		 * without {@code WRITE} or {@code APPEND}, such a lock for a {@code PRIVATE}
		 * mapping, or if the least size is greater than the maximum size
		 * @throws UnsupportedOperationException if the {@linkplain #backend(Backend)
		 * backend} is not available here, or cannot do what is set
		 */
		Mmap open() throws IOException;

		/**
		 * Opens the file and returns a channel that owns it: closing the channel closes
		 * the file. It is for readers that close what they were given, such as those of
		 * ZIP archives. Like {@link FileChannel#open}, this opens a file. An {@code Mmap}
		 * that is already open has no such method, so a library that was lent a channel
		 * can never close a file which others use.
		 * @return the channel, at position 0; see {@link Mmap#channel()}
		 * @throws IOException as {@link #open()}
		 * @throws IllegalArgumentException as {@link #open()}
		 * @throws UnsupportedOperationException as {@link #open()}
		 */
		FileChannel openChannel() throws IOException;

	}

}
