package dev.yammap.internal.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

import dev.yammap.internal.fault.FaultGuard.Action;

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
public final class UpdateGate implements AutoCloseable {

	/** A power of two. */
	private static final int COUNTERS = 16;

	/** Processors fetch lines of 64 bytes, and some of them two at a time. */
	private static final int LONGS_APART = 128 / Long.BYTES;

	/** An update takes nanoseconds, unless its page has to be read from a disk. */
	private static final long PATIENCE_NANOS = 10_000_000_000L;

	/** As short as a thread can sleep, more or less. */
	private static final long RECHECK_NANOS = 1_000;

	private final Path path;

	private final long patienceNanos;

	/** Made for the first update: most files have none. */
	private volatile @Nullable AtomicLongArray underWay;

	/** Changed by one thread at a time. */
	private volatile boolean heldUp;

	public UpdateGate(Path path) {
		this(path, PATIENCE_NANOS);
	}

	/**
	 * Counts the updates of a file.
	 * @param patienceNanos how long their end is waited for
	 */
	public UpdateGate(Path path, long patienceNanos) {
		this.path = path;
		this.patienceNanos = patienceNanos;
	}

	/**
	 * Begins an update: until it is {@linkplain #close() over}, a page that is found
	 * stays. Whether the place is within the file is to be asked after that. No fault may
	 * be pending in this thread, see {@link dev.yammap.internal.fault.FaultBarrier}: it
	 * would arrive when the update is counted, but not yet one to be ended.
	 * @return this, for {@code try}
	 */
	public UpdateGate begin() {
		while (!tryToBegin()) {
			await(() -> !this.heldUp, Long.MAX_VALUE);
		}
		return this;
	}

	/**
	 * Either this sees that updates are held up, or who holds them up sees this one: both
	 * write first and then read, and both are volatile.
	 */
	private boolean tryToBegin() {
		add(1);
		if (this.heldUp) {
			add(-1);
			return false;
		}
		return true;
	}

	/**
	 * Ends an update, on the thread that began it. Where there was stack enough to begin
	 * there is enough for this, too.
	 */
	@Override
	public void close() {
		add(-1);
	}

	private void add(long delta) {
		AtomicLongArray counters = this.underWay;
		if (counters == null) {
			counters = firstCounters();
		}
		int counter = (int) Thread.currentThread().threadId() & (COUNTERS - 1);
		counters.getAndAdd(counter * LONGS_APART, delta);
	}

	private synchronized AtomicLongArray firstCounters() {
		AtomicLongArray counters = this.underWay;
		if (counters == null) {
			counters = new AtomicLongArray(COUNTERS * LONGS_APART);
			this.underWay = counters;
		}
		return counters;
	}

	/**
	 * Does something that takes pages away, while no update is under way. To be called by
	 * one thread at a time, which is within no update.
	 * @throws IOException if an update does not end, so that nothing was done
	 */
	public void holdUpDuring(Action action) throws IOException {
		this.heldUp = true;
		try {
			if (!await(this::isNoneUnderWay, this.patienceNanos)) {
				throw new IOException(
						"Cannot take pages of " + this.path + " away: an atomic update of it does not end."
								+ " Its storage may not answer; see the kernel's log, and try again");
			}
			action.run();
		}
		finally {
			this.heldUp = false;
		}
	}

	private boolean isNoneUnderWay() {
		AtomicLongArray counters = this.underWay;
		if (counters != null) {
			for (int i = 0; i < counters.length(); i += LONGS_APART) {
				if (counters.get(i) > 0) {
					return false;
				}
			}
		}
		return true;
	}

	/** Waits; an interrupt neither ends that nor is lost. */
	private static boolean await(BooleanSupplier condition, long patienceNanos) {
		long start = System.nanoTime();
		boolean interrupted = false;
		boolean met = condition.getAsBoolean();
		while (!met && System.nanoTime() - start < patienceNanos) {
			LockSupport.parkNanos(RECHECK_NANOS);
			interrupted |= Thread.interrupted();
			met = condition.getAsBoolean();
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
		return met;
	}

}
