package dev.yammap.internal.backend.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/**
 * Which file a name or a descriptor stands for. No other file has the number of one that
 * is open.
 *
 * @param deviceMajor the device, first half
 * @param deviceMinor the device, second half
 * @param inode the number of the file on it
 */
record FileIdentity(int deviceMajor, int deviceMinor, long inode) {

	// struct statx, include/uapi/linux/stat.h: laid out alike for all processors.

	private static final long SIZE = 256;

	private static final long INODE = 0x20;

	private static final long DEVICE_MAJOR = 0x88;

	private static final long DEVICE_MINOR = 0x8C;

	/** Returns which file is open. */
	static FileIdentity of(Libc libc, int fd) throws SystemCallException {
		try (Arena arena = Arena.ofConfined()) {
			return ask(libc, arena, fd, arena.allocateFrom(""), Libc.AT_EMPTY_PATH);
		}
	}

	/** Returns to which file a path leads. */
	static FileIdentity of(Libc libc, Path path, boolean followLinks) throws SystemCallException {
		try (Arena arena = Arena.ofConfined()) {
			return ask(libc, arena, Libc.AT_FDCWD, FileNames.encode(path, arena),
					followLinks ? 0 : Libc.AT_SYMLINK_NOFOLLOW);
		}
	}

	private static FileIdentity ask(Libc libc, Arena arena, int directory, MemorySegment path, int flags)
			throws SystemCallException {
		MemorySegment status = arena.allocate(SIZE, Long.BYTES);
		libc.statx(CallState.in(arena), directory, path, flags, Libc.STATX_INO, status);
		return new FileIdentity(status.get(ValueLayout.JAVA_INT, DEVICE_MAJOR),
				status.get(ValueLayout.JAVA_INT, DEVICE_MINOR), status.get(ValueLayout.JAVA_LONG, INODE));
	}

}
