package dev.yammap.internal.os.linux.call;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReferenceArray;

import org.jspecify.annotations.Nullable;

/**
 * The memory outside of the heap that calls hand bytes to the kernel in, one pool for all
 * files.
 * <p>
 * Memory of a file's own would be freed by the collector alone, if by anybody: a thousand
 * files that grew would hold 64 MiB, more than a container may have of it
 * ({@code -XX:MaxDirectMemorySize}). So a call takes what is free here. There is as much
 * as calls were ever under way at once, {@value #MOST} times 68 KiB at most. Beyond that,
 * and where the virtual machine has no direct memory left, a call maps memory for itself
 * and unmaps it at its end: nobody waits for the call of another, whose device may not
 * answer.
 */
public final class CallMemories {

	/** How many calls find memory at hand. */
	static final int MOST = 32;

	private final Libc libc;

	/**
	 * In the order they were made. They go with this pool: that is, with the class
	 * loader.
	 */
	private final AtomicReferenceArray<@Nullable CallMemory> pool = new AtomicReferenceArray<>(MOST);

	/**
	 * Whether the virtual machine had no memory when asked. It is not asked again: it
	 * says so only after a collection and half a second.
	 */
	private volatile boolean refused;

	/** For the calls that map and unmap, one at a time. */
	private final CallState state = CallState.in(Arena.ofAuto());

	CallMemories(Libc libc) {
		this.libc = libc;
	}

	/**
	 * Returns memory until it is {@linkplain CallMemory#close() closed}.
	 * @throws OutOfMemoryError if neither the virtual machine nor the operating system
	 * has any
	 */
	public CallMemory take() {
		for (int i = 0; i < MOST; i++) {
			CallMemory memory = this.pool.get(i);
			if (memory == null) {
				memory = create(i);
			}
			if (memory == null) {
				break;
			}
			if (memory.take()) {
				return memory;
			}
		}
		return map(CallMemory.TRANSFER_SIZE);
	}

	/**
	 * Returns memory for one call that takes many bytes.
	 * @param length how many at least
	 * @throws OutOfMemoryError if the operating system has not so much
	 */
	public CallMemory take(long length) {
		return (length <= CallMemory.TRANSFER_SIZE) ? take() : map(length);
	}

	/** Returns what is in the place now, or {@code null} if there can be nothing. */
	private @Nullable CallMemory create(int place) {
		if (this.refused) {
			return null;
		}
		try {
			CallMemory memory = new CallMemory(this, Arena.ofAuto().allocate(CallMemory.SIZE), false);
			return this.pool.compareAndSet(place, null, memory) ? memory : this.pool.get(place);
		}
		catch (OutOfMemoryError error) {
			this.refused = true;
			return null;
		}
	}

	/** Returns temporary memory for so many bytes and some small structures. */
	synchronized CallMemory map(long length) {
		long size = CallMemory.TRANSFER_OFFSET + length;
		try {
			long address = this.libc.mmap(this.state, size, Libc.PROT_READ | Libc.PROT_WRITE,
					Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS, -1);
			return new CallMemory(this, MemorySegment.ofAddress(address).reinterpret(size), true);
		}
		catch (SystemCallException ex) {
			OutOfMemoryError error = new OutOfMemoryError(
					"No memory for a call that takes " + length + " bytes: " + ex.getMessage());
			error.initCause(ex);
			throw error;
		}
	}

	/** Takes temporary memory back. */
	synchronized void unmap(MemorySegment memory) {
		try {
			this.libc.munmap(this.state, memory.address(), memory.byteSize());
		}
		catch (SystemCallException ex) {
			// Address space is lost, and nothing else.
		}
	}

}
