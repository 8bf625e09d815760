package dev.yammap.benchmarks.peers;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Cannot be closed: the collector unmaps the buffer at some later time. At most 2 GiB.
 * <p>
 * Buffers take so little of the heap that the collector may run too late. A benchmark
 * that only opened files reached the limit of mappings first, and its virtual machine
 * ended. So this peer asks the collector to run now and then, which is part of what a
 * buffer costs.
 */
final class MappedByteBufferPeer implements Peer {

	/**
	 * A sixth of the mappings that a process may have, unless the system was told
	 * otherwise.
	 */
	private static final int MOST_LEFT = 10_000;

	private static final AtomicInteger LEFT = new AtomicInteger();

	private final MappedByteBuffer buffer;

	MappedByteBufferPeer(Path path, long size) throws IOException {
		try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
			this.buffer = channel.map(MapMode.READ_WRITE, 0, size);
			this.buffer.order(ByteOrder.nativeOrder());
		}
	}

	@Override
	public long readLong(long offset) {
		return this.buffer.getLong((int) offset);
	}

	@Override
	public void writeLong(long offset, long value) {
		this.buffer.putLong((int) offset, value);
	}

	@Override
	public void read(long offset, byte[] bytes, int index, int length) {
		this.buffer.get((int) offset, bytes, index, length);
	}

	@Override
	public void write(long offset, byte[] bytes, int index, int length) {
		this.buffer.put((int) offset, bytes, index, length);
	}

	@Override
	public void sync(long offset, int length) {
		this.buffer.force((int) offset, length);
	}

	@Override
	public void close() {
		if (LEFT.incrementAndGet() % MOST_LEFT == 0) {
			System.gc();
		}
	}

}
