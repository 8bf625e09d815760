package dev.yammap.internal.backend.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory outside of the heap to hand bytes to the kernel in: the heap has no address, and
 * a buffer of the caller's may go away. Used by one thread at a time.
 */
final class TransferBuffer {

	/** What one system call writes at most, unless it must be one call. */
	static final int SIZE = 64 << 10;

	private MemorySegment buffer = MemorySegment.NULL;

	/** Returns a copy of some bytes, at most {@link #SIZE}; good until the next one. */
	MemorySegment copyOf(MemorySegment source, long index, long length) {
		return copy(whole(), source, index, length);
	}

	/** Returns some zeros, at most {@link #SIZE}. */
	MemorySegment zeros(long count) {
		return whole().asSlice(0, count).fill((byte) 0);
	}

	MemorySegment whole() {
		if (this.buffer.equals(MemorySegment.NULL)) {
			this.buffer = Arena.ofAuto().allocate(SIZE);
		}
		return this.buffer;
	}

	static MemorySegment copy(MemorySegment target, MemorySegment source, long index, long length) {
		MemorySegment.copy(source, index, target, 0, length);
		return target;
	}

}
