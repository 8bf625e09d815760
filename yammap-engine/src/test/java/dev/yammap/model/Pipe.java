package dev.yammap.model;

import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.util.Arrays;
import java.util.Random;

/**
 * The other end of a transfer: bytes in memory, which may take and give few at a time, or
 * be closed.
 */
final class Pipe implements ByteChannel {

	private final int most;

	private final boolean open;

	private byte[] bytes;

	private int index;

	Pipe(Random random, byte... bytes) {
		this.most = random.nextBoolean() ? Integer.MAX_VALUE : 1 + random.nextInt(1_000);
		this.open = random.nextInt(25) != 0;
		this.bytes = bytes;
	}

	byte[] bytes() {
		return this.bytes;
	}

	@Override
	public int read(ByteBuffer dst) throws ClosedChannelException {
		requireOpen();
		int count = Math.min(Math.min(dst.remaining(), this.most), this.bytes.length - this.index);
		dst.put(this.bytes, this.index, count);
		this.index += count;
		return (count == 0 && dst.hasRemaining()) ? -1 : count;
	}

	@Override
	public int write(ByteBuffer src) throws ClosedChannelException {
		requireOpen();
		int count = Math.min(src.remaining(), this.most);
		int end = this.bytes.length;
		this.bytes = Arrays.copyOf(this.bytes, end + count);
		src.get(this.bytes, end, count);
		return count;
	}

	private void requireOpen() throws ClosedChannelException {
		if (!this.open) {
			throw new ClosedChannelException();
		}
	}

	@Override
	public boolean isOpen() {
		return this.open;
	}

	@Override
	public void close() {
	}

}
