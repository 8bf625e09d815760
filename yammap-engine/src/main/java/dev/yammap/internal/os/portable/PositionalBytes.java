package dev.yammap.internal.os.portable;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;

/**
 * Reads and writes at any place of a file that has only one offset, for any number of
 * threads. One at a time moves the offset and reads or writes there.
 */
final class PositionalBytes {

	static final int CHUNK_SIZE = 64 << 10;

	private final RandomAccessFile file;

	PositionalBytes(RandomAccessFile file) {
		this.file = file;
	}

	/** Reads. Returns how many bytes were read: fewer than asked for only at the end. */
	long read(MemorySegment target, long index, long length, long offset) throws IOException {
		byte[] chunk = new byte[(int) Math.min(length, CHUNK_SIZE)];
		long done = 0;
		while (done < length) {
			int count = read(chunk, (int) Math.min(length - done, chunk.length), offset + done);
			if (count < 0) {
				break;
			}
			MemorySegment.copy(MemorySegment.ofArray(chunk), 0, target, index + done, count);
			done += count;
		}
		return done;
	}

	private synchronized int read(byte[] chunk, int length, long offset) throws IOException {
		this.file.seek(offset);
		return this.file.read(chunk, 0, length);
	}

	/** Checks that a file can be that long. */
	synchronized void requireReachable(long size) throws IOException {
		this.file.seek(size);
	}

	void write(MemorySegment source, long index, long length, long offset) throws IOException {
		byte[] chunk = new byte[(int) Math.min(length, CHUNK_SIZE)];
		for (long done = 0; done < length; done += chunk.length) {
			int count = (int) Math.min(length - done, chunk.length);
			MemorySegment.copy(source, index + done, MemorySegment.ofArray(chunk), 0, count);
			write(chunk, count, offset + done);
		}
	}

	private synchronized void write(byte[] chunk, int length, long offset) throws IOException {
		this.file.seek(offset);
		this.file.write(chunk, 0, length);
	}

}
