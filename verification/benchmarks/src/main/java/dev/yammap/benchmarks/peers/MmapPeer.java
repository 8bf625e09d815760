package dev.yammap.benchmarks.peers;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import dev.yammap.Mmap;

final class MmapPeer implements Peer {

	private final Mmap mmap;

	MmapPeer(Path path) throws IOException {
		this.mmap = Mmap.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
	}

	@Override
	public long readLong(long offset) {
		return this.mmap.get(ValueLayout.JAVA_LONG_UNALIGNED, offset);
	}

	@Override
	public void writeLong(long offset, long value) {
		this.mmap.set(ValueLayout.JAVA_LONG_UNALIGNED, offset, value);
	}

	@Override
	public void read(long offset, byte[] bytes, int index, int length) throws IOException {
		this.mmap.readAt(bytes, index, length, offset);
	}

	@Override
	public void write(long offset, byte[] bytes, int index, int length) throws IOException {
		this.mmap.writeAt(bytes, index, length, offset);
	}

	@Override
	public void sync(long offset, int length) throws IOException {
		this.mmap.sync();
	}

	@Override
	public void close() throws IOException {
		this.mmap.close();
	}

}
