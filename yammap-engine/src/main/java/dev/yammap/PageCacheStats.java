package dev.yammap;

/**
 * The pages of a file, or of a part of it, in the operating system's page cache at one
 * moment. See {@link Mmap#pageCache()}.
 * <p>
 * The numbers are those of {@code cachestat(2)} (Linux 6.5). If the kernel has no such
 * call, or does not let this process use it, {@code mincore(2)} tells how many pages are
 * cached, and the other numbers are {@link #UNKNOWN}.
 *
 * @param pageSize the size of a page, in bytes
 * @param cached pages in the page cache
 * @param dirty cached pages that were written to and not yet written back
 * @param writeback cached pages that are being written back now
 * @param evicted pages that were in the page cache and were dropped from it
 * @param recentlyEvicted evicted pages that would still be in memory if memory were a
 * little larger
 */
public record PageCacheStats(long pageSize, long cached, long dirty, long writeback, long evicted,
		long recentlyEvicted) {

	/** Stands for a number that the operating system does not report. */
	public static final long UNKNOWN = -1;

}
