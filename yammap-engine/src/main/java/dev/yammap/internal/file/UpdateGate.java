package dev.yammap.internal.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

import dev.yammap.internal.os.IoCall;
import dev.yammap.internal.os.Printable;

/**
 * The gate of atomic updates. If the page of an update is gone, an interpreted update
 * ends the virtual machine, see {@link Atomics}. So this {@code Mmap} takes no page away
 * while an update is under way: whoever takes pages away closes the gate, and waits until
 * no update is inside.
 * <p>
 * The gate has several lanes, each in a cache line of its own. An update takes a free
 * lane by one compare-and-set and gives it back by a plain store. That costs half as much
 * as to count up and down. (A shared lock would be one place that all updates write to.)
 * To close the gate, every lane is taken. If there are more updates than lanes, as when
 * pages are read from a slow disk, the others share one more lane, which counts them.
 */
public final class UpdateGate {

	/** A power of two. */
	private static final int LANES = 16;

	/** Processors fetch lines of 64 bytes, and some of them two at a time. */
	private static final int LONGS_APART = 128 / Long.BYTES;

	/** The shared lane, which counts the updates in it. */
	private static final int SHARED = LANES * LONGS_APART;

	private static final int FREE = 0;

	private static final int UPDATE = 1;

	private static final int CLOSED = -1;

	/** An update takes nanoseconds, unless its page has to be read from a disk. */
	private static final long PATIENCE_NANOS = 10_000_000_000L;

	/** About as short as a thread can sleep. */
	private static final long RECHECK_NANOS = 1_000;

	private final Path path;

	private final long patienceNanos;

	/** Made when they are first needed: most files have no updates. */
	private volatile @Nullable AtomicLongArray lanes;

	/** Changed by one thread at a time. */
	private volatile boolean closing;

	public UpdateGate(Path path) {
		this(path, PATIENCE_NANOS);
	}

	/**
	 * Makes the gate of a file.
	 * @param patienceNanos how long to wait for updates to end
	 */
	public UpdateGate(Path path, long patienceNanos) {
		this.path = path;
		this.patienceNanos = patienceNanos;
	}

	/**
	 * Begins an update. Until it {@linkplain #end(int) ends}, no page of the file goes
	 * away. Check only after this call whether the place is within the file. No fault may
	 * be pending in this thread, see {@link dev.yammap.internal.fault.FaultBarrier}: it
	 * would arrive in here, and leave a lane taken.
	 * @return the lane, for {@link #end(int)}
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
			// Either this thread sees that the gate is closing, or the thread that closes
			// it sees this update: both write first and then read, and both accesses are
			// volatile.
			present.getAndAdd(SHARED, 1);
			if (!this.closing) {
				return SHARED;
			}
			present.getAndAdd(SHARED, -1);
			await(() -> !this.closing, Long.MAX_VALUE);
		}
	}

	/**
	 * Ends an update. If there was enough stack to begin it, there is enough for this.
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
	 * Does something that takes pages away, while no update is under way. Only one thread
	 * at a time may call this, and not within an update.
	 * @throws IOException if an update does not end; then nothing was done
	 */
	public void holdUpDuring(IoCall.Action action) throws IOException {
		AtomicLongArray present = lanes();
		this.closing = true;
		try {
			if (!await(() -> isClosed(present), this.patienceNanos)) {
				throw new IOException("Cannot remove pages of " + Printable.of(this.path)
						+ ": an atomic update of the file does not end."
						+ " The storage may not respond: see the kernel's log (dmesg), and try again");
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

	/** Takes every free lane. Returns whether all of them are taken. */
	private static boolean isClosed(AtomicLongArray present) {
		boolean closed = present.get(SHARED) == 0;
		for (int lane = 0; lane < SHARED; lane += LONGS_APART) {
			closed &= present.get(lane) == CLOSED || present.compareAndSet(lane, FREE, CLOSED);
		}
		return closed;
	}

	/** Waits for a condition. An interrupt neither ends that nor is lost. */
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
