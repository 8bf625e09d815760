package dev.yammap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.ScatteringByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;

/**
 * A channel of an {@link Mmap}, see {@link Mmap#channel()}. It does what a
 * {@link java.nio.channels.FileChannel} of the same file and the same options does, with
 * these differences:
 * <ul>
 * <li><b>An interrupt never closes it</b>, nor the file, and ends no call; the thread's
 * interrupt status is left as it is.</li>
 * <li>A read or write transfers all that there is or fails. A call that fails leaves the
 * size, the position and the positions of the buffers as they were; only if the sync of a
 * {@code SYNC} or {@code DSYNC} file fails has the write been done.</li>
 * <li>A file can be opened with {@code READ} and {@code APPEND}. The channel then reads
 * at its position, which a write leaves at the end.</li>
 * <li>Closing it lets no further call begin; one that another thread is in ends as it
 * would have.</li>
 * </ul>
 * Every call throws {@link java.nio.channels.ClosedChannelException} once the channel or
 * its file is closed ({@link java.nio.channels.AsynchronousCloseException} if the file is
 * closed during the call), {@link java.nio.channels.NonReadableChannelException} or
 * {@link java.nio.channels.NonWritableChannelException} if the file was not opened for
 * that, and {@link MappedFaultException} for a page that could not be had. With
 * {@code SYNC} or {@code DSYNC} what was written is durable when the call returns;
 * otherwise after {@link Mmap#sync()}.
 * <p>
 * May be used by any number of threads; calls that use the position run one after the
 * other.
 */
public interface MmapChannel extends SeekableByteChannel, ScatteringByteChannel, GatheringByteChannel {

	/**
	 * Reads from the position into a buffer. At the end of the file the operating system
	 * is asked once whether another process made the file longer.
	 * @param dst where to put the bytes, from its position to its limit
	 * @return the number of bytes read, 0 if the buffer has no room, or -1 if the
	 * position is at or behind the end
	 * @throws IOException as said above, or if the operating system reports an error
	 * @throws IllegalArgumentException if the buffer is read-only
	 */
	@Override
	int read(ByteBuffer dst) throws IOException;

	/**
	 * Reads into one buffer after the other. As {@link #read(ByteBuffer[], int, int)
	 * read(dsts, 0, dsts.length)}.
	 * @param dsts where to put the bytes
	 * @return the number of bytes read, or -1 at the end
	 * @throws IOException as {@link #read(ByteBuffer)}
	 */
	@Override
	long read(ByteBuffer[] dsts) throws IOException;

	/**
	 * Reads from the position into one buffer after the other, as one read.
	 * @param dsts the buffers
	 * @param index the index of the first buffer to fill
	 * @param length how many buffers to fill
	 * @return the number of bytes read, 0 if there is no room, or -1 if the position is
	 * at or behind the end
	 * @throws IOException as {@link #read(ByteBuffer)}
	 * @throws IllegalArgumentException if one of the buffers is read-only
	 * @throws IndexOutOfBoundsException if the range is not within {@code dsts}
	 */
	@Override
	long read(ByteBuffer[] dsts, int index, int length) throws IOException;

	/**
	 * Writes a buffer at the position, or, with {@code APPEND}, at the end. The file
	 * grows as needed; if the position is behind its end, the gap reads as zeros.
	 * @param src the bytes to write, from its position to its limit
	 * @return the number of bytes written, always {@code src.remaining()}
	 * @throws IOException as {@link Mmap#write(ByteBuffer)}
	 */
	@Override
	int write(ByteBuffer src) throws IOException;

	/**
	 * Writes one buffer after the other. As {@link #write(ByteBuffer[], int, int)
	 * write(srcs, 0, srcs.length)}.
	 * @param srcs the bytes to write
	 * @return the number of bytes written
	 * @throws IOException as {@link Mmap#write(ByteBuffer)}
	 */
	@Override
	long write(ByteBuffer[] srcs) throws IOException;

