package dev.yammap.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Path;

import net.openhft.chronicle.bytes.MappedBytes;

/**
 * Checks offsets, but does not guard against missing pages. Meant for one thread at a
 * time.
 */
final class ChronicleBytesPeer implements Peer {

	private final MappedBytes bytes;

	ChronicleBytesPeer(Path path, long size) throws IOException {
		this.bytes = MappedBytes.singleMappedBytes(path.toFile(), size);
		this.bytes.singleThreadedCheckDisabled(true);
		this.bytes.writePosition(size);
	}

	@Override
	public long readLong(long offset) {
		return this.bytes.readLong(offset);
	}

	@Override
	public void writeLong(long offset, long value) {
		this.bytes.writeLong(offset, value);
	}

	@Override
	public void read(long offset, byte[] target, int index, int length) {
		this.bytes.read(offset, target, index, length);
	}

	@Override
	public void write(long offset, byte[] source, int index, int length) {
		this.bytes.write(offset, source, index, length);
	}

	@Override
	public void sync(long offset, int length) {
		this.bytes.sync();
	}

	@Override
	public void close() {
		this.bytes.releaseLast();
	}

}
