package dev.yammap.internal.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

import dev.yammap.internal.os.IoCall;

/**
 * The gate of atomic updates: this {@code Mmap} takes no page away while one is under
 * way. An update whose page is gone ends the virtual machine when it is interpreted, see
 * {@link Atomics}. So whoever takes pages away closes the gate, and waits until no update
 * is inside.
 * <p>
 * The gate has several lanes, each in a cache line of its own. An update takes a free
 * lane by one compare-and-set and gives it back by a plain store: half of what it costs
 * to count up and down. A lock that updates share would be one place that all of them
 * write to. To close the gate is to take every lane. Where there are more updates than
 * lanes, as when pages are read from a slow disk, the others are counted in a lane that
 * they share.
 */
public final class UpdateGate {

	/** A power of two. */
	private static final int LANES = 16;

	/** Processors fetch lines of 64 bytes, and some of them two at a time. */
	private static final int LONGS_APART = 128 / Long.BYTES;

	/** The lane that counts. */
	private static final int SHARED = LANES * LONGS_APART;

	private static final int FREE = 0;

	private static final int UPDATE = 1;

	private static final int CLOSED = -1;

	/** An update takes nanoseconds, unless its page has to be read from a disk. */
	private static final long PATIENCE_NANOS = 10_000_000_000L;

	/** As short as a thread can sleep, more or less. */
	private static final long RECHECK_NANOS = 1_000;

	private final Path path;

	private final long patienceNanos;

	/** Made when it is first needed: most files have no updates. */
	private volatile @Nullable AtomicLongArray lanes;

	/** Changed by one thread at a time. */
	private volatile boolean closing;

	public UpdateGate(Path path) {
		this(path, PATIENCE_NANOS);
	}

	/**
	 * Makes the gate of a file.
	 * @param patienceNanos how long the end of updates is waited for
	 */
	public UpdateGate(Path path, long patienceNanos) {
		this.path = path;
		this.patienceNanos = patienceNanos;
	}

	/**
	 * Begins an update: until it {@linkplain #end(int) ends}, a page that is found stays.
	 * Ask only then whether the place is within the file. No fault may be pending in this
	 * thread, see {@link dev.yammap.internal.fault.FaultBarrier}: it would arrive in
	 * here, and leave a lane taken.
	 * @return what to end it by
	 */
	public int begin() {
		AtomicLongArray present = lanes();
		int lane = ((int) Thread.currentThread().threadId() & (LANES - 1)) * LONGS_APART;
		return present.compareAndSet(lane, FREE, UPDATE) ? lane : beginElsewhere(present);
	}

	private int beginElsewhere(AtomicLongArray present) {
		while (true) {
			for (int lane = 0; lane < SHARED; lane += LONGS_APART) {
				if (present.get(lane) == FREE && present.compareAndSet(lane, FREE, UPDATE)) {
					return lane;
				}
			}
			// Either this sees that the gate is closing, or who closes it sees this: both
			// write first and then read, and both are volatile.
			present.getAndAdd(SHARED, 1);
			if (!this.closing) {
				return SHARED;
			}
			present.getAndAdd(SHARED, -1);
			await(() -> !this.closing, Long.MAX_VALUE);
		}
	}

	/**
	 * Ends an update. Where there was stack enough to begin there is enough for this,
	 * too.
	 */
	public void end(int lane) {
		AtomicLongArray present = lanes();
		if (lane == SHARED) {
			present.getAndAdd(SHARED, -1);
		}
		else {
			present.setRelease(lane, FREE);
		}
	}

	private AtomicLongArray lanes() {
		AtomicLongArray present = this.lanes;
		return (present != null) ? present : firstLanes();
	}

	private synchronized AtomicLongArray firstLanes() {
		AtomicLongArray present = this.lanes;
		if (present == null) {
			present = new AtomicLongArray((LANES + 1) * LONGS_APART);
			this.lanes = present;
		}
		return present;
	}

	/**
	 * Does something that takes pages away, while no update is under way. To be called by
	 * one thread at a time, which is within no update.
	 * @throws IOException if an update does not end, so that nothing was done
	 */
	public void holdUpDuring(IoCall.Action action) throws IOException {
		AtomicLongArray present = lanes();
		this.closing = true;
		try {
			if (!await(() -> isClosed(present), this.patienceNanos)) {
				throw new IOException(
						"Cannot remove pages of " + this.path + ": an atomic update of the file does not end."
								+ " Its storage may not respond; see the kernel's log, and try again");
			}
			action.run();
		}
		finally {
			for (int lane = 0; lane < SHARED; lane += LONGS_APART) {
				present.compareAndSet(lane, CLOSED, FREE);
			}
			this.closing = false;
		}
	}

	/** Takes every lane that is free. */
	private static boolean isClosed(AtomicLongArray present) {
		boolean closed = present.get(SHARED) == 0;
		for (int lane = 0; lane < SHARED; lane += LONGS_APART) {
			closed &= present.get(lane) == CLOSED || present.compareAndSet(lane, FREE, CLOSED);
		}
		return closed;
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
