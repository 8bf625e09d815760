package dev.yammap.internal.backend.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Links functions of the C library, the one place where the engine meets a
 * {@link MethodHandle}.
 * <p>
 * All functions share one signature: six longs to a long. Linking the first function of a
 * signature costs 40 to 90 ms, every further one 10 ms, every further function of a known
 * one 0.2 ms. It is sound because the System V ABI for x86-64 (3.2.3) and the AAPCS64
 * (6.8.2) both pass the first six integer or pointer arguments in registers of 64 bits,
 * whose surplus a callee ignores, and return integers in one; so the same holds for the
 * variadic {@code open}.
 */
final class NativeLinker {

	private static final FunctionDescriptor SIGNATURE = FunctionDescriptor.of(ValueLayout.JAVA_LONG,
			ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
			ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);

	private final Linker linker = Linker.nativeLinker();

	private final SymbolLookup lookup = this.linker.defaultLookup();

	/**
	 * Links a function.
	 * @throws UnsupportedOperationException if the C library has no such function
	 */
	NativeFunction link(String name) {
		MemorySegment address = this.lookup.find(name)
			.orElseThrow(() -> new UnsupportedOperationException("The C library has no function " + name));
		MethodHandle handle = this.linker.downcallHandle(address, SIGNATURE,
				Linker.Option.captureCallState(CallState.ERRNO));
		return (state, a, b, c, d, e, f) -> invoke(handle, state, a, b, c, d, e, f);
	}

	private static long invoke(MethodHandle handle, MemorySegment state, long a, long b, long c, long d, long e,
			long f) {
		try {
			return (long) handle.invokeExact(state, a, b, c, d, e, f);
		}
		catch (RuntimeException | Error ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new AssertionError("A downcall throws nothing checked", ex);
		}
	}

}
