package dev.yammap.journal.internal.read;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Objects;

import dev.yammap.Mmap;
import dev.yammap.internal.fault.StackReserve;
import dev.yammap.journal.DamageAction;
import dev.yammap.journal.JournalDamagedException;
import dev.yammap.journal.JournalReader;
import dev.yammap.journal.JournalRecord;
import dev.yammap.journal.RecordsRemovedException;
import dev.yammap.journal.internal.file.CleanUp;
import dev.yammap.journal.internal.file.SegmentFile;
import dev.yammap.journal.internal.file.SparseIndex;
import dev.yammap.journal.internal.format.RecordFormat;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the records of a journal, from segment to segment, and checks each once.
 */
public final class Cursor implements JournalReader {

	/** Enough to release a segment. */
	private static final int STACK_LEVELS = 64;

	private final RecordSource source;

	private final boolean durableOnly;

	private final Chunk chunk = new Chunk();

	private final RecordView view = new RecordView(this.chunk.bytes());

	private @Nullable SegmentFile segment;

	private @Nullable Mmap file;

	/** The id of the segment, and the number of its first record. */
	private long segmentId;

	private long first;

	private long number;

	private long offset;

	/** The index of the segment that was searched from its beginning, or -1. */
	private long searched = -1;

	/** Up to here records are whole, as far as is known. */
	private long limit = -1;

	/** The first number behind the segment. */
	private long end = -1;

	private boolean closed;

	/**
	 * Creates a cursor.
	 * @param number the number of the first record to read
	 * @param durableOnly whether it stops where a power cut could take records back
	 */
	public Cursor(RecordSource source, long number, boolean durableOnly) throws IOException {
		this.source = source;
		this.number = number;
		this.durableOnly = durableOnly;
		requireNotRemoved();
	}

	@Override
	public boolean next() throws IOException {
		if (this.number < this.limit && this.number < this.end) {
			int index = this.chunk.wholeHere(this.segmentId, this.offset, this.number);
			if (index >= 0) {
				accept(index);
				return true;
			}
		}
		return nextElsewhere();
	}

	/** The record is not in the bytes that were copied last, or not there at all. */
	private boolean nextElsewhere() throws IOException {
		this.source.requireOpen();
		if (this.number >= this.limit && !refresh()) {
			return false;
		}
		boolean fresh = false;
		while (true) {
			if (this.number >= this.end && !enter()) {
				return false;
			}
			if (isWhole()) {
				accept(this.chunk.index(this.offset));
				return true;
			}
			if (fresh) {
				return goOn();
			}
			fresh = true;
			refresh();
		}
	}

	/** Finds out how far the journal is whole, and where this segment ends. */
	private boolean refresh() throws IOException {
		if (this.closed) {
			throw new ClosedChannelException();
		}
		requireNotRemoved();
		this.chunk.clear();
		this.limit = this.durableOnly ? this.source.durable() : this.source.whole();
		if (this.segment != null) {
			this.end = this.segment.end();
		}
		return this.number < this.limit;
	}

	private void requireNotRemoved() throws IOException {
		long first = this.source.first();
		if (this.number < first) {
			throw new RecordsRemovedException(this.number, first);
		}
	}

	/** Goes to the segment of the next record; false if it is not there yet. */
	private boolean enter() throws IOException {
		SegmentFile next = this.source.segment(this.number);
		if (next == null || next == this.segment) {
			requireNotRemoved();
			this.end = (this.segment != null) ? this.segment.end() : -1;
			return next != null && this.number < this.end;
		}
		Mmap mapped = acquire(next);
		if (mapped == null) {
			return enter();
		}
		long place;
		try {
			this.chunk.clear();
			place = seek(next, mapped, next.places().floor(this.number - next.first()));
			release();
		}
		catch (IOException | RuntimeException | Error failure) {
			CleanUp.after(failure, next::release);
			throw failure;
		}
		// Only now: if a step failed, the next call takes all of them again.
		this.segment = next;
		this.file = mapped;
		this.segmentId = next.id();
		this.first = next.first();
		this.end = next.end();
		this.offset = place;
		return true;
	}

	/**
	 * Maps a segment.
	 * @return null if a recovery has put it aside, and the source has forgotten it
	 * @throws RecordsRemovedException if it was removed
	 * @throws NoSuchFileException if somebody else took the file away
	 */
	private @Nullable Mmap acquire(SegmentFile next) throws IOException {
		try {
			return next.acquire();
		}
		catch (NoSuchFileException ex) {
			// This looks again.
			requireNotRemoved();
			if (this.source.segment(this.number) == next) {
				throw ex;
			}
			return null;
		}
	}

	/**
	 * Finds where the next record is: from a place that is known, over headers.
	 * @param from how many records of the segment are before that place
	 */
	private long seek(SegmentFile in, Mmap mapped, long from) throws IOException {
		long ordinal = this.number - in.first();
		long at = from;
		long place = in.places().offset(at);
		while (at < ordinal && this.chunk.hasHeader(mapped, in, place) && this.chunk.number(place) == in.first() + at) {
			note(in, at, place);
			place = this.chunk.behind(place);
			at++;
		}
		if (at < ordinal) {
			// A header is broken: the record may be whole nevertheless.
			place = Math.max(place, find(in, mapped, place));
		}
		return place;
	}

