package dev.yammap.internal.os.linux.call;

import java.lang.foreign.MemorySegment;

/**
 * A function of the C library, called with up to seven integers or addresses. This is the
 * seam at which a test makes any call fail.
 */
@FunctionalInterface
public interface NativeFunction {

	/**
	 * Calls the function.
	 * @param state where to leave {@code errno}
	 * @return what the function left in its result register. If it returns an
	 * {@code int}, only the lower half is valid
	 */
	long call(MemorySegment state, long a, long b, long c, long d, long e, long f, long g);

}
