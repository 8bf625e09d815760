package dev.yammap.internal.os.portable;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

import dev.yammap.MappedFaultException;
import dev.yammap.internal.os.CallThreads;
import dev.yammap.internal.os.Printable;

/**
 * Writes to the end of a file. The operating system finds the end and writes there in one
 * step, also if other processes append. So nothing that exists is ever overwritten. Used
 * by one thread at a time.
 */
final class AppendStream implements AutoCloseable {

	/** How much the streams of every JDK write by one system call. Some write more. */
	private static final int CALL_SIZE = 64 << 10;

	private final Path path;

	private final FileOutputStream output;

	/** An input stream of the same descriptor. */
	private final FileInputStream input;

	private final RandomAccessFile file;

	/** How many bytes the last write has written; 0 if it failed. */
	private long last;

	/**
	 * Opens the stream.
	 * @param name by what name to open it
	 * @param file the same file, to ask for its size
	 */
	AppendStream(Path path, Path name, RandomAccessFile file) throws IOException {
		this.path = path;
		this.output = new FileOutputStream(name.toFile(), true);
		this.input = new FileInputStream(this.output.getFD());
		this.file = file;
	}

	void write(MemorySegment source, long index, long length) throws IOException {
		byte[] bytes = new byte[(int) length];
		MemorySegment.copy(source, index, MemorySegment.ofArray(bytes), 0, length);
		if (length <= CALL_SIZE) {
			write(bytes);
		}
		else {
			CallThreads.run(() -> write(ByteBuffer.wrap(bytes), this.output.getChannel()));
		}
	}

	void write(byte[] bytes) throws IOException {
		this.last = 0;
		this.output.write(bytes);
		this.last = bytes.length;
	}

	/**
	 * Writes by a channel, which writes its whole buffer at once, unless the disk is
	 * nearly full or there are more than 2 GiB. Another process may write before the
	 * rest.
	 * @param channel the channel of the stream
	 * @throws IOException if the bytes are not in one piece, or cannot be written
	 */
	void write(ByteBuffer bytes, WritableByteChannel channel) throws IOException {
		this.last = 0;
		long end = -1;
		while (bytes.hasRemaining()) {
			int count = channel.write(bytes);
			if (count == 0) {
				throw new IOException("The file system wrote no byte and gave no reason");
			}
			if (count < bytes.limit()) {
				long partEnd = endOf(count);
				if (end != -1 && partEnd != end + count) {
					throw new IOException("It is not in one piece, as another process wrote after the first part");
				}
				end = partEnd;
			}
		}
		this.last = bytes.limit();
	}

	/**
	 * Returns where the last write ended. No stream tells its offset, and a channel that
	 * appends tells the size of the file instead. But a stream tells how far it is from
	 * the end. So the stream goes back to what it wrote, and asks from there: something
	 * of it is left, unless all was cut off. For the next write the kernel finds the end
	 * again.
	 * @throws MappedFaultException if others have cut off what was written
	 */
	long position() throws IOException {
		return endOf(this.last);
	}

	private long endOf(long length) throws IOException {
		long back = this.input.skip(-Math.min(length, CALL_SIZE));
		try {
			while (true) {
				long size = this.file.length();
				long left = this.input.available();
				if (this.file.length() == size) {
					if (left == 0 && back != 0) {
						throw new MappedFaultException("Cannot find what was appended to " + Printable.of(this.path)
								+ ": somebody else shortened it. Open it again, and keep others from shortening it",
								null);
					}
					return size - left - back;
				}
			}
		}
		finally {
			this.input.skip(-back);
		}
	}

	@Override
	public void close() throws IOException {
		this.output.close();
	}

}
