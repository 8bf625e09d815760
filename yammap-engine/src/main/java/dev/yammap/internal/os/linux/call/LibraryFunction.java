package dev.yammap.internal.os.linux.call;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Function;

import dev.yammap.internal.os.CallThreads;
import dev.yammap.internal.os.IoCall;

/**
 * The functions of the C library, and the system calls, that the engine calls: with the
 * result that C declares, with an exception for a failure, and without holding the
 * carrier of a virtual thread.
 * <p>
 * For a virtual thread, {@link CallThreads} calls a function that may wait for a device,
 * which costs 10 to 50 µs. That goes for every call on a file, even if it is usually
 * short: a frozen file system stops even a buffered write, and no flag of
 * {@code pwritev2(2)} tells that beforehand. (ext4 has no RWF_NOWAIT for buffered writes,
 * and no file system heeds it while it is frozen.) A platform thread calls the function
 * itself. It pays only for asking what kind of thread it is.
 */
enum LibraryFunction {

	OPEN("open", int.class), CLOSE("close", int.class), WRITE("write", long.class), PWRITE("pwrite", long.class),
	FTRUNCATE("ftruncate", int.class), FALLOCATE("fallocate", int.class), FCNTL("fcntl", int.class),
	FSYNC("fsync", int.class), FDATASYNC("fdatasync", int.class), MMAP("mmap", long.class),
	MREMAP("mremap", long.class), MUNMAP("munmap", int.class), MPROTECT("mprotect", int.class),
	MADVISE("madvise", int.class), MLOCK("mlock", int.class), MSYNC("msync", int.class), MINCORE("mincore", int.class),
	FSTATFS("fstatfs", int.class), FUTIMENS("futimens", int.class), SYSCONF("sysconf", long.class, false),
	GETRLIMIT("getrlimit", int.class, false), STRERROR("strerror", long.class, false),

	/** For the offset of the descriptor, which the kernel has in memory. */
	TELL("lseek", long.class, false),

	/** To the end, for which a file system in user space or a server may be asked. */
	SEEK("lseek", long.class),

	// System calls that are made by their number, see Libc.
	FSTAT("syscall", long.class), NEWFSTATAT("syscall", long.class), IOCTL("syscall", long.class),
	MEMFD_CREATE("syscall", long.class), CACHESTAT("syscall", long.class),

	/** Waits only for memory, as a load or store does. */
	FUTEX("syscall", long.class, false);

	private static final long MAX_WORD_BYTES = 256;

	private final String symbol;

	/** If so, the upper half of the register is undefined. */
	private final boolean returnsInt;

	/** If not, it only asks about the process and what it has open. */
	private final boolean waits;

	@SuppressWarnings("EnumOrdinal") // the place in an array
	private final int place = ordinal();

	/** A function that may wait for a device. Every function that is given a file may. */
	LibraryFunction(String symbol, Class<?> result) {
		this(symbol, result, true);
	}

	LibraryFunction(String symbol, Class<?> result, boolean waits) {
		this.symbol = symbol;
		this.returnsInt = (result == int.class);
		this.waits = waits;
	}

	/** Links all functions, in their order. */
	static NativeFunction[] link(Function<String, NativeFunction> linker) {
		NativeFunction[] linked = new NativeFunction[values().length];
		for (LibraryFunction function : values()) {
			linked[function.place] = linker.apply(function.symbol);
		}
		return linked;
	}

	/**
	 * Calls the function. If a signal interrupted a call, it is repeated, except
	 * {@link #CLOSE}.
	 * @param state where it leaves {@code errno}
	 * @return its result, which is not -1
	 * @throws SystemCallException if it fails
	 */
	long call(NativeFunction[] linked, CallState state, long a, long b, long c, long d, long e, long f, long g)
			throws SystemCallException {
		boolean handsOver = this.waits && Thread.currentThread().isVirtual();
		NativeFunction function = linked[this.place];
		MemorySegment segment = state.segment();
		long result;
		do {
			result = handsOver ? handOver(function, segment, a, b, c, d, e, f, g)
					: function.call(segment, a, b, c, d, e, f, g);
			result = this.returnsInt ? (int) result : result;
		}
		while (result == -1 && this != CLOSE && state.errno() == Errno.EINTR.number());
		if (result == -1) {
			int errno = state.errno();
			String name = this.symbol.equals("syscall") ? name().toLowerCase(Locale.ROOT) : this.symbol;
			throw new SystemCallException(name, errno, word(linked[STRERROR.place], errno, segment));
		}
		return result;
	}

	private static long handOver(NativeFunction function, MemorySegment state, long a, long b, long c, long d, long e,
			long f, long g) {
		try {
			return CallThreads.callFreeingCarrier(new Handed(function, state, a, b, c, d, e, f, g)).result;
		}
		catch (IOException ex) {
			throw new AssertionError("A downcall throws nothing checked", ex);
		}
	}

	private static String word(NativeFunction strerror, int errno, MemorySegment state) {
		long address = strerror.call(state, errno, 0, 0, 0, 0, 0, 0);
		if (address == 0) {
			return "Unknown error";
		}
		return MemorySegment.ofAddress(address).reinterpret(MAX_WORD_BYTES).getString(0, StandardCharsets.UTF_8);
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
