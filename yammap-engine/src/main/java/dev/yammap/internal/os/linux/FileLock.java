package dev.yammap.internal.os.linux;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import dev.yammap.LockMode;
import dev.yammap.internal.os.LockHolders;
import dev.yammap.internal.os.linux.call.CallMemory;
import dev.yammap.internal.os.linux.call.Errno;
import dev.yammap.internal.os.linux.call.Libc;
import dev.yammap.internal.os.linux.call.SystemCallException;

/**
 * Takes an open file description lock ({@code fcntl(2)}). Unlike a POSIX lock it belongs
 * to the open file, not to the process. So it also excludes others in this process, and
 * is not lost when one of them closes the file. Closing the descriptor releases it.
 */
final class FileLock {

	/**
	 * {@code struct flock} where {@code off_t} has 64 bits: type and whence, two bytes
	 * each, then at offset 8 the start, the length (0 for all) and the process, which
	 * must be 0. A whence of 0 is SEEK_SET.
	 */
	private static final long SIZE = 32;

	private static final int START = 8;

	private static final int LENGTH = 16;

	private FileLock() {
	}

	static void take(Libc libc, int fd, Path path, LockMode mode) throws IOException {
		if (mode == LockMode.NONE) {
			return;
		}
		try {
			if (!set(libc, fd, type(mode), 0, Long.MAX_VALUE)) {
				throw LockHolders.exception(path, mode);
			}
		}
		catch (SystemCallException ex) {
			throw Errno.explain("lock", path, "", ex);
		}
	}

	/**
	 * Tries to lock a range beside the file's own lock, which has the same owner. If the
	 * file's own lock is at least as strong, there is nothing to take and nothing to
	 * release. Otherwise a release turns the lock of the range back into the file's own
	 * lock. The kernel does that in one step, so nobody can lock the range in between.
	 * @param own the lock of the file itself
	 * @return what releases it, or {@code null} if it cannot be taken now
	 */
	static @Nullable Closeable tryRange(Libc libc, int fd, Path path, LockMode own, long position, long size,
			boolean shared) throws IOException {
		if (own == LockMode.EXCLUSIVE || (own == LockMode.SHARED && shared)) {
			return () -> {
			};
		}
		try {
			boolean taken = set(libc, fd, shared ? Libc.F_RDLCK : Libc.F_WRLCK, position, size);
			return taken ? () -> release(libc, fd, path, own, position, size) : null;
		}
		catch (SystemCallException ex) {
			throw Errno.explain("lock", path, range(position, size), ex);
		}
	}

	private static void release(Libc libc, int fd, Path path, LockMode own, long position, long size)
			throws IOException {
		try {
			set(libc, fd, type(own), position, size);
		}
		catch (SystemCallException ex) {
			throw Errno.explain("unlock", path, range(position, size), ex);
		}
	}

	private static short type(LockMode mode) {
		return switch (mode) {
			case NONE -> Libc.F_UNLCK;
			case SHARED -> Libc.F_RDLCK;
			case EXCLUSIVE -> Libc.F_WRLCK;
		};
	}

	private static String range(long position, long size) {
		return ", " + size + " bytes at offset " + position;
	}

	/**
	 * Sets a lock. Returns {@code false} if somebody else holds a lock that excludes it.
	 */
	private static boolean set(Libc libc, int fd, short type, long position, long size) throws SystemCallException {
		try (CallMemory memory = libc.memory()) {
			MemorySegment lock = memory.allocate(SIZE, Long.BYTES);
			boolean endless = size == Long.MAX_VALUE - position;
			CallMemory.fields(lock).putShort(0, type).putLong(START, position).putLong(LENGTH, endless ? 0 : size);
			libc.setLock(memory, fd, lock);
			return true;
		}
		catch (SystemCallException ex) {
			if (ex.errno() == Errno.EAGAIN || ex.errno() == Errno.EACCES) {
				return false;
			}
			throw ex;
		}
	}

}
