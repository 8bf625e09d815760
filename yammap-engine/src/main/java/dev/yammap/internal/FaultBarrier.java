package dev.yammap.internal;

/**
 * Makes a fault arrive. When a mapping cannot provide a page, the kernel sends SIGBUS,
 * and HotSpot makes an {@link InternalError} of it; but in code compiled by C2 that error
 * is not thrown at the access. It is pending, and arrives at some later safepoint or
 * call, in a caller outside the {@code try} block; until then the failed read has
 * returned garbage. An access is therefore followed, inside its {@code try} block and
 * before any value leaves it, by {@link #await()} or {@link #pass(long)}.
 * <p>
 * What delivers a pending error is a call that is not inlined. HotSpot never inlines a
 * method of more than 325 bytecodes ({@code -XX:FreqInlineSize}). The block that makes
 * {@code pass} so long is behind a constant {@code false}, which the compiler folds: what
 * remains is a call and a return, about 2 ns. Fences, volatile reads, {@code onSpinWait}
 * and {@code synchronized} deliver nothing.
 */
final class FaultBarrier {

	/** False, but not a constant for javac, which would leave the block out. */
	private static final boolean NEVER = Boolean.parseBoolean("never");

	/** What both messages of HotSpot's have in common, see sharedRuntime.cpp. */
	private static final String FAULT = "unsafe memory access operation";

	private static int sink;

	private FaultBarrier() {
	}

	/**
	 * Returns if no fault is pending in this thread.
	 * @throws InternalError if one is
	 */
	static void await() {
		pass(0);
	}

	/**
	 * Returns a value that was read, if no fault is pending in this thread. What the
	 * caller goes on with is the result of a call, not of a read: so the compiler can
	 * neither compute with garbage before the fault arrives, nor make the read part of an
	 * instruction that HotSpot cannot step over when it faults. (There is one: the read
	 * of an int that is widened to a long, MOVSXD on x86-64.) Widen what is passed
	 * without its sign.
	 * @throws InternalError if a fault is pending
	 */
	static long pass(long value) {
		if (NEVER) {
			switch (sink) {
				case 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,
						27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50,
						51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74,
						75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89 ->
					sink++;
				default -> sink--;
			}
		}
		return value;
	}

	/** Makes the error of a fault that the operating system told of by other means. */
	static InternalError fault() {
		return new InternalError("A page cannot be made ready for an " + FAULT);
	}

	/** Throws an error again unless it is a fault. */
	static void requireFault(InternalError error) {
		if (!isFault(error)) {
			throw error;
		}
	}

	/**
	 * Tells whether an error is a fault, and not another failure of the virtual machine.
	 */
	static boolean isFault(InternalError error) {
		String message = error.getMessage();
		return message != null && message.contains(FAULT);
	}

}
