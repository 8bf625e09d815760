package dev.yammap.journal.internal.write;

/**
 * Makes a fault of the caller's own mappings arrive before a number is claimed. If
 * compiled code touches a page that is not available, HotSpot throws the error not there
 * but at a later safepoint poll. The caller may have touched such a page just before the
 * append, or the copy of the content does. A loop polls where it goes back, unless the
 * compiler knows how often that happens. This loop goes back once, and the compiler
 * cannot know that.
 */
final class PendingFault {

	/** Never changes. If it were final, the compiler could unroll the loop. */
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
