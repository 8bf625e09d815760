package dev.yammap.internal.os.linux.call;

import java.lang.foreign.MemorySegment;
import java.util.function.Function;

/**
 * The functions of the C library that the engine calls. Each method is one of them and
 * has its name. Constants are those of the Linux headers. {@link LibraryFunction} says
 * which of them may wait for a device, and what follows from that.
 */
public final class Libc {

	/** This processor has some numbers of its own. */
	public static final boolean AARCH64 = "aarch64".equals(System.getProperty("os.arch"));

	// <fcntl.h>, asm-generic/fcntl.h
	public static final int O_RDONLY = 0;

	public static final int O_RDWR = 2;

	public static final int O_CREAT = 0x40;

	public static final int O_EXCL = 0x80;

	public static final int O_NOCTTY = 0x100;

	public static final int O_APPEND = 0x400;

	public static final int O_NONBLOCK = 0x800;

	public static final int O_CLOEXEC = 0x80000;

	public static final int O_PATH = 0x200000;

	// arch/arm64/include/uapi/asm/fcntl.h
	public static final int O_DIRECTORY = AARCH64 ? 0x4000 : 0x10000;

	public static final int O_NOFOLLOW = AARCH64 ? 0x8000 : 0x20000;

	private static final int F_SETFL = 4;

	/** Since Linux 3.15. */
	static final int F_OFD_SETLK = 37;

	public static final short F_RDLCK = 0;

	public static final short F_WRLCK = 1;

	public static final short F_UNLCK = 2;

	private static final int AT_FDCWD = -100;

	public static final int AT_SYMLINK_NOFOLLOW = 0x100;

	// <linux/falloc.h>
	public static final int FALLOC_FL_KEEP_SIZE = 1;

	public static final int FALLOC_FL_PUNCH_HOLE = 2;

	public static final int FALLOC_FL_ZERO_RANGE = 0x10;

	// <asm/unistd.h>: calls that are made by their number. For most of them the C library
	// has no function, or not in every version: glibc before 2.33 has no fstat. New
	// numbers are the same on each processor, older ones are not.
	public static final int SYS_FSTAT = AARCH64 ? 80 : 5;

	public static final int SYS_NEWFSTATAT = AARCH64 ? 79 : 262;

	public static final int SYS_IOCTL = AARCH64 ? 29 : 16;

	public static final int SYS_FUTEX = AARCH64 ? 98 : 202;

	public static final int SYS_MEMFD_CREATE = AARCH64 ? 279 : 319;

	public static final int SYS_CACHESTAT = 451;

	// <linux/futex.h>
	private static final int FUTEX_WAKE_OP_PRIVATE = 5 | 128;

	/** {@code FUTEX_OP(FUTEX_OP_ADD, 0, FUTEX_OP_CMP_EQ, 0)}. */
	private static final int FUTEX_ADD_0 = 1 << 28;

	// <linux/memfd.h>
	private static final int MFD_CLOEXEC = 1;

	/** Since Linux 6.3. */
	private static final int MFD_NOEXEC_SEAL = 8;

	/** In place of nanoseconds, from linux/stat.h: set the time to now. */
	public static final long UTIME_NOW = 0x3FFFFFFF;

	/** In place of nanoseconds: leave the time as it is. */
	public static final long UTIME_OMIT = 0x3FFFFFFE;

	// <unistd.h>
	public static final int SEEK_CUR = 1;

	public static final int SEEK_END = 2;

	/** {@code _SC_PAGESIZE}, the same in glibc and musl. */
	private static final int SC_PAGESIZE = 30;

	// <sys/mman.h>, asm-generic/mman-common.h
	public static final int PROT_NONE = 0;

	public static final int PROT_READ = 1;

	public static final int PROT_WRITE = 2;

	public static final int MAP_SHARED = 1;

	public static final int MAP_PRIVATE = 2;

	public static final int MAP_ANONYMOUS = 0x20;

	public static final int MAP_NORESERVE = 0x4000;

	public static final int MS_SYNC = 4;

	private static final int MREMAP_MAYMOVE = 1;

	private static final int MREMAP_FIXED = 2;

	// <sys/resource.h>, asm-generic/resource.h
	public static final int RLIMIT_AS = 9;

	private final NativeFunction[] linked;

	private final CallMemories memories = new CallMemories(this);

	/**
	 * Links the functions.
	 * @param linker returns the function of a name
	 */
	public Libc(Function<String, NativeFunction> linker) {
		this.linked = LibraryFunction.link(linker);
	}

