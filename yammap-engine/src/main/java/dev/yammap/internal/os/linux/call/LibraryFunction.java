package dev.yammap.internal.os.linux.call;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

import dev.yammap.internal.os.CallThreads;

/**
 * A function of the C library as the engine calls it: with the result that C declares,
 * and without holding the carrier of a virtual thread.
 * <p>
 * A virtual thread cannot leave its carrier within a downcall. A flush of 3 s would keep
 * every other virtual thread that shares the carrier from running for 3 s. So a function
 * that may wait for a device is called by a {@linkplain CallThreads platform thread}
 * meanwhile, which costs 10 to 50 µs. That holds for every call on a file, however short
 * it is as a rule: a frozen file system stops even a buffered write, and no flag of
 * {@code pwritev2(2)} says beforehand that it would (ext4 knows no RWF_NOWAIT for
 * buffered writes, and no file system heeds it while it is frozen). A platform thread
 * calls the function itself, and pays for a look at itself alone.
 *
 * @param function the function
 * @param returnsInt whether it returns an {@code int}: then the upper half of the
 * register is undefined
 * @param waits whether it may wait for a device
 */
record LibraryFunction(NativeFunction function, boolean returnsInt, boolean waits) implements NativeFunction {

	@Override
	public long call(MemorySegment state, long a, long b, long c, long d, long e, long f, long g) {
		long result = (this.waits && Thread.currentThread().isVirtual()) ? handOver(state, a, b, c, d, e, f, g)
				: this.function.call(state, a, b, c, d, e, f, g);
		return this.returnsInt ? (int) result : result;
	}

	private long handOver(MemorySegment state, long a, long b, long c, long d, long e, long f, long g) {
		// The same memory, which lives until the call has returned, for any thread.
		MemorySegment shared = MemorySegment.ofAddress(state.address()).reinterpret(state.byteSize());
		try {
			return CallThreads.callFreeingCarrier(new Handed(this.function, shared, a, b, c, d, e, f, g));
		}
		catch (IOException ex) {
			throw new AssertionError("A downcall throws nothing checked", ex);
		}
	}

	/** A call to be made by another thread. (A lambda costs the first call 20 ms.) */
	private record Handed(NativeFunction function, MemorySegment state, long a, long b, long c, long d, long e, long f,
			long g) implements CallThreads.Call<Long> {

		@Override
		public Long call() {
			return this.function.call(this.state, this.a, this.b, this.c, this.d, this.e, this.f, this.g);
		}

	}

}