	private static void note(SegmentFile in, long ordinal, long place) {
		if ((ordinal & (SparseIndex.STEP - 1)) == 0) {
			in.places().add(ordinal, place);
		}
	}

	private boolean isWhole() throws IOException {
		SegmentFile in = Objects.requireNonNull(this.segment);
		Mmap mapped = Objects.requireNonNull(this.file);
		return this.chunk.hasHeader(mapped, in, this.offset) && this.chunk.number(this.offset) == this.number
				&& this.chunk.isWhole(mapped, in, this.offset);
	}

	/** Moves to the record that begins at an index of the bytes. */
	private void accept(int index) {
		byte[] bytes = this.chunk.bytes();
		int length = RecordFormat.length(bytes, index);
		this.view.move(bytes, index + RecordFormat.HEADER, length, this.number);
		note(Objects.requireNonNull(this.segment), this.number - this.first, this.offset);
		this.offset += RecordFormat.frameLength(length);
		this.number++;
	}

	/** Decides what it means that no whole record is where the next one should be. */
	private boolean goOn() throws IOException {
		SegmentFile in = Objects.requireNonNull(this.segment);
		// Asked first: whatever is durable by then is found by the looks that follow.
		long durable = this.source.durable();
		if (this.source.segment(this.number) != in) {
			this.end = this.number;
			return next();
		}
		boolean mustBeThere = this.number < durable || (this.limit != RecordSource.UNKNOWN && this.number < this.limit);
		if (!mustBeThere) {
			return false;
		}
		Mmap mapped = Objects.requireNonNull(this.file);
		if (isThereNow(in, mapped)) {
			accept(this.chunk.index(this.offset));
			return true;
		}
		requireNotRemoved();
		JournalDamagedException damage = new JournalDamagedException(in.path(), this.offset, this.number,
				"its record " + this.number + " is not whole, though it was when it was written",
				"Restore the journal from a backup, or open it with whenDamaged(SKIP) to read what follows",
				DamageAction.SKIP);
		this.source.damaged(damage);
		if (this.source.skipsDamage()) {
			return skip(in, mapped);
		}
		throw damage;
	}

	/**
	 * Looks once more for a record that is durable, as it may have become so since it was
	 * looked at. It may also be further on, if those before it are not whole. And it may
	 * be at any other place: where a writer was killed, recovery cut records that were
	 * not durable, and this cursor may have read them. Finding that out takes a look at
	 * the whole segment, which is done once.
	 */
	private boolean isThereNow(SegmentFile in, Mmap mapped) throws IOException {
		this.chunk.clear();
		long found = find(in, mapped, this.offset);
		if (found < 0 && this.searched != in.index()) {
			found = find(in, mapped, SegmentFile.DATA);
			this.searched = in.index();
		}
		if (found >= 0) {
			this.offset = found;
		}
		return found >= 0;
	}

	/** Returns where the next record is if it is whole, or -1. */
	private long find(SegmentFile in, Mmap mapped, long from) throws IOException {
		long found = this.chunk.find(mapped, in, from, this.number, 0);
		return (found >= 0 && this.chunk.number(found) == this.number) ? found : -1;
	}

	private boolean skip(SegmentFile in, Mmap mapped) throws IOException {
		long found = this.chunk.find(mapped, in, this.offset, this.number + 1, 0);
		if (found >= 0) {
			this.number = this.chunk.number(found);
			this.offset = found;
			return next();
		}
		if (in.end() != SegmentFile.OPEN) {
			this.number = in.end();
			this.end = this.number;
			return next();
		}
		return false;
	}

	@Override
	public boolean next(Duration timeout) throws IOException, InterruptedException {
		long begin = System.nanoTime();
		long nanos = toNanos(timeout);
		while (!next()) {
			long left = nanos - (System.nanoTime() - begin);
			if (left <= 0) {
				return false;
			}
			this.source.await(this.number, this.durableOnly, left);
		}
		return true;
	}

	private static long toNanos(Duration timeout) {
		try {
			return timeout.toNanos();
		}
		catch (ArithmeticException ex) {
			return timeout.isNegative() ? 0 : Long.MAX_VALUE;
		}
	}

	@Override
	public JournalRecord record() {
		if (!this.view.isAtRecord()) {
			throw new IllegalStateException(
					"There is no record: call next() first, and record() only if it returned true");
		}
		return this.view;
	}

	@Override
	public long nextSequence() {
		return this.number;
	}

	@Override
	public void close() throws IOException {
		StackReserve.require(STACK_LEVELS);
		this.closed = true;
		this.limit = -1;
		release();
	}

	private void release() throws IOException {
		SegmentFile held = this.segment;
		if (held != null) {
			this.segment = null;
			this.file = null;
			held.release();
		}
	}

}
