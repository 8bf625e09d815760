package dev.yammap;

/**
 * The lock that an {@link Mmap} takes on its file when it is opened. It excludes other
 * processes, and other {@code Mmap}s of this process, that take a lock. It is advisory,
 * as file locks are on POSIX systems: it does not keep out a process that asks for no
 * lock. It is held until {@link Mmap#close()}, or until the process ends in any way.
 * <p>
 * {@link Backend#NATIVE} takes an open file description lock ({@code F_OFD_SETLK} of
 * {@code fcntl(2)}, Linux 3.15) on the whole file. It excludes, and is excluded by, every
 * other such lock and the POSIX locks of other programs, such as those of
 * {@link java.nio.channels.FileChannel#lock()}. Only {@code close()} releases it.
 * {@link Backend#PORTABLE} takes the lock of a {@code FileChannel}; see there.
 */
public enum LockMode {

	/** No lock. */
	NONE,

	/**
	 * Any number of shared locks may be held at a time, but none together with an
	 * {@link #EXCLUSIVE} lock: for readers of a file that must not change meanwhile.
	 */
	SHARED,

	/**
	 * Only one may be held at a time: for a single writer. Needs a file that is opened
	 * with {@code WRITE} or {@code APPEND}, and not {@link MapMode#PRIVATE}.
	 * <p>
	 * While this lock is held, a write at the end of at most 64 KiB, and every append,
	 * believes the known end of the file. It does not ask the operating system, which
	 * saves a system call. If somebody ignores the lock and moves the end, such a write
	 * goes to the true end, and overwrites nothing; but it is not where it was meant to
	 * be. The next sync or {@code close} finds that out and throws a
	 * {@link MappedFaultException}. So does every later sync, and every write at the end,
	 * until the file is truncated. A longer write goes to the offset that it was told, as
	 * a write within the file does.
	 */
	EXCLUSIVE

}
