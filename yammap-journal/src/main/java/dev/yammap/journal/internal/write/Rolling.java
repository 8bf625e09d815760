package dev.yammap.journal.internal.write;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

import dev.yammap.Mmap;
import dev.yammap.internal.fault.StackReserve;
import dev.yammap.journal.internal.file.CleanUp;
import dev.yammap.journal.internal.file.SegmentFile;
import dev.yammap.journal.internal.file.Segments;

/**
 * Changes to the next segment, when the active one is full or when somebody asks.
 */
public final class Rolling {

	/** Enough to change segments, which takes a sync of the engine at most. */
	private static final int STACK_LEVELS = 64;

	private final WriterState state;

	private final Segments segments;

	private final SegmentPipeline pipeline;

	private final Durability durability;

	private final SealingClock clock;

	private final ReentrantLock lock = new ReentrantLock();

	private volatile ActiveSegment active;

	/**
	 * Creates a rolling that appends to the last segment.
	 * @param offset where in that segment the next record goes
	 * @param number the number of that record
	 */
	public Rolling(WriterState state, Segments segments, SegmentPipeline pipeline, Durability durability,
			SealingClock clock, long offset, long number) throws IOException {
		this.state = state;
		this.segments = segments;
		this.pipeline = pipeline;
		this.durability = durability;
		this.clock = clock;
		SegmentFile last = segments.last();
		this.active = new ActiveSegment(last, last.acquire(), offset, number);
		if (offset > last.size() / 2) {
			pipeline.prepare();
		}
	}

	ActiveSegment active() {
		return this.active;
	}

	void prepare() {
		this.pipeline.prepare();
	}

	/** Returns the number that the next record gets. */
	public long nextNumber() {
		ActiveSegment segment = this.active;
		return segment.number(segment.tail());
	}

	/**
	 * Makes all records durable that have a number now, and holds the segment where they
	 * end: it can be read until the caller releases it, though it may be removed.
	 * @return where they end
	 * @throws IOException if one of them cannot be made durable
	 */
	public HeldEnd syncToEnd() throws IOException {
		while (true) {
			this.state.check();
			ActiveSegment segment = holdActive();
			try {
				long tail = segment.tail();
				this.durability.sync(segment, tail, segment.number(tail));
				if (!segment.gaveBack()) {
					return new HeldEnd(segment.segment(), segment.number(tail), ActiveSegment.offset(tail));
				}
			}
			catch (IOException | RuntimeException | Error failure) {
				CleanUp.after(failure, segment.segment()::release);
				throw failure;
			}
			segment.segment().release();
			// The last record before that tail may have been given back since, and one of
			// another length may have got its number.
			roll(segment);
		}
	}

	private ActiveSegment holdActive() throws IOException {
		StackReserve.require(STACK_LEVELS);
		this.lock.lock();
		try {
			ActiveSegment segment = this.active;
			segment.segment().acquire();
			return segment;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Changes to the next segment, unless the active one is empty. */
	public void roll() throws IOException {
		ActiveSegment segment = this.active;
		if (!ActiveSegment.isEmpty(segment.tail())) {
			roll(segment);
		}
	}

	/**
	 * Changes to the segment behind the given one, unless another thread did.
	 * @throws IOException if that segment cannot be made; then nothing was appended
	 */
	void roll(ActiveSegment full) throws IOException {
		StackReserve.require(STACK_LEVELS);
		this.lock.lock();
		try {
			this.state.check();
			if (this.active == full) {
				follow(full, next(full));
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private SegmentFile next(ActiveSegment full) throws IOException {
		SegmentFile next = this.pipeline.await();
		if (next == full.segment()) {
			// The last roll ran out of memory or stack behind its last step.
			this.pipeline.used();
			next = this.pipeline.await();
		}
		return next;
	}

	/**
	 * Changes to the next segment. If a step fails, be it for lack of memory or stack,
	 * the next append does all of them again. So a second time, none does more than the
	 * first.
	 */
	private void follow(ActiveSegment full, SegmentFile next) throws IOException {
		long number = full.number(full.seal());
		full.segment().seal(this.clock.sealing());
		next.begin(number);
		Mmap file = next.acquire();
		next.release();
		if (number == full.segment().first()) {
			// It is empty, so no sync of a record flushes it. Without its life slot
			// nobody could tell that records go on behind it.
			this.durability.flush(full);
			if (this.active != full) {
				// A listener that was told of the flush has appended.
				return;
			}
		}
		ActiveSegment following = new ActiveSegment(next, file, SegmentFile.DATA, number);
		this.segments.add(next);
		// Only now: until then it is the last one, and retention must not remove it.
		full.segment().adoptEnd(number);
		this.durability.keep(full.segment());
		// Between these two nothing can fail: a segment that is kept twice would be
		// released twice.
		this.active = following;
		this.pipeline.used();
	}

	/**
	 * Ends all appends and releases all segments. Unless the journal has failed, this
	 * waits for appends that have a number, and makes their records durable.
	 * @return where the records end
	 * @throws dev.yammap.journal.JournalFailedException if one of these appends failed,
	 * and one behind it did not
	 */
	public End close() throws IOException {
		this.lock.lock();
		try (Closeable _ = this.active.segment()::release;
				// If the journal failed, a thread may still be about to write a record.
				// The file may soon belong to the next writer.
				Closeable _ = this.active.segment()::unmap;
				Closeable _ = this.durability::releaseAll;
				Closeable _ = this.pipeline::close) {
			ActiveSegment last = this.active;
			// A failure from here on is thrown: nobody else may know of it.
			boolean isWhole = this.state.failure() == null;
			last.end();
			if (isWhole) {
				this.durability.syncAnyway(last);
				last.eraseBehindEnd();
				last.segment().sync();
			}
			long tail = last.tail();
			return new End(last.number(tail), last.segment().index(), ActiveSegment.offset(tail));
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Where records end.
	 *
	 * @param number the next number
	 * @param segment the index of the segment where its record would begin
	 * @param offset where in that segment
	 */
	public record End(long number, long segment, long offset) {

	}

	/**
	 * Where records end, in a segment that is held.
	 *
	 * @param segment the segment where the next record would begin
	 * @param number its number
	 * @param offset where in that segment
	 */
	public record HeldEnd(SegmentFile segment, long number, long offset) {

	}

}
