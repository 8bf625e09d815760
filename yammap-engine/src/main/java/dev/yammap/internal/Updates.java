package dev.yammap.internal;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

import dev.yammap.internal.FaultGuard.Action;

/**
 * Keeps pages from being taken away under atomic updates, by this {@code Mmap} itself. An
 * update whose page is gone ends the virtual machine when it is interpreted, see
 * {@link Values}; so who takes pages away waits until none is under way, and holds up
 * those that would begin.
 * <p>
 * An update adds itself to one of several counters, each in a cache line of its own: that
 * costs as much as another atomic update of memory that nobody else uses. A lock that is
 * shared among updates would be one place that all of them write to.
 */
final class Updates implements AutoCloseable {

	/** A power of two. */
	private static final int COUNTERS = 16;

	/** Processors fetch lines of 64 bytes, and some of them two at a time. */
	private static final int LONGS_APART = 128 / Long.BYTES;

	/** As short as a thread can sleep, more or less. */
	private static final long RECHECK_NANOS = 1_000;

	private final SizeLock sizeLock;

	/** Made for the first update: most files have none. */
	private volatile @Nullable AtomicLongArray underWay;

	/** Changed with the lock of the size held. */
	private volatile boolean heldUp;

	Updates(SizeLock sizeLock) {
		this.sizeLock = sizeLock;
	}

	/**
	 * Begins an update: until it is {@linkplain #close() over}, a page that is found
	 * stays. Whether the place is within the file is to be asked after that.
	 * @return this, for {@code try}
	 */
	Updates begin() {
		while (!tryToBegin()) {
			this.sizeLock.lock();
			this.sizeLock.unlock();
		}
		return this;
	}

	/**
	 * Either this sees that updates are held up, or who holds them up sees this one: both
	 * write first and then read, and both are volatile.
	 */
	private boolean tryToBegin() {
		counters().getAndIncrement(counter());
		if (this.heldUp) {
			close();
			return false;
		}
		return true;
	}

	/** Ends an update, on the thread that began it. */
	@Override
	public void close() {
		counters().getAndDecrement(counter());
	}

	private AtomicLongArray counters() {
		AtomicLongArray counters = this.underWay;
		return (counters != null) ? counters : firstCounters();
	}

	private synchronized AtomicLongArray firstCounters() {
		AtomicLongArray counters = this.underWay;
		if (counters == null) {
			counters = new AtomicLongArray(COUNTERS * LONGS_APART);
			this.underWay = counters;
		}
		return counters;
	}

	private static int counter() {
		return ((int) Thread.currentThread().threadId() & (COUNTERS - 1)) * LONGS_APART;
	}

	/**
	 * Does something that takes pages away, while no update is under way. The caller
	 * holds the lock of the size, and is within no update.
	 */
	void holdUpDuring(Action action) throws IOException {
		this.heldUp = true;
		try {
			awaitEnds();
			action.run();
		}
		finally {
			this.heldUp = false;
		}
	}

	/** An update takes nanoseconds, unless its page has to be read from a disk. */
	private void awaitEnds() {
		AtomicLongArray counters = this.underWay;
		if (counters != null) {
			for (int i = 0; i < counters.length(); i += LONGS_APART) {
				while (counters.get(i) > 0) {
					LockSupport.parkNanos(RECHECK_NANOS);
				}
			}
		}
	}

}
