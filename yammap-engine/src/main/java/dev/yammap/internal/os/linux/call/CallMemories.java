package dev.yammap.internal.os.linux.call;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReferenceArray;

import org.jspecify.annotations.Nullable;

/**
 * The memory outside of the heap through which calls exchange bytes with the kernel: one
 * pool for all files.
 * <p>
 * If each file had memory of its own, only the collector would free it. A thousand files
 * that grew would hold 64 MiB, perhaps more than a container allows
 * ({@code -XX:MaxDirectMemorySize}). So a call takes free memory of this pool. The pool
 * grows to as many pieces as calls were ever under way at once, at most {@value #MOST}
 * pieces of 68 KiB. Beyond that, and if the virtual machine has no direct memory left, a
 * call maps memory for itself and unmaps it at its end. So no call waits for another,
 * whose device may not answer.
 */
public final class CallMemories {

	/** How many calls at a time get memory of the pool. */
	static final int MOST = 32;

	private final Libc libc;

	/**
	 * The pieces, in the order in which they were made. They are freed with this pool,
	 * and so with the class loader.
	 */
	private final AtomicReferenceArray<@Nullable CallMemory> pool = new AtomicReferenceArray<>(MOST);

	/**
	 * Whether the virtual machine once had no memory left. It is not asked again, as it
	 * takes a collection and half a second to say so.
	 */
	private volatile boolean refused;

	/** For the calls that map and unmap, which are made one at a time. */
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
	 * Makes the memory of a place, unless there is some. Returns {@code null} if none can
	 * be made.
	 */
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

	/** Returns temporary memory for that many bytes and some small structures. */
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

	synchronized void unmap(MemorySegment memory) {
		try {
			this.libc.munmap(this.state, memory.address(), memory.byteSize());
		}
		catch (SystemCallException ex) {
			// This loses some address space, and nothing else.
		}
	}

}
