package dev.yammap.internal.fault;

/**
 * Makes a fault arrive. When a mapping cannot provide a page, the kernel sends SIGBUS,
 * and HotSpot makes an {@link InternalError} of it; but in compiled code that error is
 * not thrown at the access. It is pending in the thread, and arrives at a later safepoint
 * poll, in some caller outside the {@code try} block; until then the failed read has
 * returned garbage. So every call of the engine has a barrier in two places:
 * <ul>
 * <li>behind an access, inside its {@code try} block and before any value leaves it. A
 * fault of the access arrives there.</li>
 * <li>where the call begins, outside of that block and before a lock is taken. A fault of
 * somebody else arrives there, such as of the caller's last read of a view. It is thrown
 * on, and the call has done nothing. So what the {@code try} block catches is the call's
 * own.</li>
 * </ul>
 * Compiled code polls where a method that was not inlined returns, and where a loop goes
 * back. Flags decide which methods are inlined ({@code -XX:FreqInlineSize},
 * {@code C1MaxInlineSize}, {@code CompileCommand}). A loop polls whatever the flags are,
 * unless the compiler knows how often it goes back (HotSpot: "Not a counted loop. Keep
 * one safepoint", loopnode.cpp). So the barrier is a loop that goes back once, which
 * takes about 0.6 ns. The compiler cannot know that it is once: the loop starts from a
 * field that is not final, and shifts instead of counting.
 * <p>
 * Fences, volatile reads, {@code onSpinWait} and {@code synchronized} deliver nothing.
 */
public final class FaultBarrier {

	/** What both messages of HotSpot's have in common, see sharedRuntime.cpp. */
	private static final String FAULT = "unsafe memory access operation";

	/** Never changed, but not final, which would let the compiler unroll the loops. */
	@SuppressWarnings("FieldMayBeFinal")
	private static long highestBit = Long.MIN_VALUE;

	private FaultBarrier() {
	}

	/**
	 * Returns if no fault is pending in this thread.
	 * @throws InternalError if one is
	 */
	public static void await() {
		long bit = highestBit;
		while (bit < 0) {
			bit <<= 1;
		}
	}

	/**
	 * Returns a value that was read, if no fault is pending in this thread. What the
	 * caller goes on with depends on how the loop ended: so the compiler can neither
	 * compute with garbage before the fault arrives, nor make the read part of an
	 * instruction that HotSpot cannot step over when it faults. (There is one: the read
	 * of an int that is widened to a long, MOVSXD on x86-64.) Widen what is passed
	 * without its sign.
	 * @throws InternalError if a fault is pending
	 */
	public static long pass(long value) {
		long bit = highestBit;
		while (bit < 0) {
			bit <<= 1;
		}
		// It is 0 now, which the compiler does not know either.
		return value ^ bit;
	}

	/** Makes the error of a fault that the operating system told of by other means. */
	public static InternalError fault() {
		return new InternalError("A page cannot be made ready for an " + FAULT);
	}

	/** Throws an error again unless it is a fault. */
	public static void requireFault(InternalError error) {
		if (!isFault(error)) {
			throw error;
		}
	}

	/**
	 * Tells whether an error is a fault, and not another failure of the virtual machine.
	 */
	public static boolean isFault(InternalError error) {
		String message = error.getMessage();
		return message != null && message.contains(FAULT);
	}

}
