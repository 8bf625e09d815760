package dev.yammap.internal.os.linux;

import dev.yammap.internal.os.linux.call.CallState;
import dev.yammap.internal.os.linux.call.Errno;
import dev.yammap.internal.os.linux.call.Libc;
import dev.yammap.internal.os.linux.call.SystemCallException;
import dev.yammap.internal.os.linux.memory.FileSystem;

/**
 * Allocates disk blocks for what a file will grow by, so that a full disk is met while
 * there is nothing to undo. Used by one thread at a time.
 */
final class Blocks {

	/** If this much space is free, it is believed to last for {@link #STEP}. */
	private static final long PLENTY = 16 << 20;

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
	}

	/**
	 * Tells whether blocks must be allocated before a write. If a full disk ended the
	 * write half-way, the part that was written could not be taken back. To allocate
	 * costs as much as a small write, so it is done only if space is short.
	 */
	boolean mayRunOut(long length) {
		if (this.alone) {
			return false;
		}
		this.sure -= length;
		if (this.sure < 0) {
			this.sure = (FileSystem.of(this.libc, this.fd).available() - length > PLENTY) ? STEP : -1;
		}
		return this.sure < 0;
	}

	/**
	 * Allocates blocks for a range behind the end, and leaves the size as it is. If that
	 * fails half-way, some file systems keep the blocks that they got. Under our lock
	 * these are freed. Without one they stay with the file, so a hopeless attempt is not
	 * begun.
	 * @return whether the file system could do that
	 */
	boolean allocateBehindEnd(long from, long to) throws SystemCallException {
		if (!this.alone) {
			requireFree(to - from);
		}
		return allocate(Libc.FALLOC_FL_KEEP_SIZE, from, to);
	}

	/**
	 * Counts the space that is left for root, as this process may be root, and the blocks
	 * that the file already has, as they may lie in the range.
	 */
	private void requireFree(long length) throws SystemCallException {
		long free = FileSystem.of(this.libc, this.fd).free();
		if (free < length && free < length - FileStatus.of(this.libc, this.fd).allocated()) {
			throw new SystemCallException("fallocate", Errno.ENOSPC.number(), "No space left on device");
		}
	}

	/**
	 * Allocates blocks for a range. The file then reaches at least to its end.
	 * @return whether the file system could do that
	 */
	boolean allocate(long from, long to) throws SystemCallException {
		return allocate(0, from, to);
	}

	/**
	 * Makes a range zeros, within the blocks that it has.
	 * @return whether the file system could do that
	 */
	boolean zero(long from, long to) throws SystemCallException {
		return allocate(Libc.FALLOC_FL_ZERO_RANGE | Libc.FALLOC_FL_KEEP_SIZE, from, to);
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
