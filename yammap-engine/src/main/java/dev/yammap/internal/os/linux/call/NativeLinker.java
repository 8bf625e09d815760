package dev.yammap.internal.os.linux.call;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.function.Function;

/**
 * Links functions of the C library, the one place where the engine meets a
 * {@link MethodHandle}.
 * <p>
 * All functions share one signature, seven longs to a long, and one handle, which is told
 * the address of the function with each call. Linking that handle costs 40 to 90 ms when
 * it is the first in the virtual machine; one more of another signature would cost 10 ms,
 * one for each function 0.2 ms. It is sound because the System V ABI for x86-64 (3.2.3)
 * and the AAPCS64 (6.8.2) both pass the first six integer or pointer arguments in
 * registers of 64 bits, and the seventh in one or on the stack of the caller; a callee
 * ignores what it does not expect, and returns integers in a register. So the same holds
 * for the variadic {@code open}. (The seventh is for {@code syscall} with all that a
 * system call may have.)
 */
public final class NativeLinker implements Function<String, NativeFunction> {

	/** Also in the metadata for native images, which a test compares with it. */
	static final FunctionDescriptor SIGNATURE = FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
			ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
			ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);

	private final SymbolLookup lookup;

	private final MethodHandle call;

	public NativeLinker() {
		Linker linker = Linker.nativeLinker();
		this.lookup = linker.defaultLookup();
		this.call = linker.downcallHandle(SIGNATURE, Linker.Option.captureCallState(CallState.ERRNO));
	}

	/**
	 * Links a function.
	 * @throws UnsupportedOperationException if the C library has no such function
	 */
	@Override
	public NativeFunction apply(String name) {
		MemorySegment address = this.lookup.find(name).orElse(null);
		if (address == null) {
			throw new UnsupportedOperationException("The C library has no function " + name);
		}
		return new Linked(this.call, address);
	}

	/**
	 * A function at its address. (Classes where lambdas would do: a lambda costs the
	 * start of an application twice as much.)
	 */
	private record Linked(MethodHandle handle, MemorySegment address) implements NativeFunction {

		@Override
		public long call(MemorySegment state, long a, long b, long c, long d, long e, long f, long g) {
			try {
				return (long) this.handle.invokeExact(this.address, state, a, b, c, d, e, f, g);
			}
			catch (RuntimeException | Error ex) {
				throw ex;
			}
			catch (Throwable ex) {
				throw new AssertionError("A downcall throws nothing checked", ex);
			}
		}

	}

}
