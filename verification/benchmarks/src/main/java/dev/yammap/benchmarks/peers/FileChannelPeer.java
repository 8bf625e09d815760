package dev.yammap.benchmarks.peers;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Makes a system call each time, so a fault is an exception. A value goes through a
 * buffer of its thread.
 */
final class FileChannelPeer implements Peer {

	private static final ThreadLocal<ByteBuffer> VALUE = ThreadLocal
		.withInitial(() -> ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.nativeOrder()));

	private final FileChannel channel;

	@SuppressWarnings("MustBeClosedChecker")
	FileChannelPeer(Path path) throws IOException {
		this.channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
	}

	@Override
	public long readLong(long offset) throws IOException {
		ByteBuffer value = VALUE.get().clear();
		if (this.channel.read(value, offset) != Long.BYTES) {
			throw new EOFException();
		}
		return value.getLong(0);
	}

	@Override
	public void writeLong(long offset, long value) throws IOException {
		this.channel.write(VALUE.get().clear().putLong(value).flip(), offset);
	}

	@Override
	public void read(long offset, byte[] bytes, int index, int length) throws IOException {
		if (this.channel.read(ByteBuffer.wrap(bytes, index, length), offset) != length) {
			throw new EOFException();
		}
	}

	@Override
	public void write(long offset, byte[] bytes, int index, int length) throws IOException {
		this.channel.write(ByteBuffer.wrap(bytes, index, length), offset);
	}

	@Override
	public void sync(long offset, int length) throws IOException {
		this.channel.force(false);
	}

	@Override
	public void close() throws IOException {
		this.channel.close();
	}

}
