package dev.yammap.internal.os.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

import dev.yammap.LockMode;
import dev.yammap.internal.os.LockHolders;
import dev.yammap.internal.os.linux.call.CallState;
import dev.yammap.internal.os.linux.call.Errno;
import dev.yammap.internal.os.linux.call.Libc;
import dev.yammap.internal.os.linux.call.Structs;
import dev.yammap.internal.os.linux.call.SystemCallException;

/**
 * Takes an open file description lock ({@code fcntl(2)}). Unlike a POSIX lock it belongs
 * to what was opened, not to the process: it also excludes others in this process, and is
 * not lost when any of them closes the file. Closing the descriptor releases it.
 */
final class FileLock {

	/**
	 * {@code struct flock} where {@code off_t} has 64 bits: type and whence, two bytes
	 * each, then at offset 8 the start, the length (0 for all) and the process, which
	 * must be 0. A whence of 0 is SEEK_SET.
	 */
	private static final long SIZE = 32;

	private FileLock() {
	}

	static void take(Libc libc, int fd, Path path, LockMode mode) throws IOException {
		if (mode == LockMode.NONE) {
			return;
		}
		try (Arena arena = libc.memory()) {
			MemorySegment lock = arena.allocate(SIZE, Long.BYTES);
			Structs.of(lock).putShort(0, (mode == LockMode.SHARED) ? Libc.F_RDLCK : Libc.F_WRLCK);
			libc.setLock(CallState.in(arena), fd, lock);
		}
		catch (SystemCallException ex) {
			if (ex.errno() == Errno.EAGAIN || ex.errno() == Errno.EACCES) {
				throw LockHolders.exception(path, mode);
			}
			throw Errno.explain("lock", path, "", ex);
		}
	}

}
