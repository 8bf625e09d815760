package dev.yammap.internal.sync;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How long the first caller of a group commit waits for company before it flushes.
 * <p>
 * Threads that write and sync in a loop come back just after the flush that served them.
 * A flush that begins at once misses them, so each flush serves half of the threads. So
 * the first caller waits for as many callers as the last flush served or kept waiting,
 * for part of the time that a flush takes. A lone thread never waits, as the last flush
 * served only itself. If waiting brings nobody, because threads do other things between
 * their syncs, a growing number of flushes does not wait.
 * <p>
 * Mostly one thread at a time uses this. A race can only spoil a guess, and the next
 * flush mends it.
 */
final class CommitDelay {

	/** No timer is more exact, and no thread wakes up sooner. */
	private static final long LEAST_NANOS = 20_000;

	/** Enough to wake a few hundred threads, however slow the device is. */
	private static final long MOST_NANOS = 1_000_000;

	private static final int LONGEST_PAUSE = 63;

	/** How long a flush takes, in nanoseconds. */
	private volatile long usual;

	private volatile int expected = 1;

	/** How many flushes not to wait for, after the last disappointment. */
	private volatile int pause;

	/** The number of flushes up to the end of that pause. */
	private volatile long resume;

	private final AtomicLong flushes = new AtomicLong();

	/** Tells whether enough callers have come, so that nobody else is awaited. */
	boolean isEnough(int callers) {
		return callers >= this.expected;
	}

	/** How long to wait, in nanoseconds; 0 for not at all. */
	long nanos() {
		long nanos = this.usual / 2;
		return (nanos < LEAST_NANOS || this.flushes.get() < this.resume) ? 0 : Math.min(nanos, MOST_NANOS);
	}

	/**
	 * Learns from a wait.
	 * @param before how many callers waited before
	 * @param after how many wait now, or fewer if some were served already
	 */
	void waited(int before, int after) {
		boolean rewarded = after < before || after - before >= (this.expected - before + 1) / 2;
		this.pause = rewarded ? 0 : Math.min(2 * this.pause + 1, LONGEST_PAUSE);
		this.resume = this.flushes.get() + this.pause;
	}

	/**
	 * Learns from a flush. A flush that took unusually long counts little.
	 * @param waiting how many callers came meanwhile
	 */
	void flushed(long nanos, int served, int waiting) {
		long known = this.usual;
		this.usual = (known == 0) ? Math.max(nanos, LEAST_NANOS / 2)
				: known + (Math.clamp(nanos, LEAST_NANOS / 2, 2 * known) - known) / 8;
		this.expected = served + waiting;
		this.flushes.incrementAndGet();
	}

}
