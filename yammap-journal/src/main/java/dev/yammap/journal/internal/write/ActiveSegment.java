package dev.yammap.journal.internal.write;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

import dev.yammap.Mmap;
import dev.yammap.journal.internal.file.SegmentFile;
import dev.yammap.journal.internal.file.Zeros;

/**
 * The segment that records are appended to. Its tail says where the next record goes, and
 * how many records are before it. Both change in one step, so numbers and places have the
 * same order:
 * <ul>
 * <li>bit 63: sealed, nothing is appended any more</li>
 * <li>bits 32 to 62: offset of the next record, divided by 8</li>
 * <li>bits 0 to 31: number of records</li>
 * </ul>
 */
final class ActiveSegment {

	private static final long SEALED = Long.MIN_VALUE;

	private static final int OFFSET_SHIFT = 32;

	private static final long COUNT = 0xFFFF_FFFFL;

	/** No more than a page, which faults as a whole. */
	private static final int PIECE = 4096;

	private final SegmentFile segment;

	private final Mmap file;

	private final long first;

	private final long id;

	private final long size;

	private final AtomicLong tail;

	private volatile boolean gaveBack;

	/** Up to here writes that failed may have left something. */
	private final AtomicLong failedEnd = new AtomicLong();

	/** Whether this is the last segment, as the journal is being closed. */
	private volatile boolean isLast;

	/**
	 * Creates the segment to append to.
	 * @param file its mapping, which the caller holds
	 * @param offset where the next record goes
	 * @param number the number of that record
	 */
	ActiveSegment(SegmentFile segment, Mmap file, long offset, long number) {
		this.segment = segment;
		this.file = file;
		this.first = segment.first();
		this.id = segment.id();
		this.size = segment.size();
		this.tail = new AtomicLong((offset / Long.BYTES) << OFFSET_SHIFT | (number - this.first));
	}

	SegmentFile segment() {
		return this.segment;
	}

	Mmap file() {
		return this.file;
	}

	long id() {
		return this.id;
	}

	long size() {
		return this.size;
	}

	long tail() {
		return this.tail.get();
	}

	/** Changes the tail, unless another thread was faster. */
	boolean move(long from, long to) {
		return this.tail.compareAndSet(from, to);
	}

	/**
	 * Gives the last number back, and its place.
	 * @param from the tail behind it
	 * @param to the tail before it
	 * @return whether it was still the last one
	 */
	boolean giveBack(long from, long to) {
		this.gaveBack = true;
		// After a roll the next segment begins with the number behind. A close reads the
		// end only when all is written.
		return move(from, to) || (this.isLast && move(from | SEALED, to | SEALED));
	}

	/**
	 * Sets to zeros what a write may have left that failed half-way. Called before its
	 * place is given back. Where this fails too, {@link #eraseBehindEnd()} tries again.
	 */
	void erase(long offset, long end) throws IOException {
		long known = this.failedEnd.get();
		while (known < end && !this.failedEnd.compareAndSet(known, end)) {
			known = this.failedEnd.get();
		}
		zero(offset, end);
	}

	/**
	 * Sets to zeros what failed writes may have left behind the last record, so that the
	 * next opening does not take it for a torn end. All records are written.
	 */
	void eraseBehindEnd() {
		try {
			zero(offset(tail()), this.failedEnd.get());
		}
		catch (IOException ex) {
			// It stays. The next opening puts it aside, and cuts no record.
		}
	}

	/** Writes only where it is needed: each page that is written to may fault again. */
	private void zero(long from, long to) throws IOException {
		byte[] found = new byte[PIECE];
		byte[] zeros = new byte[PIECE];
		for (long at = from; at < to; at += PIECE - at % PIECE) {
			int count = (int) Math.min(to - at, PIECE - at % PIECE);
			int there = Math.max(0, this.file.readAt(found, 0, count, at));
			if (!Zeros.fill(found, 0, there)) {
				this.file.writeAt(zeros, 0, there, at);
			}
		}
	}

	/**
	 * Tells whether a number may have been given back. Then that number has had two
	 * places, and what a tail said before may not be where a record ends.
	 */
	boolean gaveBack() {
		return this.gaveBack;
	}

	/**
	 * Ends all appends to this segment.
	 * @return the last tail
	 */
	long seal() {
		return this.tail.updateAndGet((last) -> last | SEALED);
	}

	/** Seals this segment as the last one. */
	void end() {
		this.isLast = true;
		seal();
	}

	/** Returns the number that the next record gets. */
	long number(long aTail) {
		return this.first + (aTail & COUNT);
	}

	static boolean isSealed(long tail) {
		return tail < 0;
	}

	static boolean isEmpty(long tail) {
		return (tail & COUNT) == 0;
	}

	/** Returns where the next record goes. */
	static long offset(long tail) {
		return ((tail & ~SEALED) >>> OFFSET_SHIFT) * Long.BYTES;
	}

	/** Returns the tail behind a record of so many bytes. */
	static long behind(long tail, long frameLength) {
		return tail + ((frameLength / Long.BYTES) << OFFSET_SHIFT) + 1;
	}

}
