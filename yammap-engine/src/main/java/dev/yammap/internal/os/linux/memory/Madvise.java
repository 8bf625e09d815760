package dev.yammap.internal.os.linux.memory;

/**
 * What {@link dev.yammap.internal.os.linux.call.Libc#madvise} can be told, from
 * {@code <sys/mman.h>}, asm-generic/mman-common.h.
 */
final class Madvise {

	static final int NORMAL = 0;

	static final int RANDOM = 1;

	static final int SEQUENTIAL = 2;

	static final int WILLNEED = 3;

	static final int DONTNEED = 4;

	static final int HUGEPAGE = 14;

	static final int NOHUGEPAGE = 15;

	static final int DONTDUMP = 16;

	/** Since Linux 5.4, as the next one. */
	static final int COLD = 20;

	static final int PAGEOUT = 21;

	/** Since Linux 5.14, as the next one. */
	static final int POPULATE_READ = 22;

	static final int POPULATE_WRITE = 23;

	/** Since Linux 6.1. */
	static final int COLLAPSE = 25;

	private Madvise() {
	}

}
