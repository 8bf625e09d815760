package dev.yammap.internal.os.linux.call;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

import dev.yammap.internal.os.CallThreads;
import dev.yammap.internal.os.IoCall;

/**
 * A function of the C library as the engine calls it: with the result that C declares,
 * with an exception for a failure, and without holding the carrier of a virtual thread.
 * <p>
 * A virtual thread cannot leave its carrier within a downcall. A flush of 3 s would keep
 * every other virtual thread that shares the carrier from running for 3 s. So a
 * {@linkplain CallThreads platform thread} calls a function that may wait for a device,
 * which costs 10 to 50 µs. That goes for every call on a file, even if it is usually
 * short: a frozen file system stops even a buffered write, and no flag of
 * {@code pwritev2(2)} tells that beforehand. (ext4 has no RWF_NOWAIT for buffered writes,
 * and no file system heeds it while it is frozen.) A platform thread calls the function
 * itself. It pays only for asking what kind of thread it is.
 *
 * @param function the function
 * @param strerror the function that returns the word for an {@code errno}
 * @param returnsInt whether it returns an {@code int}. Then the upper half of the
 * register is undefined
 * @param waits whether it may wait for a device
 * @param repeats whether it is called again if a signal interrupted it
 */
record LibraryFunction(NativeFunction function, NativeFunction strerror, boolean returnsInt, boolean waits,
		boolean repeats) {

	private static final long MAX_WORD_BYTES = 256;

	/**
	 * Calls the function.
	 * @param state where it leaves {@code errno}
	 * @return its result, which is not -1
	 * @throws SystemCallException if it fails
	 */
	long call(String name, CallState state, long a, long b, long c, long d, long e, long f, long g)
			throws SystemCallException {
		boolean handsOver = this.waits && Thread.currentThread().isVirtual();
		NativeFunction called = handsOver ? new HandedOver(this.function) : this.function;
		MemorySegment segment = state.segment();
		long result;
		do {
			result = called.call(segment, a, b, c, d, e, f, g);
			result = this.returnsInt ? (int) result : result;
		}
		while (result == -1 && this.repeats && state.errno() == Errno.EINTR.number());
		if (result == -1) {
			throw failure(name, state);
		}
		return result;
	}

	private SystemCallException failure(String name, CallState state) {
		int errno = state.errno();
		return new SystemCallException(name, errno, word(errno, state));
	}

	private String word(int errno, CallState state) {
		long address = this.strerror.call(state.segment(), errno, 0, 0, 0, 0, 0, 0);
		if (address == 0) {
			return "Unknown error";
		}
		return MemorySegment.ofAddress(address).reinterpret(MAX_WORD_BYTES).getString(0, StandardCharsets.UTF_8);
	}

	/** The same function, called by another thread. */
	private record HandedOver(NativeFunction function) implements NativeFunction {

		@Override
		public long call(MemorySegment state, long a, long b, long c, long d, long e, long f, long g) {
			// The same memory for any thread. It lives until the call has returned.
			MemorySegment shared = MemorySegment.ofAddress(state.address()).reinterpret(state.byteSize());
			try {
				return CallThreads.callFreeingCarrier(new Handed(this.function, shared, a, b, c, d, e, f, g)).result;
			}
			catch (IOException ex) {
				throw new AssertionError("A downcall throws nothing checked", ex);
			}
		}

	}

	/**
	 * A call to be made by another thread. (A lambda costs the first call 20 ms.) It
	 * takes its result itself: there may be no memory for another object after the call,
	 * and a descriptor would be lost.
	 */
	private static final class Handed implements IoCall<Handed> {

		private final NativeFunction function;

		private final MemorySegment state;

		private final long[] arguments;

		private long result;

		Handed(NativeFunction function, MemorySegment state, long... arguments) {
			this.function = function;
			this.state = state;
			this.arguments = arguments;
		}

		@Override
		public Handed call() {
			long[] given = this.arguments;
			this.result = this.function.call(this.state, given[0], given[1], given[2], given[3], given[4], given[5],
					given[6]);
			return this;
		}

	}

}
