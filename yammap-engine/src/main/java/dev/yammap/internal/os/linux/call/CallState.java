package dev.yammap.internal.os.linux.call;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * The memory in which calls leave {@code errno}. Only one thread at a time may use it.
 */
@FunctionalInterface
public interface CallState {

	String ERRNO = "errno";

	static CallState in(Arena arena) {
		return new Allocated(arena.allocate(Allocated.LAYOUT));
	}

	/**
	 * Returns the memory, as {@link Linker.Option#captureStateLayout()} lays it out.
	 */
	MemorySegment segment();

	/** Returns the {@code errno} that the last call left. */
	default int errno() {
		return segment().get(ValueLayout.JAVA_INT, Allocated.ERRNO_OFFSET);
	}

	/** A state with memory of its own. */
	record Allocated(MemorySegment segment) implements CallState {

		static final StructLayout LAYOUT = Linker.Option.captureStateLayout();

		/** Computed without a path or a handle, as these cost 4 ms at start. */
		private static final long ERRNO_OFFSET = errnoOffset();

		private static long errnoOffset() {
			long offset = 0;
			for (MemoryLayout member : LAYOUT.memberLayouts()) {
				if (member.name().orElse("").equals(ERRNO)) {
					return offset;
				}
				offset += member.byteSize();
			}
			throw new IllegalStateException("The virtual machine captures no errno: " + LAYOUT);
		}

	}

}
