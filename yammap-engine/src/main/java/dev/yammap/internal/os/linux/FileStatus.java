package dev.yammap.internal.os.linux;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;

import dev.yammap.internal.os.linux.call.CallMemory;
import dev.yammap.internal.os.linux.call.Libc;
import dev.yammap.internal.os.linux.call.SystemCallException;

/**
 * Which file a name or a descriptor stands for, and what kind of file it is. While a file
 * is open, no other file has its device and number.
 *
 * @param device the device
 * @param inode the number of the file on it
 * @param mode its kind and permissions
 * @param size its size in bytes
 * @param allocated how many bytes its disk blocks have
 */
record FileStatus(long device, long inode, int mode, long size, long allocated) {

	// struct stat of the kernel: arch/x86/include/uapi/asm/stat.h, and for AArch64
	// include/uapi/asm-generic/stat.h.

	private static final long SIZE = 144;

	private static final int DEVICE = 0;

	private static final int INODE = 8;

	/** The same on both processors, as is the next field. */
	private static final int LENGTH = 48;

	/** The unit is 512 bytes, whatever the block size of the file system is. */
	private static final int BLOCKS = 64;

	private static final long BLOCK_SIZE = 512;

	private static final int MODE = Libc.AARCH64 ? 16 : 24;

	// <linux/stat.h>

	private static final int S_IFMT = 0xF000;

	private static final int S_IFREG = 0x8000;

	private static final int S_IFDIR = 0x4000;

	/** Returns which file is open. */
	static FileStatus of(Libc libc, int fd) throws SystemCallException {
		try (CallMemory memory = libc.memory()) {
			MemorySegment status = memory.allocate(SIZE, Long.BYTES);
			libc.fstat(memory, fd, status);
			return read(status);
		}
	}

	/** Returns to which file a path leads. */
	static FileStatus of(Libc libc, Path path, boolean followLinks) throws SystemCallException {
		try (CallMemory memory = libc.memory()) {
			MemorySegment status = memory.allocate(SIZE, Long.BYTES);
			libc.fstatat(memory, memory.name(path), status, followLinks ? 0 : Libc.AT_SYMLINK_NOFOLLOW);
			return read(status);
		}
	}

	private static FileStatus read(MemorySegment status) {
		ByteBuffer fields = CallMemory.fields(status);
		return new FileStatus(fields.getLong(DEVICE), fields.getLong(INODE), fields.getInt(MODE),
				fields.getLong(LENGTH), fields.getLong(BLOCKS) * BLOCK_SIZE);
	}

	boolean isSameFile(FileStatus other) {
		return this.device == other.device && this.inode == other.inode;
	}

	boolean isRegular() {
		return (this.mode & S_IFMT) == S_IFREG;
	}

	boolean isDirectory() {
		return (this.mode & S_IFMT) == S_IFDIR;
	}

}
