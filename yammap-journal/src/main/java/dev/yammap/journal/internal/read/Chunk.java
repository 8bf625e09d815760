package dev.yammap.journal.internal.read;

import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;

import dev.yammap.Mmap;
import dev.yammap.journal.internal.file.SegmentFile;
import dev.yammap.journal.internal.file.Zeros;
import dev.yammap.journal.internal.format.RecordCodec;
import dev.yammap.journal.internal.format.RecordFormat;

/**
 * A part of a segment in the heap, where records are checked: a checksum over a mapping
 * would end the virtual machine at a fault. One copy serves for many records.
 */
public final class Chunk {

	private static final int SMALL = 1 << 10;

	/** Fits the first cache of a processor, as what is copied is read at once. */
	private static final int USUAL = 1 << 14;

	private final RecordCodec codec = new RecordCodec();

	private byte[] bytes = new byte[USUAL];

	/** Where in the segment the bytes begin, and how many there are. */
	private long start;

	private int length;

	/** Whoever follows a writer finds little each time; who reads on finds much. */
	private int ahead = SMALL;

	public byte[] bytes() {
		return this.bytes;
	}

	/** Forgets everything, as it may have changed. */
	public void clear() {
		this.length = 0;
		this.ahead = SMALL;
	}

	/** Looks at a segment, which is mapped meanwhile. */
	public long look(SegmentFile segment, Look look) throws IOException {
		Mmap file = segment.acquire();
		try (Closeable _ = segment::release) {
			clear();
			return look.at(file);
		}
	}

	/**
	 * Looks for the first record of a segment that is whole.
	 * @return its number, or -1
	 */
	public long firstNumber(SegmentFile segment) throws IOException {
		return look(segment, (file) -> {
			long at = find(file, segment, SegmentFile.DATA, 0, 0);
			return (at >= 0) ? number(at) : -1;
		});
	}

	/** Returns where an offset of the segment is in {@link #bytes()}. */
	public int index(long offset) {
		return (int) (offset - this.start);
	}

	/**
	 * Makes bytes available.
	 * @param offset where in the segment
	 * @param count how many, no more than there are
	 */
	public void ensure(Mmap file, long offset, int count, long size) throws IOException {
		if (offset < this.start || offset + count > this.start + this.length) {
			load(file, offset, count, size);
		}
	}

	private void load(Mmap file, long offset, int count, long size) throws IOException {
		int amount = (int) Math.min(Math.max(count, this.ahead), size - offset);
		this.ahead = Math.min(2 * this.ahead, USUAL);
		if (this.bytes.length < amount) {
			this.bytes = new byte[amount];
		}
		this.length = 0;
		int done = Math.max(0, file.readAt(this.bytes, 0, amount, offset));
		// A file that somebody cut is as if zeros followed: no record is there.
		Arrays.fill(this.bytes, done, amount, (byte) 0);
		this.start = offset;
		this.length = amount;
	}

	/**
	 * Looks for a whole record that was made available before with what is in front of
	 * it, as most are.
	 * @param segmentId the id of the segment that the bytes are of
	 * @param offset where in the segment the record begins
	 * @param number its number
	 * @return where it begins in {@link #bytes()}, or -1 if it is not there, or not whole
	 */
	public int wholeHere(long segmentId, long offset, long number) {
		byte[] here = this.bytes;
		int last = this.length - RecordFormat.HEADER;
		long distance = offset - this.start;
		if (distance < 0 || distance > last) {
			return -1;
		}
		int index = (int) distance;
		return (RecordFormat.length(here, index) <= last - index && RecordFormat.number(here, index) == number
				&& RecordFormat.isHeader(here, index, segmentId, offset) && this.codec.isWhole(here, index)) ? index
						: -1;
	}

	/**
	 * Tells whether the header of a record is at an offset of a segment.
	 */
	public boolean hasHeader(Mmap file, SegmentFile segment, long offset) throws IOException {
		if (offset > segment.size() - RecordFormat.HEADER) {
			return false;
		}
		ensure(file, offset, RecordFormat.HEADER, segment.size());
		int index = index(offset);
		return RecordFormat.isHeader(this.bytes, index, segment.id(), offset)
				&& RecordFormat.length(this.bytes, index) <= segment.size() - offset - RecordFormat.HEADER;
	}

	/** Tells whether the record is whole whose header is at an offset. */
	public boolean isWhole(Mmap file, SegmentFile segment, long offset) throws IOException {
		int content = RecordFormat.length(this.bytes, index(offset));
		ensure(file, offset, RecordFormat.HEADER + content, segment.size());
		// A large record was copied anew: its header may have changed meanwhile.
		int index = index(offset);
		return RecordFormat.length(this.bytes, index) == content && this.codec.isWhole(this.bytes, index);
	}

	/** Returns the number of the record whose header is at an offset. */
	public long number(long offset) {
		return RecordFormat.number(this.bytes, index(offset));
	}

	/**
	 * Returns where the bytes of a part of a segment end that are not zero.
	 * @return the offset behind the last of them, or {@code from} if there is none
	 */
	public long endOfContent(Mmap file, SegmentFile segment, long from, long to) throws IOException {
		long end = from;
		for (long at = from; at < to; at += USUAL) {
			int count = (int) Math.min(USUAL, to - at);
			ensure(file, at, count, segment.size());
			int first = index(at);
			int last = first + count;
			if (!Zeros.fill(this.bytes, first, last)) {
				while (this.bytes[last - 1] == 0) {
					last--;
				}
				end = at + last - first;
			}
		}
		return end;
	}

	/** Returns the mark of the record whose header is at an offset. */
	public long mark(long offset) {
		return RecordFormat.mark(this.bytes, index(offset));
	}

	/** Returns where the next record would be. */
	public long behind(long offset) {
		return offset + RecordFormat.frameLength(RecordFormat.length(this.bytes, index(offset)));
	}

	/**
	 * Looks for the next whole record of a segment, at each multiple of 8.
	 * @param least the least number that it may have
	 * @param leastMark the least mark that it may have
	 * @return where it is, or -1
	 */
	public long find(Mmap file, SegmentFile segment, long from, long least, long leastMark) throws IOException {
		long at = from;
		while (at <= segment.size() - RecordFormat.HEADER) {
			ensure(file, at, RecordFormat.HEADER, segment.size());
			int end = this.length - RecordFormat.HEADER;
			int index = index(at);
			while (index <= end && !RecordFormat.isHeader(this.bytes, index, segment.id(), this.start + index)) {
				index += RecordFormat.ALIGNMENT;
			}
			at = this.start + index;
			if (index <= end) {
				if (hasHeader(file, segment, at) && number(at) >= least && mark(at) >= leastMark
						&& isWhole(file, segment, at)) {
					return at;
				}
				at += RecordFormat.ALIGNMENT;
			}
		}
		return -1;
	}

	/** Looks at the mapping of a segment. */
	public interface Look {

		long at(Mmap file) throws IOException;

	}

}
