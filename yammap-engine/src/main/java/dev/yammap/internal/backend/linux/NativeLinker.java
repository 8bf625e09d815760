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
 * All functions share one signature, six longs to a long, and one handle, which is told
 * the address of the function with each call. Linking that handle costs 40 to 90 ms when
 * it is the first in the virtual machine; one more of another signature would cost 10 ms,
 * one for each function 0.2 ms. It is sound because the System V ABI for x86-64 (3.2.3)
 * and the AAPCS64 (6.8.2) both pass the first six integer or pointer arguments in
 * registers of 64 bits, whose surplus a callee ignores, and return integers in one; so
 * the same holds for the variadic {@code open}.
 */
final class NativeLinker {

	/** Also in the metadata for native images, which a test compares with it. */
	static final FunctionDescriptor SIGNATURE = FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
			ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
			ValueLayout.JAVA_LONG);

	private final SymbolLookup lookup;

	private final MethodHandle call;

	NativeLinker() {
		Linker linker = Linker.nativeLinker();
		this.lookup = linker.defaultLookup();
		this.call = linker.downcallHandle(SIGNATURE, Linker.Option.captureCallState(CallState.ERRNO));
	}

	/**
	 * Links a function.
	 * @throws UnsupportedOperationException if the C library has no such function
	 */
	NativeFunction link(String name) {
		MemorySegment address = this.lookup.find(name)
			.orElseThrow(() -> new UnsupportedOperationException("The C library has no function " + name));
		return (state, a, b, c, d, e, f) -> invoke(address, state, a, b, c, d, e, f);
	}

	private long invoke(MemorySegment function, MemorySegment state, long a, long b, long c, long d, long e, long f) {
		try {
			return (long) this.call.invokeExact(function, state, a, b, c, d, e, f);
		}
		catch (RuntimeException | Error ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new AssertionError("A downcall throws nothing checked", ex);
		}
	}

}
