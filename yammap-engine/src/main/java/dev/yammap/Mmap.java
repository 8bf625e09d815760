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
 * A memory-mapped file: read and written like memory, grown like a file.
 *
 * <h2>Two idioms</h2> <b>I/O calls</b> ({@code read}, {@code write}, {@code seek},
 * {@code truncate}, {@code sync}, {@code access}, {@code close} …) follow
 * {@link java.nio.channels.FileChannel}: failures are {@link IOException}s, and after
 * {@link #close()} a {@link java.nio.channels.ClosedChannelException}. <b>Memory
 * calls</b> ({@code segment}, {@code get}, {@code set} and the atomics) follow
 * {@link java.lang.foreign}: {@link IndexOutOfBoundsException} outside
 * {@code [0, size())}, {@link IllegalStateException} after {@code close()}, nothing
 * checked.
 * <p>
 * Both throw {@link java.nio.channels.NonReadableChannelException} and
 * {@link java.nio.channels.NonWritableChannelException} (which are
 * {@code IllegalStateException}s) where the file was not opened for that, and
 * {@link NullPointerException} for a {@code null} argument.
 *
 * <h2>Threads</h2> Every method may be called by any number of threads, platform or
 * virtual. Positional reads and writes, single values and atomics take no lock. The
 * cursor ({@code read}, {@code write}, {@code seek}) is one per {@code Mmap}; each of its
 * calls is atomic as to the offset and, with {@code APPEND}, to the end of the file.
 * Calls that change the size are ordered among themselves; they move no view and block no
 * reader. An interrupt ends no call and closes nothing; the thread's interrupt status is
 * left as it is.
 *
 * <h2>Durability</h2> What is written is seen by every mapping of the file at once, also
 * in other processes, and survives the end of this process. It survives the end of the
 * system (a power cut) only after a {@link #sync()} that began after the write returned,
 * or when the file was opened with {@code SYNC} or {@code DSYNC}.
 *
 * <h2>Faults</h2> A page that the operating system cannot provide, because another
 * process shortened the file, a hole of it met a full disk, or the device failed, makes
 * the very call that touched it fail with a {@link MappedFaultException} (memory calls
 * wrap it in an {@link java.io.UncheckedIOException}); the {@code Mmap} stays usable.
 * Views taken with {@link #segment()} have no such guard; see there.
 * <p>
 * A page that is slow to come is no fault; but the thread that reads it reaches no
 * safepoint meanwhile, so that garbage collections wait for it, too. Where a device may
 * take seconds, ask for its pages before with {@link Advice#POPULATE_READ}.
 *
 * <h2>Several processes</h2> Whatever the {@linkplain LockMode lock}, no call cuts,
 * zeroes or overwrites what another process or another {@code Mmap} wrote, except where
 * it was told to: at the offsets that a write was given, behind the size that
 * {@code truncate} was given, in the range of {@code punchHole}. So at the same time, on
 * one file: any number of reads; writes, values and atomics at places that do not
 * overlap; writes with {@code APPEND}; and growth by {@code truncate}. A write past the
 * end puts its bytes where it was told, also where another has appended meanwhile (under
 * a lock of its own, at the end: see {@link LockMode#EXCLUSIVE}). Shortening needs the
 * consent of all.
 * <p>
 * A call that fails half-way behind the end of the file cannot take its part back: to cut
 * it off could cut off what another process has just written behind it. Without
 * {@link LockMode#EXCLUSIVE} that part stays; the message of the exception says how many
 * bytes it is, and where.
 *
 * <h2>Time of modification</h2> After {@code close} it is not older than the last write
 * of this {@code Mmap}, and after {@code sync} not by more than 10 ms (syncs that follow
 * closer share one update). So far as the system permits: the file's owner and root may
 * set it, on {@link Backend#NATIVE} whoever may write to the file (then with the time of
 * the last access). {@link Backend#PORTABLE} sets it by name, while the path still leads
 * to this file. Where it cannot be set nothing fails. In between it may be older. A file
 * that was not written to keeps its own; but nobody knows whether a writable
 * {@linkplain #segment() view} was written to, so once one was handed out each sync and
 * the end set the time, and so does {@link #access}. To keep it, open the file with
 * {@code READ} alone.
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
	 * with at least the given size. The options {@code READ}, {@code WRITE} and
	 * {@code CREATE} are implied where the given ones name no access of their own. An
	 * existing file is never cut: one that is shorter grows to {@code size}, one that is
	 * longer stays as it is unless {@code TRUNCATE_EXISTING} is given.
	 * @param path the file, of the default file system
	 * @param size the least size, in bytes, 0 or more
	 * @param options further options; see {@link Builder#options(OpenOption...)}
	 * @return the open file
	 * @throws IOException as {@link Builder#open()}; a file that was created by a failed
	 * call is removed again
	 * @throws IllegalArgumentException if {@code size} is negative, if the options name
	 * {@code READ} alone, or as {@link Builder#open()}
	 * @throws UnsupportedOperationException as {@link Builder#options(OpenOption...)}
	 */
	static Mmap create(Path path, long size, OpenOption... options) throws IOException {
		return FileOpener.forCreation(path, size, options).open();
	}

	/**
	 * Starts the description of a file to be opened, with every setting there is.
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
	 * Returns the size of the file in bytes, as far as this {@code Mmap} knows it: it
	 * follows every change made through it at once, and what another process appended
	 * when a read comes to the end, or {@link #refresh()} asks. After {@link #close()} it
	 * is the last size.
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
	 * Returns the backend that this file was opened with, which {@link Backend#AUTO}
	 * chose or the builder named. {@link Backend#obstacle()} says why it is not
	 * {@code NATIVE}. May be asked after {@link #close()}, too.
	 * @return {@link Backend#NATIVE} or {@link Backend#PORTABLE}, never {@code AUTO}
	 */
	Backend backend();

	/**
	 * Returns the offset of the cursor, in bytes from the start of the file. It is behind
	 * the end of the file only if the file was shortened after the cursor came there.
	 * @return the offset, 0 or more
	 */
	long offset();

	/**
	 * Moves the cursor.
	 * @param offset the distance, in bytes, from the place that {@code whence} names
	 * @param whence what the offset is relative to
	 * @return the new offset, in bytes from the start of the file
	 * @throws IOException if the new offset is before 0 or past the end of the file; the
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
	 * Reads from the cursor into an array and moves the cursor behind what was read. As
	 * many bytes are read as were asked for or as there are. At the end of the file the
	 * operating system is asked once whether another process made the file longer.
	 * @param dst where to put the bytes
	 * @param index the index in {@code dst} of the first byte
	 * @param length how many bytes to read at most; for 0 nothing happens and 0 is
	 * returned
	 * @return the number of bytes read, or -1 at the end of the file
	 * @throws MappedFaultException if a page could not be had; the cursor stays, the
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
	 * mapping) or, with {@code SYNC} or {@code DSYNC}, as {@link #sync()}. Except for a
	 * failed sync neither the cursor nor {@link #size()} have changed. Nor has the file,
	 * unless the message says that a part was written behind its end and stays (see
	 * above); bytes within the file may be overwritten then, too
	 * @throws MappedFaultException if a page could not be had; the cursor stays
	 * @throws java.nio.channels.ClosedChannelException if this file is closed
	 * @throws java.nio.channels.NonWritableChannelException if this file was not opened
	 * with {@code WRITE} or {@code APPEND}
	 * @throws IndexOutOfBoundsException if the range is not within {@code src}
	 */
	int write(byte[] src, int index, int length) throws IOException;

	/**
	 * Writes a buffer at the cursor, as {@link #write(byte[], int, int)}; the position of
	 * the buffer moves to its limit.
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
	 * Reads from an offset into an array, without the cursor and without a lock. As many
	 * bytes are read as were asked for or as there are. At the end of the file the
	 * operating system is asked once whether another process made the file longer.
	 * @param dst where to put the bytes
	 * @param index the index in {@code dst} of the first byte
	 * @param length how many bytes to read at most; for 0 nothing happens and 0 is
	 * returned
	 * @param offset where in the file to begin, in bytes, 0 or more
	 * @return the number of bytes read, or -1 if {@code offset} is at or behind the end
	 * @throws MappedFaultException if a page could not be had; the content of {@code dst}
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
	 * @param length how many bytes to write; for 0 nothing happens, the file does not
	 * grow
	 * @param offset where in the file to begin, in bytes, 0 or more
	 * @return the number of bytes written, always {@code length}
	 * @throws IOException if the file may not or cannot grow that far (its
	 * {@link Builder#maxSize(long) maximum size}, a full disk, a quota, a private
	 * mapping) or, with {@code SYNC} or {@code DSYNC}, as {@link #sync()}. Except for a
	 * failed sync {@link #size()} has not changed, nor the file, unless the message says
	 * that a part was written behind its end and stays (see above)
	 * @throws MappedFaultException if a page could not be had, as in a hole on a full
	 * disk. Any part of the given range within the file may be overwritten then, and
	 * counts as {@linkplain #isDirty() dirty}; the size is unchanged, unless the message
	 * says that a part behind the end stays
	 * @throws java.nio.channels.ClosedChannelException if this file is closed
	 * @throws java.nio.channels.NonWritableChannelException if this file was not opened
	 * with {@code WRITE}, or with {@code APPEND}
	 * @throws IndexOutOfBoundsException if the range is not within {@code src}
	 * @throws IllegalArgumentException if {@code offset} is negative
	 */
	int writeAt(byte[] src, int index, int length, long offset) throws IOException;

	/**
	 * Writes a buffer at an offset, as {@link #writeAt(byte[], int, int, long)}; the
	 * position of the buffer moves to its limit.
	 * @param src the bytes to write, from its position to its limit
	 * @param offset where in the file to begin, in bytes, 0 or more
	 * @return the number of bytes written, always {@code src.remaining()}
	 * @throws IOException as {@link #writeAt(byte[], int, int, long)}; the position of
	 * the buffer then stays
	 * @throws IllegalArgumentException if {@code offset} is negative
	 */
	int writeAt(ByteBuffer src, long offset) throws IOException;

	/**
	 * Reads from an offset into a segment, as {@link #readAt(byte[], int, int, long)}: a
	 * heap segment of any array, as {@code MemorySegment.ofArray(longs)}, or a native
	 * one. Bytes are copied as they are: of the native order they are what the array
	 * means.
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
	 * Writes a segment at an offset, as {@link #writeAt(byte[], int, int, long)}: a heap
	 * segment of any array, or a native one. More than 256 MiB are written in parts: the
	 * file grows first, so that the disk has space for all, and a fault that is met then
	 * leaves it grown.
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
	 * Sets the size of the file. What it grows by reads as zeros and, where the file
	 * system can, has its disk blocks at once (see {@link Builder#preallocate(boolean)}).
	 * The cursor stays. Views keep their size; the part of a view behind a new, smaller
	 * end must not be touched any more.
	 * <p>
	 * A file that others append to at the same time may grow for longer than
	 * {@code size}, and hold zeros among what they appended; but nothing of that is cut
	 * off or overwritten. Two growths cannot promise as much, if others append more than
	 * 1 MiB just while they happen and there is no lock: on file systems that cannot
	 * allocate blocks ({@code fallocate}), and without preallocation on
	 * {@link Backend#PORTABLE}. They may put one zero byte at {@code size - 1}.
	 * <p>
	 * Reads and writes of other threads go on meanwhile, and see the old size or the new
	 * one. Atomic updates ({@code getAndAdd}, {@code getAndSet}, {@code compareAndSet})
	 * wait until a file has been made shorter, which waits for those under way, but not
	 * longer than ten seconds.
	 * @param size the new size in bytes, 0 or more
	 * @throws IOException if the file may not or cannot have that size, or if an atomic
	 * update does not end; it then keeps its old one, unless the message says that a part
	 * of the growth stays (see above). Disk blocks that were allocated before the disk
	 * was full may then stay with the file, behind its end, until it is made shorter
	 * @throws java.nio.channels.ClosedChannelException if this file is closed
	 * @throws java.nio.channels.NonWritableChannelException if this file was not opened
	 * with {@code WRITE} or {@code APPEND}
	 * @throws IllegalArgumentException if {@code size} is negative
	 */
	void truncate(long size) throws IOException;

	/**
	 * Makes everything that was written before durable, the size of the file too: when
	 * this call returns, it survives a power cut. On a file opened for reading only there
	 * is nothing to do.
	 * <p>
	 * Threads that call this while a sync is running share the next one, so many threads
	 * that write and sync each get their write durable for a fraction of a sync. When
	 * several do so in a loop, a sync may wait for them for half the time that one takes,
	 * but 1 ms at the most; it never waits for a thread that syncs alone.
	 * <p>
	 * A failed sync is final. The kernel may have dropped the pages that it could not
	 * write, and would report the next sync as a success; so every later call on this
	 * {@code Mmap} fails too. Open the file again, and check what it holds.
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
	 * Makes what was written to a range of this file before durable, and what is needed
	 * to read it back, such as the size of the file. Other parts of the file may become
	 * durable too, but need not. Costs as much as {@link #sync()}, except where much was
	 * written elsewhere that can wait. Otherwise as {@link #sync()}, with which it shares
	 * the memory of a failure: each makes every later call of both fail.
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
	 * Asks the operating system whether another process made the file longer; what it
	 * appended can then be read. Reads at the end do this by themselves. A
	 * {@link MapMode#PRIVATE} mapping keeps the size that it was opened with.
	 * @return the size of the file in bytes, as {@link #size()} from now on
	 * @throws IOException if the operating system reports an error
	 * @throws java.nio.channels.ClosedChannelException if this file is closed
	 */
	long refresh() throws IOException;

	/**
	 * Tells whether the path still leads to this very file. It does not once the file was
	 * removed or renamed, or another was renamed over it or put behind a symbolic link of
	 * the path. This {@code Mmap} goes on with the file that it opened, which the
	 * operating system keeps until {@link #close()}. To follow a file that is replaced,
	 * open the path again.
	 * <p>
	 * On Windows, where a file that is mapped cannot be removed, this only tells whether
	 * there is a file at the path.
	 * @return whether the path leads to this file
	 * @throws IOException if that cannot be found out, as where a directory must not be
	 * searched
	 * @throws java.nio.channels.ClosedChannelException if this file is closed
	 */
	boolean isCurrent() throws IOException;

	/**
	 * Tells the kernel how the whole file is used; what is {@linkplain Advice#isKept()
	 * kept} also holds for what the file grows by.
	 * @param advice the advice
	 * @throws MappedFaultException if pages that shall be
	 * {@linkplain Advice#POPULATE_READ populated} cannot be had
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
	 * Tells the kernel how a part of the file is used. The advice is for the pages that
	 * hold the range; on {@linkplain Advice#isKept() kept} advice for the whole file it
	 * takes precedence if it is given later.
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
	 * <b>Destroys</b> a part of the file: it reads as zeros from now on, and the disk
	 * blocks that lie wholly within it are free. The size stays. What is written there
	 * later needs blocks again, and may meet a full disk: see
	 * {@link Builder#preallocate(boolean)}. Durable after a {@link #sync()}.
	 * ({@code FALLOC_FL_PUNCH_HOLE} of {@code fallocate(2)}, Linux 2.6.38, on ext4, XFS,
	 * Btrfs and tmpfs among others.)
	 * @param offset where in the file the hole begins, in bytes
	 * @param length how long it is, in bytes; for 0 there is nothing to do
	 * @throws IOException if the file system cannot do that, if the mapping is
	 * {@link MapMode#PRIVATE}, if an atomic update does not end as for
	 * {@link #truncate(long)}, or if the operating system reports an error; nothing has
	 * changed
	 * @throws IndexOutOfBoundsException if the range is not within the file
	 * @throws java.nio.channels.ClosedChannelException if this file is closed
	 * @throws java.nio.channels.NonWritableChannelException if this file was not opened
	 * with {@code WRITE}, or with {@code APPEND}
	 * @throws UnsupportedOperationException if the backend is {@link Backend#PORTABLE}
	 */
	void punchHole(long offset, long length) throws IOException;

	/**
	 * Asks what the page cache holds of the whole file: one system call, whose time grows
	 * with the number of cached pages. Other processes' use of the file counts as well as
	 * this one's; what was written to a {@link MapMode#PRIVATE} mapping does not.
	 * @return the numbers, or empty where the operating system does not tell, as with
	 * {@link Backend#PORTABLE}
	 * @throws IOException if the operating system reports an error
	 * @throws java.nio.channels.ClosedChannelException if this file is closed
	 */
	Optional<PageCacheStats> pageCache() throws IOException;

	/**
	 * Asks what the page cache holds of a part of the file; see {@link #pageCache()}.
	 * @param offset where in the file the range begins, in bytes
	 * @param length how long it is, in bytes; every page that it touches counts
	 * @return the numbers, or empty where the operating system does not tell
	 * @throws IOException as {@link #pageCache()}
	 * @throws IndexOutOfBoundsException if the range is not within the file
	 */
	Optional<PageCacheStats> pageCache(long offset, long length) throws IOException;

	/**
	 * Returns how much address space this file takes: all its mappings, the part of a
	 * reservation that is behind the end included. That is no memory.
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
	 * Returns a view of the whole file, {@code [0, size())}, without copying: reads and
	 * writes of the segment are reads and writes of the file's pages. It is read-only
	 * unless the file was opened with {@code WRITE} and without {@code APPEND}. The view
	 * keeps its size when the file grows, stays at its address, and is valid until
	 * {@link #close()}; then it throws {@link IllegalStateException}.
	 * <p>
	 * <b>A view has no fault guard.</b> If the file is shortened by anybody, a page
	 * cannot be filled, or the device fails, compiled code may see garbage in place of
	 * the page's bytes and an {@link InternalError} at some later place, which is the
	 * next call of any {@code Mmap} at the latest: that throws it on and does nothing
	 * ({@code close()} closes the file first); operations implemented in native code
	 * ({@link MemorySegment#mismatch mismatch}, {@link java.util.zip.CRC32 CRC32}, system
	 * calls) may end the virtual machine. Where that can happen use {@link #access}
	 * (which says what else is in danger), {@link #readAt(byte[], long) readAt} or the
	 * single-value calls instead. And a view that is in use by a native call keeps
	 * {@code close()} waiting.
	 * <p>
	 * <b>Sync by {@link #sync()}.</b> With {@link Backend#NATIVE} a view is no mapping in
	 * the sense of {@link MemorySegment#isMapped()}: {@link MemorySegment#force()} is
	 * unsupported, and {@code ((MappedByteBuffer) segment().asByteBuffer()).force()} does
	 * nothing, without a word.
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
	 * Runs a function over a view of a part of the file, under one fault guard: the way
	 * to do many small reads in one go, such as a binary search.
	 * <p>
	 * Within the function a value read may be garbage if its page cannot be had, even one
	 * outside the range of its type; the fault is reported when the function ends, and
	 * its result is dropped. So:
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
	 * Where that is too much to ask, {@link #readAt(byte[], long)} and the single-value
	 * calls have none of these dangers. A call of an {@code Mmap} within the function
	 * does nothing once a fault was met, but throws an {@link InternalError} that ends
	 * the function; do not catch it.
	 * <p>
	 * The function is run a second time if a truncation through this {@code Mmap} took a
	 * page away in the middle of the first; so it should have no effects of its own.
	 * @param <R> the type of the result
	 * @param <X> the checked exception that the function throws, if it does
	 * @param offset where the view begins, in bytes, 0 or more
	 * @param length the size of the view in bytes, 0 or more
	 * @param body the function; what it throws is passed on
	 * @return what the function returned
	 * @throws X if the function throws it
	 * @throws MappedFaultException if a page could not be had
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
	 * @throws MappedFaultException if a page could not be had
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
	 * Reads a long. So do the other {@code get} their types.
	 * <p>
	 * Byte order and alignment come from the layout, as with
	 * {@link MemorySegment#get(ValueLayout.OfLong, long)}. {@link ValueLayout#JAVA_LONG}
	 * has the native order of the platform, and wants an offset that is a multiple of 8:
	 * at any other it throws. {@link ValueLayout#JAVA_LONG_UNALIGNED} takes every offset.
	 * For a file that machines of other byte order read, too, add
	 * {@link ValueLayout.OfLong#withOrder withOrder}. A layout that is no constant costs
	 * about as little as one that is.
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
	 * Writes a long. So do the other {@code set} their types. The file does not grow.
	 * Order and alignment come from the layout, as for
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
	 * with {@code WRITE}, or with {@code APPEND}
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
	 * Closes the file: waits for calls of the operating system that are under way, unmaps
	 * every mapping and closes the descriptor. From then on every call fails as described
	 * above, and every view throws {@link IllegalStateException}. A second call does
	 * nothing.
	 * <p>
	 * An {@code Mmap} that is not closed stays open as long as it, one of its channels or
	 * one of its views can be reached. One that is lost so is closed when the garbage
	 * collector finds it, whenever that is, and that is logged as a warning by the logger
	 * {@code dev.yammap}; Java started with {@code -Dyammap.leak-tracking=true} also logs
	 * where it was opened. What {@link Backend#PORTABLE} has mapped stays mapped then if
	 * a view of it was handed out.
	 * <p>
	 * Closing makes nothing durable; call {@link #sync()} first. It costs some 50 µs, and
	 * more while many threads are running, as each must be stopped for a moment.
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
		 * <li>{@code READ}, {@code WRITE}: as they say. A file that is opened with
		 * {@code WRITE} alone refuses reads; the process needs the right to read it all
		 * the same, as a mapping cannot be written without being read.</li>
		 * <li>{@code APPEND}: every {@code write} goes to the end of the file; what is
		 * there cannot be overwritten. Implies {@code WRITE}; can be combined with
		 * {@code READ}.</li>
		 * <li>{@code CREATE}: creates the file if it does not exist. {@code CREATE_NEW}:
		 * creates it, and fails if it exists. The new name is durable when {@code open}
		 * returns. Both need {@code WRITE} or {@code APPEND}.</li>
		 * <li>{@code TRUNCATE_EXISTING}: empties the file. Needs {@code WRITE} or
		 * {@code APPEND}.</li>
		 * <li>{@code SYNC}, {@code DSYNC}: {@code write} and {@code writeAt} return only
		 * once what they wrote is durable. Single values, atomics and views are not
		 * affected: call {@link Mmap#sync()} after them.</li>
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
		 * size, and one that is shorter grows to it (so that a creation which a crash cut
		 * short is completed); one that is longer stays as it is. Needs {@code WRITE} or
		 * {@code APPEND}. 0 unless set.
		 * @param size the least size in bytes, 0 or more
		 * @return this builder
		 * @throws IllegalArgumentException if {@code size} is negative
		 */
		Builder size(long size);

		/**
		 * Sets whether disk blocks are allocated at once when the file is created with a
		 * {@linkplain #size(long) size} or grown by {@link Mmap#truncate(long)}, so that
		 * no later write into it can meet a full disk, as far as the file system writes a
		 * page to the block it has. Where it copies on write (btrfs, ZFS, or XFS for a
		 * file that shares blocks with a copy of it) any write needs a new block, and is
		 * a {@link MappedFaultException} if there is none; that a file is in such a file
		 * system is logged once. Where the file system cannot allocate the file is
		 * sparse, which is logged once, too. {@code true} unless set.
		 * @param preallocate whether to allocate
		 * @return this builder
		 */
		Builder preallocate(boolean preallocate);

		/**
		 * Sets the size past which the file must not grow through this {@code Mmap}; a
		 * call that would do so fails before anything is written. No limit unless set.
		 * @param maxSize the greatest size in bytes, 0 or more
		 * @return this builder
		 * @throws IllegalArgumentException if {@code maxSize} is negative
		 */
		Builder maxSize(long maxSize);

		/**
		 * Sets how much address space is reserved for the file to grow into. Only address
		 * space is taken, no memory; where it is scarce ({@code ulimit -v}) less is
		 * reserved. A file that outgrows its reservation gets a second mapping, which
		 * costs some 30 µs once. Unless set, a size that fits most files.
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
		 * Sets whether the file's pages are read in and mapped at once, when the file is
		 * opened and for what it grows by ({@code MAP_POPULATE}). {@code false} unless
		 * set. {@link Backend#PORTABLE} reads the pages in only.
		 * @param populate whether to populate
		 * @return this builder
		 */
		Builder populate(boolean populate);

		/**
		 * Sets whether the file's pages are kept in memory ({@code mlock(2)}), when the
		 * file is opened and for what it grows by. The limit is {@code ulimit -l}.
		 * {@code false} unless set. {@link Backend#PORTABLE} cannot do that and refuses
		 * to open the file.
		 * @param lockInMemory whether to lock
		 * @return this builder
		 */
		Builder lockInMemory(boolean lockInMemory);

		/**
		 * Sets what the kernel is told of the file's use when it is opened; see
		 * {@link Mmap#advise(Advice)}. {@link Advice#NORMAL} unless set.
		 * {@link Backend#PORTABLE} can tell the kernel nothing and refuses to open the
		 * file with any other.
		 * @param advice the advice
		 * @return this builder
		 */
		Builder advice(Advice advice);

		/**
		 * Sets which lock is taken when the file is opened, and held until it is closed;
		 * the file is not changed before. {@link LockMode#NONE} unless set.
		 * @param lock the lock
		 * @return this builder
		 */
		Builder lock(LockMode lock);

		/**
		 * Sets how to get at files and memory. {@link Backend#AUTO} unless set.
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
		 * Opens the file and maps it. A call that fails leaves the file as it was, and no
		 * file behind where there was none; only behind a symbolic link that led nowhere
		 * an empty file stays, as the kernel does not tell who created it.
		 * <p>
		 * The name of a file that is created is durable when this returns. Where its
		 * directory cannot be synced, the file is there, and the log warns of what a
		 * power cut can do: some file systems sync no directories, and a process may lack
		 * the right to read one.
		 * @return the open file
		 * @throws java.nio.file.NoSuchFileException if the file does not exist and
		 * {@code CREATE} is not given, or its directory does not exist
		 * @throws java.nio.file.FileAlreadyExistsException if the file exists and
		 * {@code CREATE_NEW} is given
		 * @throws java.nio.file.AccessDeniedException if the process may not open it so
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
		 * backend} cannot be had here, or cannot do what is set
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
