package dev.yammap.internal.backend.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/**
 * Where calls leave {@code errno}. Belongs to one thread at a time.
 *
 * @param segment the memory, as {@link Linker.Option#captureStateLayout()} lays it out
 */
record CallState(MemorySegment segment) {

	static final String ERRNO = "errno";

	private static final StructLayout LAYOUT = Linker.Option.captureStateLayout();

	private static final VarHandle ERRNO_HANDLE = LAYOUT.varHandle(MemoryLayout.PathElement.groupElement(ERRNO));

	static CallState in(Arena arena) {
		return new CallState(arena.allocate(LAYOUT));
	}

	int errno() {
		return (int) ERRNO_HANDLE.get(this.segment, 0L);
	}

}
