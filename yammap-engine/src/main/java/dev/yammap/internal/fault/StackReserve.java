package dev.yammap.internal.fault;

/**
 * Makes sure that there is enough stack for something that must not fail half-way. A
 * caller at the end of its stack fails here, before it has begun anything that others
 * rely on. A lock of {@link java.util.concurrent.locks} is such a thing: where the stack
 * ends in {@code lock()}, that may throw although the lock is taken, and where it ends in
 * {@code unlock()}, nobody may be woken. Monitors need no reserve.
 */
public final class StackReserve {

	private StackReserve() {
	}

	/**
	 * Returns if there is enough stack for some more calls.
	 * @param levels how much, in levels of about 150 bytes when compiled, and 300 when
	 * interpreted
	 * @throws StackOverflowError if there is not
	 */
	public static void require(int levels) {
		descend(levels, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
	}

	/**
	 * Uses each number again on its way back, in an order that lets the compiler compute
	 * nothing beforehand. So the numbers take space on the stack, whatever the compiler
	 * does.
	 */
	private static long descend(long levels, long a, long b, long c, long d, long e, long f, long g, long h, long i,
			long j, long k) {
		long deeper = (levels == 1) ? 0
				: descend(levels - 1, k + a, a ^ b, b + c, c ^ d, d + e, e ^ f, f + g, g ^ h, h + i, i ^ j, j + k);
		return ((((((((((((deeper + levels) ^ a) + b) ^ c) + d) ^ e) + f) ^ g) + h) ^ i) + j) ^ k);
	}

}
