package dev.yammap.journal.internal.file;

import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The segments of a journal, in order. Read without a lock; one thread at a time may
 * change them.
 */
public final class Segments {

	private volatile SegmentFile[] files;

	public Segments(List<SegmentFile> files) {
		this.files = files.toArray(new SegmentFile[0]);
	}

	public List<SegmentFile> list() {
		return List.of(this.files);
	}

	public SegmentFile first() {
		return this.files[0];
	}

	public SegmentFile last() {
		SegmentFile[] current = this.files;
		return current[current.length - 1];
	}

	/**
	 * Returns the segment where the record with the given number is or would be, or null
	 * if it was removed.
	 */
	public @Nullable SegmentFile find(long number) {
		SegmentFile[] current = this.files;
		int low = 0;
		int high = current.length - 1;
		while (low < high) {
			int middle = (low + high + 1) >>> 1;
			if (current[middle].first() <= number) {
				low = middle;
			}
			else {
				high = middle - 1;
			}
		}
		return (current.length > 0 && current[low].first() <= number) ? current[low] : null;
	}

	/** Adds a segment that has a first number, unless it is the last one already. */
	public synchronized void add(SegmentFile file) {
		SegmentFile[] current = this.files;
		if (current.length > 0 && current[current.length - 1] == file) {
			return;
		}
		SegmentFile[] next = Arrays.copyOf(current, current.length + 1);
		next[current.length] = file;
		this.files = next;
	}

	/** Drops the segments behind the first ones. */
	public synchronized void dropBehind(int count) {
		this.files = Arrays.copyOf(this.files, count);
	}

	/** Drops the first segments. */
	public synchronized void dropFirst(int count) {
		this.files = Arrays.copyOfRange(this.files, count, this.files.length);
	}

}
