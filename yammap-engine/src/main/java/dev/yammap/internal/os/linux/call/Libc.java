package dev.yammap.internal.os.linux.call;

import java.lang.foreign.MemorySegment;
import java.util.function.Function;

/**
 * The functions of the C library that the engine calls. Each method is one of them and
 * has its name. Constants are those of the Linux headers. The constructor says of each
 * function whether it may wait for a device; {@link LibraryFunction} says what follows
 * from that.
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

	public static final int AT_FDCWD = -100;

	public static final int AT_SYMLINK_NOFOLLOW = 0x100;

	// <linux/falloc.h>
	public static final int FALLOC_FL_KEEP_SIZE = 1;

	public static final int FALLOC_FL_PUNCH_HOLE = 2;

	public static final int FALLOC_FL_ZERO_RANGE = 0x10;

	// <asm/unistd.h>: calls for which some C libraries, such as musl and glibc before
	// 2.33, have no function.
	public static final int SYS_FSTAT = AARCH64 ? 80 : 5;

	public static final int SYS_NEWFSTATAT = AARCH64 ? 79 : 262;

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

	private final LibraryFunction open;

	private final LibraryFunction close;

	/** {@code lseek} for the offset of the descriptor, which the kernel has in memory. */
	private final LibraryFunction tell;

	/**
	 * {@code lseek} to the end, for which a file system in user space or a server may be
	 * asked.
	 */
	private final LibraryFunction seek;

	private final LibraryFunction write;

	private final LibraryFunction pwrite;

	private final LibraryFunction ftruncate;

	private final LibraryFunction fallocate;

	private final LibraryFunction fcntl;

	private final LibraryFunction fsync;

	private final LibraryFunction fdatasync;

	private final LibraryFunction mmap;

	private final LibraryFunction mremap;

	private final LibraryFunction munmap;

	private final LibraryFunction mprotect;

	private final LibraryFunction madvise;

	private final LibraryFunction mlock;

	private final LibraryFunction msync;

	private final LibraryFunction mincore;

	private final LibraryFunction fstatfs;

	private final LibraryFunction futimens;

	private final LibraryFunction syscall;

	private final LibraryFunction quickSyscall;

	private final LibraryFunction sysconf;

	private final LibraryFunction getrlimit;

	private final CallMemories memories = new CallMemories(this);

	/**
	 * Links the functions.
	 * @param linker returns the function of a name
	 */
	public Libc(Function<String, NativeFunction> linker) {
		NativeFunction strerror = linker.apply("strerror");
		this.open = waiting(linker, "open", strerror, true);
		this.close = new LibraryFunction(linker.apply("close"), strerror, true, true, false);
		this.tell = quick(linker, "lseek", strerror, false);
		this.seek = waiting(linker, "lseek", strerror, false);
		this.write = waiting(linker, "write", strerror, false);
		this.pwrite = waiting(linker, "pwrite", strerror, false);
		this.ftruncate = waiting(linker, "ftruncate", strerror, true);
		this.fallocate = waiting(linker, "fallocate", strerror, true);
		this.fcntl = waiting(linker, "fcntl", strerror, true);
		this.fsync = waiting(linker, "fsync", strerror, true);
		this.fdatasync = waiting(linker, "fdatasync", strerror, true);
		this.mmap = waiting(linker, "mmap", strerror, false);
		this.mremap = waiting(linker, "mremap", strerror, false);
		this.munmap = waiting(linker, "munmap", strerror, true);
		this.mprotect = waiting(linker, "mprotect", strerror, true);
		this.madvise = waiting(linker, "madvise", strerror, true);
		this.mlock = waiting(linker, "mlock", strerror, true);
		this.msync = waiting(linker, "msync", strerror, true);
		this.mincore = waiting(linker, "mincore", strerror, true);
		this.fstatfs = waiting(linker, "fstatfs", strerror, true);
		this.futimens = waiting(linker, "futimens", strerror, true);
		this.syscall = waiting(linker, "syscall", strerror, false);
		this.quickSyscall = quick(linker, "syscall", strerror, false);
		this.sysconf = quick(linker, "sysconf", strerror, false);
		this.getrlimit = quick(linker, "getrlimit", strerror, true);
	}

	/** A function that may wait for a device. Every function that is given a file may. */
	private static LibraryFunction waiting(Function<String, NativeFunction> linker, String name,
			NativeFunction strerror, boolean returnsInt) {
		return new LibraryFunction(linker.apply(name), strerror, returnsInt, true, true);
	}

	/** A function that only asks about the process and what it has open. */
	private static LibraryFunction quick(Function<String, NativeFunction> linker, String name, NativeFunction strerror,
			boolean returnsInt) {
		return new LibraryFunction(linker.apply(name), strerror, returnsInt, false, true);
	}

	public CallMemories memories() {
		return this.memories;
	}

	/** Returns memory for a call. Close it after the call. */
	public CallMemory memory() {
		return this.memories.take();
	}

	public int open(CallState state, MemorySegment path, int flags, int mode) throws SystemCallException {
		return (int) this.open.call("open", state, path.address(), flags, mode, 0, 0, 0, 0);
	}

	/** Never repeated: on Linux the descriptor is closed even after EINTR. */
	public void close(CallState state, int fd) throws SystemCallException {
		try {
			this.close.call("close", state, fd, 0, 0, 0, 0, 0, 0);
		}
		catch (SystemCallException ex) {
			if (ex.errno() != Errno.EINTR) {
				throw ex;
			}
		}
	}

	public long lseek(CallState state, int fd, long offset, int whence) throws SystemCallException {
		LibraryFunction lseek = (whence == SEEK_CUR) ? this.tell : this.seek;
		return lseek.call("lseek", state, fd, offset, whence, 0, 0, 0, 0);
	}

	public long write(CallState state, int fd, MemorySegment source, long length) throws SystemCallException {
		return some("write", this.write.call("write", state, fd, source.address(), length, 0, 0, 0, 0));
	}

	public long pwrite(CallState state, int fd, MemorySegment source, long length, long offset)
			throws SystemCallException {
		return some("pwrite", this.pwrite.call("pwrite", state, fd, source.address(), length, offset, 0, 0, 0));
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
		this.ftruncate.call("ftruncate", state, fd, size, 0, 0, 0, 0, 0);
	}

	public void fallocate(CallState state, int fd, int mode, long offset, long length) throws SystemCallException {
		this.fallocate.call("fallocate", state, fd, mode, offset, length, 0, 0, 0);
	}

	/** Sets a lock that a {@code struct flock} describes. */
	public void setLock(CallState state, int fd, MemorySegment lock) throws SystemCallException {
		this.fcntl.call("fcntl", state, fd, F_OFD_SETLK, lock.address(), 0, 0, 0, 0);
	}

	public void fsync(CallState state, int fd) throws SystemCallException {
		this.fsync.call("fsync", state, fd, 0, 0, 0, 0, 0, 0);
	}

	public void fdatasync(CallState state, int fd) throws SystemCallException {
		this.fdatasync.call("fdatasync", state, fd, 0, 0, 0, 0, 0, 0);
	}

	/** Maps a file from its start. Returns the address. */
	public long mmap(CallState state, long length, int protection, int flags, int fd) throws SystemCallException {
		return this.mmap.call("mmap", state, 0, length, protection, flags, fd, 0, 0);
	}

	/**
	 * Moves a mapping over another one, which it replaces. As its length stays the same,
	 * the call can fail only in checks that come before any change.
	 */
	public void mremap(CallState state, long address, long length, long newAddress) throws SystemCallException {
		this.mremap.call("mremap", state, address, length, length, MREMAP_MAYMOVE | MREMAP_FIXED, newAddress, 0, 0);
	}

	public void munmap(CallState state, long address, long length) throws SystemCallException {
		this.munmap.call("munmap", state, address, length, 0, 0, 0, 0, 0);
	}

	public void mprotect(CallState state, long address, long length, int protection) throws SystemCallException {
		this.mprotect.call("mprotect", state, address, length, protection, 0, 0, 0, 0);
	}

	public void madvise(CallState state, long address, long length, int advice) throws SystemCallException {
		this.madvise.call("madvise", state, address, length, advice, 0, 0, 0, 0);
	}

	public void mlock(CallState state, long address, long length) throws SystemCallException {
		this.mlock.call("mlock", state, address, length, 0, 0, 0, 0, 0);
	}

	public void msync(CallState state, long address, long length, int flags) throws SystemCallException {
		this.msync.call("msync", state, address, length, flags, 0, 0, 0, 0);
	}

	/** Fills in a byte for each page, whose lowest bit says whether it is in memory. */
	public void mincore(CallState state, long address, long length, MemorySegment pages) throws SystemCallException {
		this.mincore.call("mincore", state, address, length, pages.address(), 0, 0, 0, 0);
	}

	/** Sets those flags of an open file that can be changed. */
	public void setFlags(CallState state, int fd, int flags) throws SystemCallException {
		this.fcntl.call("fcntl", state, fd, F_SETFL, flags, 0, 0, 0, 0);
	}

	/** Fills in a {@code struct stat}. */
	public void fstat(CallState state, int fd, MemorySegment status) throws SystemCallException {
		this.syscall.call("fstat", state, SYS_FSTAT, fd, status.address(), 0, 0, 0, 0);
	}

	/** Fills in a {@code struct stat}. */
	public void fstatat(CallState state, int directory, MemorySegment path, MemorySegment status, int flags)
			throws SystemCallException {
		this.syscall.call("newfstatat", state, SYS_NEWFSTATAT, directory, path.address(), status.address(), flags, 0,
				0);
	}

	/** Makes a system call for which the library has no function. */
	long syscall(String name, CallState state, int number, long a, long b, long c, long d, long e, long f)
			throws SystemCallException {
		return this.syscall.call(name, state, number, a, b, c, d, e, f);
	}

	/** The same, for a call that waits only for memory, as a load or store does. */
	void quickSyscall(String name, CallState state, int number, long a, long b, long c, long d, long e, long f)
			throws SystemCallException {
		this.quickSyscall.call(name, state, number, a, b, c, d, e, f);
	}

	/** Fills in a {@code struct statfs} of the file system that a file is in. */
	public void fstatfs(CallState state, int fd, MemorySegment status) throws SystemCallException {
		this.fstatfs.call("fstatfs", state, fd, status.address(), 0, 0, 0, 0, 0);
	}

	/**
	 * Sets two times: of the last access, and of the last modification. The memory holds
	 * two {@code struct timespec}.
	 */
	public void futimens(CallState state, int fd, MemorySegment times) throws SystemCallException {
		this.futimens.call("futimens", state, fd, times.address(), 0, 0, 0, 0, 0);
	}

	public long pageSize(CallState state) throws SystemCallException {
		return this.sysconf.call("sysconf", state, SC_PAGESIZE, 0, 0, 0, 0, 0, 0);
	}

	/**
	 * Fills in a {@code struct rlimit}: the soft limit, then the hard one, 64 bits each.
	 */
	public void getrlimit(CallState state, int resource, MemorySegment limits) throws SystemCallException {
		this.getrlimit.call("getrlimit", state, resource, limits.address(), 0, 0, 0, 0, 0);
	}

}
