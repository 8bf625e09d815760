package dev.yammap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * The other end of a transfer: bytes in memory, read from the front and written at the
 * back. Other than the channels of the JDK it does not mind interrupts. It can be told to
 * take and give few bytes at a time, or to fail after some.
 */
class MemoryChannel implements ByteChannel {

	private byte[] bytes;

	private int index;

	private int most = Integer.MAX_VALUE;

	private int calls = Integer.MAX_VALUE;

	private @Nullable IOException failure;

	private boolean open = true;

	MemoryChannel(byte... bytes) {
		this.bytes = bytes;
	}

	/**
	 * Has each call transfer so many bytes at most.
	 */
	MemoryChannel withMost(int most) {
		this.most = most;
		return this;
	}

	/**
	 * Has every call after the first so many fail.
	 */
	MemoryChannel failingAfter(int calls, IOException failure) {
		this.calls = calls;
		this.failure = failure;
		return this;
	}

	byte[] bytes() {
		return this.bytes;
	}

	@Override
	public int read(ByteBuffer dst) throws IOException {
		called();
		int count = Math.min(Math.min(dst.remaining(), this.most), this.bytes.length - this.index);
		dst.put(this.bytes, this.index, count);
		this.index += count;
		return (count == 0 && dst.hasRemaining()) ? -1 : count;
	}

	@Override
	public int write(ByteBuffer src) throws IOException {
		called();
		int count = Math.min(src.remaining(), this.most);
		int end = this.bytes.length;
		this.bytes = Arrays.copyOf(this.bytes, end + count);
		src.get(this.bytes, end, count);
		return count;
	}

	private void called() throws IOException {
		if (!this.open) {
			throw new ClosedChannelException();
		}
		if (this.calls-- <= 0 && this.failure != null) {
			throw this.failure;
		}
	}

	@Override
	public boolean isOpen() {
		return this.open;
	}

	@Override
	public void close() {
		this.open = false;
	}

}
