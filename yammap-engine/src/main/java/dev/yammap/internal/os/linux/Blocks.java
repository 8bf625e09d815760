package dev.yammap.internal.os.linux;

import dev.yammap.internal.os.linux.call.CallState;
import dev.yammap.internal.os.linux.call.Errno;
import dev.yammap.internal.os.linux.call.Libc;
import dev.yammap.internal.os.linux.call.SystemCallException;
import dev.yammap.internal.os.linux.memory.FileSystem;

/**
 * Has disk blocks allocated for what a file will grow by, so that a full disk is met
 * while there is nothing to undo. Used by one thread at a time.
 */
final class Blocks {

	/** So much free space is believed to last for {@link #STEP}. */
	private static final long PLENTY = 16 << 20;

	/** How much is written before the file system is asked again. */
	private static final long STEP = 1 << 20;

	private final Libc libc;

	private final int fd;

	/** Whether our lock says that nobody else writes. */
	private final boolean alone;

	private final CallState state;

	/** How much may be written before the file system is asked for its free space. */
	private long sure;

	Blocks(Libc libc, int fd, boolean alone, CallState state) {
		this.libc = libc;
		this.fd = fd;
		this.alone = alone;
		this.state = state;
		this.sure = alone ? Long.MAX_VALUE : 0;
	}

	/**
	 * Tells whether blocks are to be allocated before something is written, as a part of
	 * it could not be taken back. That costs as much as a small write, so it is done only
	 * where space is short.
	 */
	boolean mayRunOut(long length) {
		this.sure -= length;
		if (this.sure < 0) {
			this.sure = this.alone ? Long.MAX_VALUE : sureOf(fileSystem().available() - length);
		}
		return this.sure < 0;
	}

	private static long sureOf(long available) {
		return (available > PLENTY) ? STEP : -1;
	}

	private FileSystem fileSystem() {
		return FileSystem.of(this.libc, this.fd);
	}

	/**
	 * Has blocks for a range behind the end, and leaves the size as it is. On some file
	 * systems what fails half-way keeps those it got. They are freed under our lock;
	 * without one they stay with the file, so what is hopeless is not begun.
	 * @return whether the file system could do that
	 */
	boolean allocateBehindEnd(long from, long to) throws SystemCallException {
		if (!this.alone) {
			requireFree(to - from);
		}
		return allocate(Libc.FALLOC_FL_KEEP_SIZE, from, to);
	}

	/** This may be root; and those blocks that the file has may lie where wanted. */
	private void requireFree(long length) throws SystemCallException {
		long free = fileSystem().free();
		if (free < length && free < length - FileStatus.allocated(this.libc, this.fd)) {
			throw new SystemCallException("fallocate", Errno.ENOSPC, "No space left on device");
		}
	}

	/**
	 * Has blocks for a range, up to which the file is then at least.
	 * @return whether the file system could do that
	 */
	boolean allocate(long from, long to) throws SystemCallException {
		return allocate(0, from, to);
	}

	private boolean allocate(int mode, long from, long to) throws SystemCallException {
		try {
			this.libc.fallocate(this.state, this.fd, mode, from, to - from);
			return true;
		}
		catch (SystemCallException ex) {
			if (ex.errno() != Errno.EOPNOTSUPP && ex.errno() != Errno.ENOSYS) {
				throw ex;
			}
			return false;
		}
	}

}