	/**
	 * Writes the bytes of several buffers at the position, or, with {@code APPEND}, at
	 * the end, in one piece: no other append comes between them, and where there is no
	 * space for all, none is written. They are joined before, which takes as much memory.
	 * @param srcs the buffers
	 * @param index the index of the first buffer to write
	 * @param length how many buffers to write
	 * @return the number of bytes written: what the buffers have left, but no more than
	 * an array can hold, some 2 GiB
	 * @throws IOException as {@link Mmap#write(ByteBuffer)}
	 * @throws IndexOutOfBoundsException if the range is not within {@code srcs}
	 */
	@Override
	long write(ByteBuffer[] srcs, int index, int length) throws IOException;

	/**
	 * Returns the position. On a file that was opened with {@code APPEND} and without
	 * {@code READ} it is always the end.
	 * @return the position, in bytes from the start of the file
	 * @throws IOException if the channel is closed, or if the operating system reports an
	 * error
	 */
	@Override
	long position() throws IOException;

	/**
	 * Moves the position, which may be behind the end: a read there returns -1, and a
	 * write makes the file longer.
	 * @param position the new position, in bytes from the start of the file, 0 or more
	 * @return this channel
	 * @throws IOException if the channel is closed
	 * @throws IllegalArgumentException if {@code position} is negative
	 */
	@Override
	MmapChannel position(long position) throws IOException;

	/**
	 * Returns the size of the file, and for that asks the operating system whether
	 * another process made it longer.
	 * @return the size in bytes, 0 or more
	 * @throws IOException if the channel is closed, or if the operating system reports an
	 * error
	 */
	@Override
	long size() throws IOException;

	/**
	 * Shortens the file if it is longer; it never grows, other than by
	 * {@link Mmap#truncate(long)}. In either case, a position greater than {@code size}
	 * becomes {@code size}.
	 * @param size the greatest size in bytes, 0 or more
	 * @return this channel
	 * @throws IOException as {@link Mmap#truncate(long)}
	 * @throws IllegalArgumentException if {@code size} is negative
	 */
	@Override
	MmapChannel truncate(long size) throws IOException;

	/**
	 * Writes bytes of this file to another channel; the position is neither used nor
	 * moved. They are copied through a small array: the mapping itself is handed to
	 * nobody, as native code that met a fault in it would end the virtual machine.
	 * @param position where in the file to begin, in bytes, 0 or more
	 * @param count how many bytes to transfer at most
	 * @param target where to write them
	 * @return the number of bytes transferred. It is less than {@code count} at the end
	 * of the file, if the target does not take more now, and if either file fails after
	 * something was transferred; a call for the rest then throws what it failed with
	 * @throws IOException if nothing was transferred because one of the two failed
	 * @throws java.nio.channels.ClosedChannelException if one of the two is closed
	 * @throws IllegalArgumentException if {@code position} or {@code count} is negative
	 */
	long transferTo(long position, long count, WritableByteChannel target) throws IOException;

	/**
	 * Reads bytes of another channel and writes them to this file, as
	 * {@link Mmap#writeAt(ByteBuffer, long)} does; the position is neither used nor
	 * moved. They are copied through a small array, as by {@link #transferTo}. If this
	 * file fails, bytes may have been read from the source and lost.
	 * @param source where to read
	 * @param position where in the file to begin, in bytes, 0 or more; a gap behind the
	 * end reads as zeros
	 * @param count how many bytes to transfer at most
	 * @return the number of bytes transferred. It is less than {@code count} at the end
	 * of the source, if the source has no more now, and if either file fails after
	 * something was transferred
	 * @throws IOException if nothing was transferred because one of the two failed, or if
	 * what was transferred could not be made durable as {@code SYNC} or {@code DSYNC} ask
	 * @throws java.nio.channels.ClosedChannelException if one of the two is closed
	 * @throws java.nio.channels.NonWritableChannelException if this file was not opened
	 * with {@code WRITE}, or with {@code APPEND}
	 * @throws IllegalArgumentException if {@code position} or {@code count} is negative
	 */
	long transferFrom(ReadableByteChannel source, long position, long count) throws IOException;

	/**
	 * Tells whether both this channel and its file are open.
	 * @return {@code false} once either is closed
	 */
	@Override
	boolean isOpen();

	/**
	 * Closes this channel, but not its file. A second call does nothing.
	 */
	@Override
	void close();

}
