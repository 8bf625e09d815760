package dev.yammap.internal.fault;

import java.lang.ref.Reference;

import org.jspecify.annotations.Nullable;

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
 * Compiled code polls where a loop goes back, and where a method that was not inlined
 * returns. Neither may depend on flags.
 * <ul>
 * <li>{@link #await(long)} and {@link #pass(long, long)} are a loop that goes back once.
 * A loop polls unless the compiler knows how often it goes back (HotSpot: "Not a counted
 * loop. Keep one safepoint", loopnode.cpp). It cannot know that here: the loop starts
 * from a field that is not final, and shifts instead of counting. A hot path has that
 * field in an object that it reads anyway, which was measured to be cheaper at random
 * places (docs/performance.md).</li>
 * <li>{@link #awaitCopy()} is a call that HotSpot never inlines. Which methods it inlines
 * depends on flags ({@code -XX:FreqInlineSize}, {@code CompileCommand=inline}), but
 * whatever they are, C2 inlines no more than 8,000 bytecodes into one method
 * (DesiredMethodLimit, bytecodeInfo.cpp), and compiles no method of more than 8,000
 * (HugeMethodLimit, compilationPolicy.cpp). This method is just short enough to be
 * compiled, and too long to be inlined into anything. (Only {@code -XX:-ClipInlining}
 * takes that limit away, with a {@code FreqInlineSize} of 8,000 beside it.) C1 has no
 * such limit for the first method that it inlines: for C1 alone the method ends with a
 * loop that never goes back. C1 polls there all the same, and C2 leaves it out.</li>
 * </ul>
 * The loop is the cheaper one around a single value. Behind a copy to random places the
 * call was measured to be (docs/performance.md).
 * <p>
 * Fences, volatile reads, {@code onSpinWait} and {@code synchronized} deliver nothing.
 */
public final class FaultBarrier {

	/** What both messages of HotSpot's have in common, see sharedRuntime.cpp. */
	private static final String FAULT = "unsafe memory access operation";

	/** The value of a field that {@link #await(long)} is called with. */
	public static final long HIGHEST_BIT = Long.MIN_VALUE;

	/** Never changed, but not final, which would let the compiler unroll the loop. */
	@SuppressWarnings("FieldMayBeFinal")
	private static long highestBit = HIGHEST_BIT;

	/** False, but not a constant for javac, which would leave the block out. */
	private static final boolean NEVER = Boolean.parseBoolean("never");

	/** Never changed, but not final, which would let C1 leave the loop out. */
	@SuppressWarnings("FieldMayBeFinal")
	private static boolean again;

	@SuppressWarnings("UnusedVariable")
	private static Object @Nullable [] filling;

	private FaultBarrier() {
	}

	/**
	 * Returns if no fault is pending in this thread.
	 * @throws InternalError if one is
	 */
	public static void await() {
		await(highestBit);
	}

	/**
	 * The same for a hot path.
	 * @param highestBit {@link #HIGHEST_BIT}, read from a field that is not final
	 * @throws InternalError if a fault is pending
	 */
	public static void await(long highestBit) {
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
	 * @param highestBit {@link #HIGHEST_BIT}, read from a field that is not final
	 * @throws InternalError if a fault is pending
	 */
	public static long pass(long value, long highestBit) {
		long bit = highestBit;
		while (bit < 0) {
			bit <<= 1;
		}
		// It is 0 now, which the compiler does not know either.
		return value ^ bit;
	}

	/**
	 * Ends an access: as {@link #await(long)}, and until here the given object can be
	 * reached, so that its file is not found lost during the access. The fence need not
	 * be in a {@code finally} block, as an access that threw has ended. It stands before
	 * the barrier, which needs no mapping.
	 */
	@SuppressWarnings("ReachabilityFenceUsage")
	public static void await(Object user, long highestBit) {
		Reference.reachabilityFence(user);
		await(highestBit);
	}

	/** The same for {@link #pass(long, long)}. */
	@SuppressWarnings("ReachabilityFenceUsage")
	public static long pass(Object user, long value, long highestBit) {
		Reference.reachabilityFence(user);
		return pass(value, highestBit);
	}

	/** The same for {@link #awaitCopy()}. */
	@SuppressWarnings("ReachabilityFenceUsage")
	public static void awaitCopy(Object user) {
		Reference.reachabilityFence(user);
		awaitCopy();
	}

	/**
	 * The same as {@link #await()}, for use behind a copy.
	 * @throws InternalError if a fault is pending
	 */
	private static void awaitCopy() {
		if (NEVER) {
			// Never run: it makes the method long, by ten bytecodes for each element.
			// FaultBarrierTests holds the length.
			filling = new Object[] { 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9,
					9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9,
					9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9,
					9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9,
					9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9,
					9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9,
					9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9,
					9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9,
					9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9,
					9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9,
					9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9,
					9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9,
					9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9,
					9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9,
					9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9,
					9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9,
					9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9,
					9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9,
					9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9,
					9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9,
					9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9,
					9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9,
					9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9,
					9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9,
					9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9 };
		}
		do {
			// For C1: see above.
		}
		while (again);
	}

	/**
	 * Makes the error for a fault that the operating system did not report by a signal.
	 */
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