	public CallMemories memories() {
		return this.memories;
	}

	/** Returns memory for a call. Close it after the call. */
	public CallMemory memory() {
		return this.memories.take();
	}

	public int open(CallState state, MemorySegment path, int flags, int mode) throws SystemCallException {
		return (int) LibraryFunction.OPEN.call(this.linked, state, path.address(), flags, mode, 0, 0, 0, 0);
	}

	/** On Linux the descriptor is closed even after EINTR. */
	public void close(CallState state, int fd) throws SystemCallException {
		try {
			LibraryFunction.CLOSE.call(this.linked, state, fd, 0, 0, 0, 0, 0, 0);
		}
		catch (SystemCallException ex) {
			if (ex.errno() != Errno.EINTR) {
				throw ex;
			}
		}
	}

	public long lseek(CallState state, int fd, int whence) throws SystemCallException {
		LibraryFunction lseek = (whence == SEEK_CUR) ? LibraryFunction.TELL : LibraryFunction.SEEK;
		return lseek.call(this.linked, state, fd, 0, whence, 0, 0, 0, 0);
	}

	public long write(CallState state, int fd, MemorySegment source, long length) throws SystemCallException {
		return some("write", LibraryFunction.WRITE.call(this.linked, state, fd, source.address(), length, 0, 0, 0, 0));
	}

	public long pwrite(CallState state, int fd, MemorySegment source, long length, long offset)
			throws SystemCallException {
		return some("pwrite",
				LibraryFunction.PWRITE.call(this.linked, state, fd, source.address(), length, offset, 0, 0, 0));
	}

	/**
	 * Throws if nothing was written. A write of no bytes is never asked for, and whoever
	 * repeats a write that does nothing may do so forever.
	 */
	private static long some(String name, long count) throws SystemCallException {
		if (count == 0) {
			throw new SystemCallException(name, 0, "The file system wrote no byte and gave no reason");
		}
		return count;
	}

	public void ftruncate(CallState state, int fd, long size) throws SystemCallException {
		LibraryFunction.FTRUNCATE.call(this.linked, state, fd, size, 0, 0, 0, 0, 0);
	}

	public void fallocate(CallState state, int fd, int mode, long offset, long length) throws SystemCallException {
		LibraryFunction.FALLOCATE.call(this.linked, state, fd, mode, offset, length, 0, 0, 0);
	}

	/** Sets a lock that a {@code struct flock} describes. */
	public void setLock(CallState state, int fd, MemorySegment lock) throws SystemCallException {
		LibraryFunction.FCNTL.call(this.linked, state, fd, F_OFD_SETLK, lock.address(), 0, 0, 0, 0);
	}

	public void fsync(CallState state, int fd) throws SystemCallException {
		LibraryFunction.FSYNC.call(this.linked, state, fd, 0, 0, 0, 0, 0, 0);
	}

	public void fdatasync(CallState state, int fd) throws SystemCallException {
		LibraryFunction.FDATASYNC.call(this.linked, state, fd, 0, 0, 0, 0, 0, 0);
	}

	/** Maps a file from its start. Returns the address. */
	public long mmap(CallState state, long length, int protection, int flags, int fd) throws SystemCallException {
		return LibraryFunction.MMAP.call(this.linked, state, 0, length, protection, flags, fd, 0, 0);
	}

	/**
	 * Moves a mapping over another one, which it replaces. As its length stays the same,
	 * the call can fail only in checks that come before any change.
	 */
	public void mremap(CallState state, long address, long length, long newAddress) throws SystemCallException {
		LibraryFunction.MREMAP.call(this.linked, state, address, length, length, MREMAP_MAYMOVE | MREMAP_FIXED,
				newAddress, 0, 0);
	}

	public void munmap(CallState state, long address, long length) throws SystemCallException {
		LibraryFunction.MUNMAP.call(this.linked, state, address, length, 0, 0, 0, 0, 0);
	}

	public void mprotect(CallState state, long address, long length, int protection) throws SystemCallException {
		LibraryFunction.MPROTECT.call(this.linked, state, address, length, protection, 0, 0, 0, 0);
	}

	public void madvise(CallState state, long address, long length, int advice) throws SystemCallException {
		LibraryFunction.MADVISE.call(this.linked, state, address, length, advice, 0, 0, 0, 0);
	}

	public void mlock(CallState state, long address, long length) throws SystemCallException {
		LibraryFunction.MLOCK.call(this.linked, state, address, length, 0, 0, 0, 0, 0);
	}

