package dev.yammap;

/**
 * Which lock is taken on a file when it is opened, against others who take one: other
 * processes, and other {@link Mmap}s of this one. It is advisory, as locks of files are
 * on POSIX systems: who asks for none is not kept out. It is held until
 * {@link Mmap#close()}, or the end of the process, however that comes.
 * <p>
 * {@link Backend#NATIVE} takes an open file description lock ({@code F_OFD_SETLK} of
 * {@code fcntl(2)}, Linux 3.15) on the whole file. It excludes, and is excluded by, every
 * other such lock and the POSIX locks of other programs, as those of
 * {@link java.nio.channels.FileChannel#lock()}; and nothing but {@code close()} releases
 * it. {@link Backend#PORTABLE} takes the lock of a {@code FileChannel}; see there.
 */
public enum LockMode {

	/** No lock. */
	NONE,

	/**
	 * Any number of these at a time, but none beside an {@link #EXCLUSIVE} one: for
	 * readers of a file that must not change meanwhile.
	 */
	SHARED,

	/**
	 * One at a time: for a single writer. Needs a file that is opened with {@code WRITE}
	 * or {@code APPEND}, and not {@link MapMode#PRIVATE}.
	 */
	EXCLUSIVE

}
