package dev.yammap.internal.os.linux.call;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

/**
 * Memory outside of the heap for the time of a call, from {@link CallMemories}: the heap
 * has no address that the kernel could be given. Used by one thread at a time, and by
 * none after {@link #close()}; other than an arena of the JDK this one cannot tell.
 */
public final class CallMemory implements Arena, CallState {

	/** What one system call writes at most, unless it must be one call. */
	static final int TRANSFER_SIZE = 64 << 10;

	/**
	 * A page of small structures lies before the bytes, so that most calls touch that.
	 */
	static final int TRANSFER_OFFSET = 4 << 10;

	static final int SIZE = TRANSFER_OFFSET + TRANSFER_SIZE;

	private final MemorySegment whole;

	private final MemorySegment transfer;

	private final MemorySegment state;

	private final CallMemories memories;

	/** Whether it is mapped for one call, and unmapped at the end of that. */
	private final boolean temporary;

	private final AtomicBoolean taken;

	/** What the state takes. */
	private final long base;

	private long used;

	/** For what did not fit. */
	private @Nullable CallMemory more;

	/**
	 * Creates memory that nobody has taken, unless it is temporary.
	 * @param memories where it is from
	 * @param whole at least {@link #SIZE} bytes
	 * @param temporary whether it is mapped for one call
	 */
	CallMemory(CallMemories memories, MemorySegment whole, boolean temporary) {
		this.memories = memories;
		this.whole = whole;
		this.temporary = temporary;
		this.taken = new AtomicBoolean(temporary);
		this.transfer = whole.asSlice(TRANSFER_OFFSET);
		this.state = allocate(CallState.Allocated.LAYOUT);
		this.base = this.used;
	}

	/** Takes this memory, if nobody has; temporary memory is taken for good. */
	boolean take() {
		return !this.taken.getPlain() && this.taken.compareAndSet(false, true);
	}

	@Override
	public MemorySegment segment() {
		return this.state;
	}

	/** All that is not for small structures, whatever it contains. */
	public MemorySegment transfer() {
		return this.transfer;
	}

	/**
	 * Returns zeroed memory, which is not {@link #transfer()} as long as it is little.
	 */
	@Override
	public MemorySegment allocate(long byteSize, long byteAlignment) {
		long start = (this.used + byteAlignment - 1) & -byteAlignment;
		if (byteSize > this.whole.byteSize() - start) {
			return allocateMore(byteSize, byteAlignment);
		}
		MemorySegment allocated = this.whole.asSlice(start, byteSize);
		this.used = start + byteSize;
		return allocated.fill((byte) 0);
	}

	private MemorySegment allocateMore(long byteSize, long byteAlignment) {
		CallMemory added = this.memories.map(byteSize);
		added.more = this.more;
		this.more = added;
		return added.allocate(byteSize, byteAlignment);
	}

	@Override
	public MemorySegment.Scope scope() {
		return this.whole.scope();
	}

	@Override
	public void close() {
		CallMemory added = this.more;
		this.more = null;
		this.used = this.base;
		if (this.temporary) {
			this.memories.unmap(this.whole);
		}
		else {
			this.taken.setRelease(false);
		}
		if (added != null) {
			added.close();
		}
	}

}
