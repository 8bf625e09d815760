package dev.yammap.journal.internal.file;

import java.util.Arrays;

/**
 * Where some of a segment's records begin: each 256th. It grows as readers pass, so the
 * writer does nothing for it, and a search for a number walks over 256 headers at most
 * once the segment was read.
 */
public final class SparseIndex {

	/** One place is kept for so many records. */
	public static final int STEP = 256;

	private static final int INITIAL = 16;

	/** Offsets divided by 8; the first is always that of the first record. */
	private int[] places = new int[INITIAL];

	private int count;

	SparseIndex() {
		add(0, SegmentFile.DATA);
	}

	/**
	 * Takes a place down, if it is the next one that is missing.
	 * @param ordinal how many records of the segment are before it, a multiple of
	 * {@link #STEP}
	 */
	public synchronized void add(long ordinal, long offset) {
		if (ordinal == (long) this.count * STEP) {
			if (this.count == this.places.length) {
				this.places = Arrays.copyOf(this.places, 2 * this.count);
			}
			this.places[this.count] = (int) (offset / Long.BYTES);
			this.count++;
		}
	}

	/**
	 * Returns the ordinal of the last known place at or before the given one, or 0 if
	 * that is before the first: the segments that held it are lost.
	 */
	public synchronized long floor(long ordinal) {
		return Math.clamp(ordinal / STEP, 0L, this.count - 1L) * STEP;
	}

	/** Returns the offset of a place that is known. */
	public synchronized long offset(long ordinal) {
		return Integer.toUnsignedLong(this.places[(int) (ordinal / STEP)]) * Long.BYTES;
	}

}
