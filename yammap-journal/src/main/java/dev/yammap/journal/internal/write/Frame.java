package dev.yammap.journal.internal.write;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

import dev.yammap.journal.internal.format.RecordCodec;
import dev.yammap.journal.internal.format.RecordFormat;

/**
 * A record in the heap, as it is put together. The appender copies the content here
 * before it claims a number. What the caller does to the content afterwards can leave
 * neither a hole nor a wrong checksum.
 */
final class Frame {

	private static final int INITIAL = 1024;

	private final RecordCodec codec = new RecordCodec();

	private byte[] bytes = new byte[INITIAL];

	byte[] bytes() {
		return this.bytes;
	}

	RecordCodec codec() {
		return this.codec;
	}

	void fill(byte[] content, int index, int length) {
		System.arraycopy(content, index, room(length), RecordFormat.HEADER, length);
	}

	void fill(ByteBuffer content, int length) {
		content.get(content.position(), room(length), RecordFormat.HEADER, length);
	}

	void fill(MemorySegment content, int length) {
		MemorySegment.copy(content, ValueLayout.JAVA_BYTE, 0, room(length), RecordFormat.HEADER, length);
	}

	private byte[] room(int length) {
		int needed = RecordFormat.HEADER + length;
		if (this.bytes.length < needed) {
			this.bytes = new byte[Math.max(needed, Math.min(2 * this.bytes.length, FramePool.MOST_KEPT))];
		}
		return this.bytes;
	}

}
