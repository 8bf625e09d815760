package dev.yammap.internal.backend.portable;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

import dev.yammap.internal.backend.CallThreads;

/**
 * Writes to the end of a file, wherever that is: the operating system finds it and writes
 * there in one step, against other processes too. Nothing that exists is ever
 * overwritten. Used by one thread at a time.
 */
final class AppendStream implements AutoCloseable {

	/** What a stream of every JDK writes by one system call; some write more. */
	private static final int CALL_SIZE = 64 << 10;

	private final FileOutputStream output;

	/** Of the same descriptor. */
	private final FileInputStream input;

	private final RandomAccessFile file;

	/**
	 * Opens the stream.
	 * @param path the file
	 * @param file the same file, to ask for its size
	 */
	AppendStream(Path path, RandomAccessFile file) throws IOException {
		this.output = new FileOutputStream(path.toFile(), true);
		this.input = new FileInputStream(this.output.getFD());
		this.file = file;
	}

	void write(MemorySegment source, long index, long length) throws IOException {
		byte[] bytes = new byte[(int) length];
		MemorySegment.copy(source, index, MemorySegment.ofArray(bytes), 0, length);
		if (length <= CALL_SIZE) {
			this.output.write(bytes);
		}
		else {
			CallThreads.run(() -> writeByChannel(ByteBuffer.wrap(bytes)));
		}
	}

	/** A channel writes all of its buffer at once, so that nobody comes between. */
	private void writeByChannel(ByteBuffer bytes) throws IOException {
		FileChannel channel = this.output.getChannel();
		while (bytes.hasRemaining()) {
			channel.write(bytes);
		}
	}

	void writeZeros(int length) throws IOException {
		this.output.write(new byte[length]);
	}

	/**
	 * Returns where the last write ended. No stream tells its offset, and a channel that
	 * appends tells the size of the file instead; but a stream tells how far it is from
	 * the end.
	 */
	long position() throws IOException {
		while (true) {
			long size = this.file.length();
			long left = this.input.available();
			if (this.file.length() == size) {
				return size - left;
			}
		}
	}

	@Override
	public void close() throws IOException {
		this.output.close();
	}

}
