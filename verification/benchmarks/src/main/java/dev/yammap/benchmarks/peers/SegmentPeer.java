package dev.yammap.benchmarks.peers;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Guards against use after close, and against offsets outside of the file.
 */
final class SegmentPeer implements Peer {

	private final Arena arena = Arena.ofShared();

	private final MemorySegment segment;

	SegmentPeer(Path path, long size) throws IOException {
		try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
			this.segment = channel.map(MapMode.READ_WRITE, 0, size, this.arena);
		}
	}

	@Override
	public long readLong(long offset) {
		return this.segment.get(ValueLayout.JAVA_LONG_UNALIGNED, offset);
	}

	@Override
	public void writeLong(long offset, long value) {
		this.segment.set(ValueLayout.JAVA_LONG_UNALIGNED, offset, value);
	}

	@Override
	public void read(long offset, byte[] bytes, int index, int length) {
		MemorySegment.copy(this.segment, ValueLayout.JAVA_BYTE, offset, bytes, index, length);
	}

	@Override
	public void write(long offset, byte[] bytes, int index, int length) {
		MemorySegment.copy(bytes, index, this.segment, ValueLayout.JAVA_BYTE, offset, length);
	}

	@Override
	public void sync(long offset, int length) {
		this.segment.asSlice(offset, length).force();
	}

	@Override
	public void close() {
		this.arena.close();
	}

}
