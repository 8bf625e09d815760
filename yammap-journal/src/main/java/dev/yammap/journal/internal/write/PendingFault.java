package dev.yammap.journal.internal.write;

/**
 * Makes a fault of the caller's own mappings arrive before a number is taken. HotSpot
 * does not throw the error of a page that cannot be had where compiled code touches it,
 * but at a later safepoint poll: when the caller reads a view of his before, or when his
 * content is copied. A loop polls where it goes back, unless the compiler knows how often
 * it does; so this one goes back once, which the compiler cannot know.
 */
final class PendingFault {

	/** Never changed, but not final, which would let the compiler unroll the loop. */
	@SuppressWarnings("FieldMayBeFinal")
	private static long highestBit = Long.MIN_VALUE;

	private PendingFault() {
	}

	/**
	 * Returns if no fault is pending in this thread.
	 * @throws InternalError if one is
	 */
	static void await() {
		long bit = highestBit;
		while (bit < 0) {
			bit <<= 1;
		}
	}

}
