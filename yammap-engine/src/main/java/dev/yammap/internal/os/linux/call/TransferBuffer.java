package dev.yammap.internal.os.linux.call;

import java.lang.foreign.MemorySegment;

import org.jspecify.annotations.Nullable;

/**
 * The {@link CallMemory} of a file, for the calls that one thread at a time may make:
 * taken when the first of them needs it, and given back by {@link #release()} when the
 * thread lets the others go on.
 */
public final class TransferBuffer implements CallState {

	/** What one system call writes at most, unless it must be one call. */
	public static final int SIZE = CallMemory.TRANSFER_SIZE;

	private final CallMemories memories;

	private @Nullable CallMemory memory;

	/**
	 * The memory that was taken last. Most likely it is free, and in the cache of a
	 * processor.
	 */
	private @Nullable CallMemory last;

	public TransferBuffer(CallMemories memories) {
		this.memories = memories;
	}

	/** Returns a copy of some bytes, at most {@link #SIZE}; good until the next one. */
	public MemorySegment copyOf(MemorySegment source, long index, long length) {
		MemorySegment target = whole(length);
		MemorySegment.copy(source, index, target, 0, length);
		return target;
	}

	/** Returns some zeros, at most {@link #SIZE}. */
	public MemorySegment zeros(long count) {
		return whole(count).asSlice(0, count).fill((byte) 0);
	}

	/**
	 * Returns room for so many bytes, however many they are.
	 * @throws OutOfMemoryError if the operating system does not have that much
	 */
	public MemorySegment whole(long length) {
		return (length <= SIZE) ? memory().transfer() : memory().more(length);
	}

	@Override
	public MemorySegment segment() {
		return memory().segment();
	}

	private CallMemory memory() {
		CallMemory taken = this.memory;
		if (taken == null) {
			CallMemory before = this.last;
			taken = (before != null && before.take()) ? before : this.memories.take();
			this.memory = taken;
		}
		return taken;
	}

	/** Gives the memory back; what it contains is lost. */
	public void release() {
		CallMemory taken = this.memory;
		if (taken != null) {
			this.memory = null;
			this.last = taken;
			taken.close();
		}
	}

}
