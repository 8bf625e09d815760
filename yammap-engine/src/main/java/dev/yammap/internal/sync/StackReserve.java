package dev.yammap.internal.sync;

/**
 * Stack for what must not fail half-way. A caller at the end of its stack fails here,
 * while nothing has begun and nobody counts on it.
 */
final class StackReserve {

	/** Compiled, a level takes the least that there is, 32 bytes. */
	private static final int LEVELS = 64;

	private StackReserve() {
	}

	/**
	 * Returns if there is stack for some more calls.
	 * @throws StackOverflowError if there is not
	 */
	static void require() {
		descend(LEVELS);
	}

	private static int descend(int levels) {
		return (levels == 0) ? 0 : 1 + descend(levels - 1);
	}

}
