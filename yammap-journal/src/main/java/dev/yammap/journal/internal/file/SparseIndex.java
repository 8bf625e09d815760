package dev.yammap.journal.internal.file;

import java.util.Arrays;

/**
 * Where every 256th record of a segment begins. Readers add these places as they pass;
 * the writer does nothing for it. Once a segment was read, a search for a number walks
 * over 256 headers at most.
 */
public final class SparseIndex {

	/** How many records have one place. */
	public static final int STEP = 256;

	private static final int INITIAL = 16;

	/** Offsets divided by 8; the first is always that of the first record. */
	private int[] places = new int[INITIAL];

	private int count;

	SparseIndex() {
		add(0, SegmentFile.DATA);
	}

	/**
	 * Adds a place if it is the next one that is missing.
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
	 * Returns the ordinal of the last known place at or before the given one. Returns 0
	 * for a negative one: the record's segment is lost.
	 */
	public synchronized long floor(long ordinal) {
		return Math.clamp(ordinal / STEP, 0L, this.count - 1L) * STEP;
	}

	/** Returns the offset of a place that is known. */
	public synchronized long offset(long ordinal) {
		return Integer.toUnsignedLong(this.places[(int) (ordinal / STEP)]) * Long.BYTES;
	}

}
