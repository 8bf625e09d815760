package dev.yammap.internal.os.linux.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import dev.yammap.PageCacheStats;
import dev.yammap.internal.os.linux.call.CallMemory;
import dev.yammap.internal.os.linux.call.Errno;
import dev.yammap.internal.os.linux.call.Libc;
import dev.yammap.internal.os.linux.call.SystemCallException;

/**
 * Asks what the page cache holds of a file: by {@code cachestat(2)}, or if that is not
 * available, by {@code mincore(2)} over the mapping.
 */
public final class PageCache {

	/** {@code struct cachestat} is five numbers, {@code struct cachestat_range} two. */
	private static final int NUMBERS = 5;

	/** How much of a file one call asks for: it returns a byte for each page. */
	private static final long MINCORE_STEP = 256L << 20;

	private final Libc libc;

	private final Pages pages;

	private final int fd;

	/** Set once it is known that the kernel has no such call, or denies it. */
	private volatile boolean cachestatMissing;

	public PageCache(Libc libc, Pages pages, int fd) {
		this.libc = libc;
		this.pages = pages;
		this.fd = fd;
	}

	/**
	 * Asks for a range within the file.
	 * @param address where the file is mapped
	 */
	public PageCacheStats ask(long address, long offset, long length) throws SystemCallException {
		if (length == 0) {
			return new PageCacheStats(this.pages.size(), 0, 0, 0, 0, 0);
		}
		try (CallMemory memory = this.libc.memory()) {
			if (!this.cachestatMissing) {
				try {
					return cachestat(memory, offset, length);
				}
				catch (SystemCallException ex) {
					if (!isMissing(ex)) {
						throw ex;
					}
					this.cachestatMissing = true;
				}
			}
			return mincore(memory, address, offset, length);
		}
	}

	/**
	 * The call is missing before Linux 6.5. A container may deny it, and a file system
	 * need not support it. Newer kernels answer only the owner of a file, and those who
	 * may write to it.
	 */
	private static boolean isMissing(SystemCallException ex) {
		return switch (ex.errno()) {
			case Errno.ENOSYS, Errno.EPERM, Errno.EACCES, Errno.EOPNOTSUPP -> true;
			default -> false;
		};
	}

	private PageCacheStats cachestat(CallMemory memory, long offset, long length) throws SystemCallException {
		MemorySegment range = memory.allocateFrom(ValueLayout.JAVA_LONG, offset, length);
		MemorySegment numbers = memory.allocate(ValueLayout.JAVA_LONG, NUMBERS);
		this.libc.cachestat(memory, this.fd, range, numbers);
		long[] number = numbers.toArray(ValueLayout.JAVA_LONG);
		return new PageCacheStats(this.pages.size(), number[0], number[1], number[2], number[3], number[4]);
	}

	private PageCacheStats mincore(CallMemory memory, long address, long offset, long length)
			throws SystemCallException {
		long end = this.pages.ceil(offset + length);
		long step = this.pages.ceil(MINCORE_STEP);
		MemorySegment present = memory.allocate(this.pages.number(step));
		long cached = 0;
		for (long from = this.pages.floor(offset); from < end; from += step) {
			long part = Math.min(end - from, step);
			this.libc.mincore(memory, address + from, part, present);
			for (long page = 0; page < this.pages.number(part); page++) {
				cached += present.get(ValueLayout.JAVA_BYTE, page) & 1;
			}
		}
		return new PageCacheStats(this.pages.size(), cached, PageCacheStats.UNKNOWN, PageCacheStats.UNKNOWN,
				PageCacheStats.UNKNOWN, PageCacheStats.UNKNOWN);
	}

}
