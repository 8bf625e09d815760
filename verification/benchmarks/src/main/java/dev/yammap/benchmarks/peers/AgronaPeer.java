package dev.yammap.benchmarks.peers;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.file.Path;

import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Checks offsets, unless it is told not to. An access after it was unmapped ends the
 * virtual machine. At most 2 GiB.
 */
final class AgronaPeer implements Peer {

	private final MappedByteBuffer mapped;

	private final UnsafeBuffer buffer;

	AgronaPeer(Path path) throws IOException {
		this.mapped = IoUtil.mapExistingFile(path.toFile(), "the file of a benchmark");
		this.buffer = new UnsafeBuffer(this.mapped);
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
		this.buffer.getBytes((int) offset, bytes, index, length);
	}

	@Override
	public void write(long offset, byte[] bytes, int index, int length) {
		this.buffer.putBytes((int) offset, bytes, index, length);
	}

	@Override
	public void sync(long offset, int length) {
		this.mapped.force((int) offset, length);
	}

	@Override
	public void close() {
		IoUtil.unmap(this.mapped);
	}

}
