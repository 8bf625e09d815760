package dev.yammap.internal.os.linux.call;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * Where calls leave {@code errno}. Belongs to one thread at a time.
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

	/** Returns what the last call left. */
	default int errno() {
		return segment().get(ValueLayout.JAVA_INT, Allocated.ERRNO_OFFSET);
	}

	/**
	 * Memory of its own.
	 */
	record Allocated(MemorySegment segment) implements CallState {

		static final StructLayout LAYOUT = Linker.Option.captureStateLayout();

		/** Found without a path or a handle, which cost 4 ms at start. */
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
