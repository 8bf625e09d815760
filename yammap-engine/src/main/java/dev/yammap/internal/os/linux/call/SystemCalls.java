package dev.yammap.internal.os.linux.call;

import java.lang.foreign.MemorySegment;

/**
 * The system calls for which the C library has no function, or not in every version.
 * Their numbers are those of {@code <asm/unistd.h>}: new ones are the same on each
 * processor, older ones are not.
 */
public final class SystemCalls {

	public static final int IOCTL = Libc.AARCH64 ? 29 : 16;

	public static final int FUTEX = Libc.AARCH64 ? 98 : 202;

	public static final int MEMFD_CREATE = Libc.AARCH64 ? 279 : 319;

	public static final int CACHESTAT = 451;

	// <linux/futex.h>
	private static final int FUTEX_WAKE_OP_PRIVATE = 5 | 128;

	/** {@code FUTEX_OP(FUTEX_OP_ADD, 0, FUTEX_OP_CMP_EQ, 0)}. */
	private static final int FUTEX_ADD_0 = 1 << 28;

	// <linux/memfd.h>
	private static final int MFD_CLOEXEC = 1;

	/** Since Linux 6.3. */
	private static final int MFD_NOEXEC_SEAL = 8;

	private SystemCalls() {
	}

	/**
	 * Adds 0 to the int at an address, in one atomic step: does to its page what a store
	 * would do, and reports if there is none for it ({@code EFAULT}). Nobody waits at
	 * that address, so none is woken.
	 */
	public static void touch(Libc libc, CallState state, long address) throws SystemCallException {
		libc.quickSyscall("futex", state, FUTEX, address, FUTEX_WAKE_OP_PRIVATE, 0, 0, address, FUTEX_ADD_0);
	}

	public static void ioctl(Libc libc, CallState state, int fd, long request, MemorySegment argument)
			throws SystemCallException {
		libc.syscall("ioctl", state, IOCTL, fd, request, argument.address(), 0, 0, 0);
	}

	/** Returns a descriptor of an empty file in memory, which no path leads to. */
	public static int createMemory(Libc libc, CallState state, MemorySegment name) throws SystemCallException {
		try {
			return createMemory(libc, state, name, MFD_CLOEXEC | MFD_NOEXEC_SEAL);
		}
		catch (SystemCallException ex) {
			if (ex.errno() != Errno.EINVAL) {
				throw ex;
			}
			return createMemory(libc, state, name, MFD_CLOEXEC);
		}
	}

	private static int createMemory(Libc libc, CallState state, MemorySegment name, int flags)
			throws SystemCallException {
		return (int) libc.syscall("memfd_create", state, MEMFD_CREATE, name.address(), flags, 0, 0, 0, 0);
	}

	/**
	 * Fills in a {@code struct cachestat} for the range that a
	 * {@code struct cachestat_range} names.
	 */
	public static void cachestat(Libc libc, CallState state, int fd, MemorySegment range, MemorySegment numbers)
			throws SystemCallException {
		libc.syscall("cachestat", state, CACHESTAT, fd, range.address(), numbers.address(), 0, 0, 0);
	}

}
