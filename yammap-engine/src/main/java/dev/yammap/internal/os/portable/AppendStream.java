package dev.yammap.internal.os.portable;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

import dev.yammap.MappedFaultException;
import dev.yammap.internal.os.CallThreads;
import dev.yammap.internal.os.Printable;

/**
 * Writes to the end of a file, wherever that is: the operating system finds it and writes
 * there in one step, against other processes too. Nothing that exists is ever
 * overwritten. Used by one thread at a time.
 */
final class AppendStream implements AutoCloseable {

	/** What a stream of every JDK writes by one system call; some write more. */
	private static final int CALL_SIZE = 64 << 10;

	private final Path path;

	private final FileOutputStream output;

	/** Of the same descriptor. */
	private final FileInputStream input;

	private final RandomAccessFile file;

	/** How many bytes the last write wrote; 0 if it failed. */
	private long last;

	/**
	 * Opens the stream.
	 * @param path the file
	 * @param file the same file, to ask for its size
	 */
	AppendStream(Path path, RandomAccessFile file) throws IOException {
		this.path = path;
		this.output = new FileOutputStream(path.toFile(), true);
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
			CallThreads.run(() -> writeByChannel(ByteBuffer.wrap(bytes)));
		}
	}

	void writeZeros(int length) throws IOException {
		write(new byte[length]);
	}

	private void write(byte[] bytes) throws IOException {
		this.last = 0;
		this.output.write(bytes);
		this.last = bytes.length;
	}

	/** A channel writes all of its buffer at once, so that nobody comes between. */
	private void writeByChannel(ByteBuffer bytes) throws IOException {
		FileChannel channel = this.output.getChannel();
		this.last = 0;
		while (bytes.hasRemaining()) {
			if (channel.write(bytes) == 0) {
				throw new IOException("The file system wrote no byte and gave no reason");
			}
		}
		this.last = bytes.limit();
	}

	/**
	 * Returns where the last write ended. No stream tells its offset, and a channel that
	 * appends tells the size of the file instead; but a stream tells how far it is from
	 * the end. So it goes back to what it wrote, of which something is left if it is not
	 * all cut off; for the next write the kernel finds the end again.
	 * @throws MappedFaultException if others have cut it off
	 */
	long position() throws IOException {
		long back = this.input.skip(-Math.min(this.last, CALL_SIZE));
		try {
			while (true) {
				long size = this.file.length();
				long left = this.input.available();
				if (this.file.length() == size) {
					requireLeft(left, back);
					return size - left - back;
				}
			}
		}
		finally {
			this.input.skip(-back);
		}
	}

	private void requireLeft(long left, long back) throws MappedFaultException {
		if (left == 0 && back != 0) {
			throw new MappedFaultException("Cannot find what was appended to " + Printable.of(this.path)
					+ ": somebody else shortened it. Open it again, and keep others from shortening it", null);
		}
	}

	@Override
	public void close() throws IOException {
		this.output.close();
	}

}