	public void msync(CallState state, long address, long length, int flags) throws SystemCallException {
		LibraryFunction.MSYNC.call(this.linked, state, address, length, flags, 0, 0, 0, 0);
	}

	/** Fills in a byte for each page, whose lowest bit says whether it is in memory. */
	public void mincore(CallState state, long address, long length, MemorySegment pages) throws SystemCallException {
		LibraryFunction.MINCORE.call(this.linked, state, address, length, pages.address(), 0, 0, 0, 0);
	}

	/** Sets those flags of an open file that can be changed. */
	public void setFlags(CallState state, int fd, int flags) throws SystemCallException {
		LibraryFunction.FCNTL.call(this.linked, state, fd, F_SETFL, flags, 0, 0, 0, 0);
	}

	/** Fills in a {@code struct stat}. */
	public void fstat(CallState state, int fd, MemorySegment status) throws SystemCallException {
		LibraryFunction.FSTAT.call(this.linked, state, SYS_FSTAT, fd, status.address(), 0, 0, 0, 0);
	}

	/** Fills in a {@code struct stat}. */
	public void fstatat(CallState state, MemorySegment path, MemorySegment status, int flags)
			throws SystemCallException {
		LibraryFunction.NEWFSTATAT.call(this.linked, state, SYS_NEWFSTATAT, AT_FDCWD, path.address(), status.address(),
				flags, 0, 0);
	}

	public void ioctl(CallState state, int fd, long request, MemorySegment argument) throws SystemCallException {
		LibraryFunction.IOCTL.call(this.linked, state, SYS_IOCTL, fd, request, argument.address(), 0, 0, 0);
	}

	/** Returns a descriptor of an empty file in memory, which no path leads to. */
	public int createMemory(CallState state, MemorySegment name) throws SystemCallException {
		try {
			return createMemory(state, name, MFD_CLOEXEC | MFD_NOEXEC_SEAL);
		}
		catch (SystemCallException ex) {
			if (ex.errno() != Errno.EINVAL) {
				throw ex;
			}
			return createMemory(state, name, MFD_CLOEXEC);
		}
	}

	private int createMemory(CallState state, MemorySegment name, int flags) throws SystemCallException {
		return (int) LibraryFunction.MEMFD_CREATE.call(this.linked, state, SYS_MEMFD_CREATE, name.address(), flags, 0,
				0, 0, 0);
	}

	/**
	 * Fills in a {@code struct cachestat} for the range that a
	 * {@code struct cachestat_range} names.
	 */
	public void cachestat(CallState state, int fd, MemorySegment range, MemorySegment numbers)
			throws SystemCallException {
		LibraryFunction.CACHESTAT.call(this.linked, state, SYS_CACHESTAT, fd, range.address(), numbers.address(), 0, 0,
				0);
	}

	/**
	 * Adds 0 to the int at an address, in one atomic step ({@code futex(2)}): does to its
	 * page what a store would do, and reports if there is none for it ({@code EFAULT}).
	 * Nobody waits at that address, so none is woken.
	 */
	public void touch(CallState state, long address) throws SystemCallException {
		LibraryFunction.FUTEX.call(this.linked, state, SYS_FUTEX, address, FUTEX_WAKE_OP_PRIVATE, 0, 0, address,
				FUTEX_ADD_0);
	}

	/** Fills in a {@code struct statfs} of the file system that a file is in. */
	public void fstatfs(CallState state, int fd, MemorySegment status) throws SystemCallException {
		LibraryFunction.FSTATFS.call(this.linked, state, fd, status.address(), 0, 0, 0, 0, 0);
	}

	/**
	 * Sets two times: of the last access, and of the last modification. The memory holds
	 * two {@code struct timespec}.
	 */
	public void futimens(CallState state, int fd, MemorySegment times) throws SystemCallException {
		LibraryFunction.FUTIMENS.call(this.linked, state, fd, times.address(), 0, 0, 0, 0, 0);
	}

	public long pageSize(CallState state) throws SystemCallException {
		return LibraryFunction.SYSCONF.call(this.linked, state, SC_PAGESIZE, 0, 0, 0, 0, 0, 0);
	}

	/**
	 * Fills in a {@code struct rlimit}: the soft limit, then the hard one, 64 bits each.
	 */
	public void getrlimit(CallState state, int resource, MemorySegment limits) throws SystemCallException {
		LibraryFunction.GETRLIMIT.call(this.linked, state, resource, limits.address(), 0, 0, 0, 0, 0);
	}

}
