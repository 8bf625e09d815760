package dev.yammap;

/**
 * What the operating system's page cache holds of a file or a part of it, in pages, at
 * one moment. See {@link Mmap#pageCache()}.
 * <p>
 * The numbers are those of {@code cachestat(2)} (Linux 6.5). Where the kernel has no such
 * call, or does not let this process use it, {@code mincore(2)} tells how many pages are
 * cached, and the other numbers are {@link #UNKNOWN}.
 *
 * @param pageSize the size of a page, in bytes
 * @param cached pages in the page cache
 * @param dirty pages of these that were written to and not yet written back
 * @param writeback pages of these that are being written back now
 * @param evicted pages that were in the page cache and were dropped from it
 * @param recentlyEvicted pages of these whose being dropped hurts: read again, they would
 * have been in memory if it were a little larger
 */
public record PageCacheStats(long pageSize, long cached, long dirty, long writeback, long evicted,
		long recentlyEvicted) {

	/** Stands for a number that the operating system does not tell. */
	public static final long UNKNOWN = -1;

}
