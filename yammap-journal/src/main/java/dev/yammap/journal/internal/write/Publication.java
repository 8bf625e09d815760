package dev.yammap.journal.internal.write;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Knows which records are whole. Threads finish their records in any order. Each leaves a
 * mark in a ring, and whoever asks follows the marks from the last number that was known
 * to be whole. So no thread waits for another one, unless that one is a whole ring
 * behind.
 */
public final class Publication {

	/** How many records may be under way at a time. */
	static final int RING = 1 << 13;

	private static final int MASK = RING - 1;

	private static final int END_SHIFT = 32;

	/** Marks are followed at least once for so many records, so it never takes long. */
	private static final int STRIDE = 64;

	private static final int SPINS = 100;

	private static final int YIELDS = 100;

	private static final long PAUSE = 50_000;

	private static final VarHandle MARK = MethodHandles.arrayElementVarHandle(long[].class);

	private final WriterState state;

	/**
	 * Each place tells of the last record that was published there:
	 * <ul>
	 * <li>bits 32 to 62: the offset where it ends in its segment, divided by 8</li>
	 * <li>bits 0 to 31: those of its number, plus 1</li>
	 * </ul>
	 * Numbers that share a place differ in these bits, as one is a ring behind the other.
	 */
	private final long[] marks = new long[RING];

	private final AtomicLong whole;

	/**
	 * Creates a publication.
	 * @param next the first number that is not whole
	 */
	public Publication(WriterState state, long next) {
		this.state = state;
		this.whole = new AtomicLong(next);
		// No number has this mark in this place.
		Arrays.setAll(this.marks, (place) -> place);
	}

	/**
	 * Marks a record as whole. If this throws, it is not marked.
	 * @param end the offset where it ends in its segment
	 */
	void publish(long number, long end) {
		MARK.setRelease(this.marks, (int) number & MASK,
				(end / Long.BYTES) << END_SHIFT | Integer.toUnsignedLong((int) (number + 1)));
	}

	/**
	 * Returns where the last record before the given number ends, if that is known still.
	 * @return the offset in its segment; -1 if that record was not published here, or if
	 * others have its place in the ring by now
	 */
	long endBefore(long number) {
		long mark = (long) MARK.getAcquire(this.marks, (int) (number - 1) & MASK);
		return ((int) mark == (int) number) ? (mark >>> END_SHIFT) * Long.BYTES : -1;
	}

	/** Follows the marks, now and then. Called behind each publication. */
	void follow(long number) {
		if ((number & (STRIDE - 1)) == 0) {
			whole();
		}
	}

	/** Tells whether a record of the given number has its place in the ring. */
	boolean hasRoom(long number) {
		return number - this.whole.get() < RING || number - whole() < RING;
	}

	/** Returns the first number that is not whole. */
	public long whole() {
		long known = this.whole.get();
		long next = known;
		while ((int) (long) MARK.getAcquire(this.marks, (int) next & MASK) == (int) (next + 1)) {
			next++;
		}
		while (next > known && !this.whole.compareAndSet(known, next)) {
			known = this.whole.get();
		}
		return Math.max(next, known);
	}

	/**
	 * Waits until all numbers below the given one are whole or given back.
	 * @param last the segment to which the last of these numbers was appended
	 * @return the first number that is not whole
	 * @throws IOException if the journal has failed: then one of them may never be whole
	 */
	long await(long number, ActiveSegment last) throws IOException {
		long whole = whole();
		for (int i = 0; whole < number && whole < last.number(last.tail()); i++) {
			this.state.requireNotFailed();
			pause(i);
			whole = whole();
		}
		return whole;
	}

	/** Waits for a thread that is a whole ring behind. */
	void awaitRoom(long number) throws IOException {
		for (int i = 0; !hasRoom(number); i++) {
			this.state.check();
			pause(i);
		}
	}

	@SuppressWarnings("ThreadPriorityCheck")
	private static void pause(int count) {
		if (count < SPINS) {
			Thread.onSpinWait();
		}
		else if (count < SPINS + YIELDS) {
			Thread.yield();
		}
		else {
			// An interrupted thread would not park. A virtual thread must not go on with
			// yields, which keep its carrier from other threads.
			boolean interrupted = Thread.interrupted();
			LockSupport.parkNanos(PAUSE);
			if (interrupted) {
				// The first call returned at once: an interrupt leaves a permit.
				LockSupport.parkNanos(PAUSE);
				Thread.currentThread().interrupt();
			}
		}
	}

}
