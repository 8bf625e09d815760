package dev.yammap.internal.os.linux.call;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.function.Function;

/**
 * Links functions of the C library. This is the only class of the engine that uses a
 * {@link MethodHandle}.
 * <p>
 * All functions share one signature, seven longs to a long, and one handle, which gets
 * the address of the function with each call. To link that handle costs 40 to 90 ms if it
 * is the first in the virtual machine. A handle of another signature would cost 10 ms
 * more, and a handle for each function 0.2 ms. This is sound because of two calling
 * conventions: the System V ABI for x86-64 (3.2.3) and the AAPCS64 (6.8.2). Both pass the
 * first six integer or pointer arguments in registers of 64 bits, and the seventh in a
 * register or on the stack of the caller. A callee ignores arguments that it does not
 * expect, and returns integers in a register. So it is sound for the variadic
 * {@code open}, too. (The seventh argument is for {@code syscall} with as many arguments
 * as a system call can have.)
 */
public final class NativeLinker implements Function<String, NativeFunction> {

	/** The metadata for native images has it, too, and a test compares them. */
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
	 * A function at its address. (A class instead of a lambda: a lambda costs the start
	 * of an application twice as much.)
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
