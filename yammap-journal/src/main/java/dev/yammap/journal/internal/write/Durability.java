package dev.yammap.journal.internal.write;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

import dev.yammap.journal.internal.file.SegmentFile;
import dev.yammap.journal.internal.file.Segments;
import org.jspecify.annotations.Nullable;

/**
 * Makes records durable, and knows which are. Threads share flushes as those of the
 * engine do, whose syncs these are.
 */
public final class Durability {

	private final WriterState state;

	private final Publication publication;

	private final Segments segments;

	private final Waiters waiters;

	private final AtomicLong durable;

	/** Held to write a progress slot; nobody waits for it. */
	private final ReentrantLock slotLock = new ReentrantLock();

	private volatile @Nullable SegmentFile slotSegment;

	/**
	 * How many slots were written, and how many of them a flush covered that began later.
	 */
	private final AtomicLong slotsWritten = new AtomicLong();

	private final AtomicLong slotsFlushed = new AtomicLong();

	/** Sealed segments that stay mapped until they are durable. */
	private final Deque<SegmentFile> sealed = new ArrayDeque<>();

	/** Whether there are any, for who need not wait to know. */
	private volatile boolean anySealed;

	/**
	 * Creates it.
	 * @param next all records below it are durable
	 */
	public Durability(WriterState state, Publication publication, Segments segments, Waiters waiters, long next) {
		this.state = state;
		this.publication = publication;
		this.segments = segments;
		this.waiters = waiters;
		this.durable = new AtomicLong(next);
	}

	/** Returns the first number that is not known to be durable. */
	public long durable() {
		return this.durable.get();
	}

	/**
	 * Makes all records durable that have a number now.
	 * @throws IOException if one of them cannot be; then nothing is appended any more
	 */
	public void sync(Rolling rolling) throws IOException {
		this.state.check();
		syncAnyway(rolling.active());
	}

	/**
	 * Makes a record durable, and all before it. What other threads append meanwhile is
	 * not waited for: one that is slow would hold up all.
	 * @throws IOException as {@link #sync(Rolling)}
	 */
	public void sync(Rolling rolling, long number) throws IOException {
		this.state.check();
		ActiveSegment active = rolling.active();
		sync(active, active.tail(), number + 1);
	}

	/** The same for who closes the journal. */
	void syncAnyway(ActiveSegment active) throws IOException {
		long tail = active.tail();
		sync(active, tail, active.number(tail));
	}

	/**
	 * Makes records durable that have a number now.
	 * @param tail the tail of the segment that is appended to
	 * @param least the records below this number, and more if they are whole
	 */
	void sync(ActiveSegment active, long tail, long least) throws IOException {
		long next = active.number(tail);
		long from = this.durable.get();
		if (from >= least) {
			return;
		}
		long target = Math.min(this.publication.await(least, active), next);
		try {
			long slots = this.slotsWritten.get();
			if (active.segment().first() <= from) {
				flush(active, target);
			}
			else {
				flush(from, target);
			}
			raise(this.slotsFlushed, slots);
			raise(this.durable, target);
			if (target == next && !active.gaveBack()) {
				writeProgress(active.segment(), target, ActiveSegment.offset(tail));
			}
			releaseDurable();
		}
		catch (ClosedChannelException ex) {
			if (!this.state.isClosed()) {
				this.state.fail(ex);
				throw ex;
			}
			this.state.requireNotFailed();
			throw ex;
		}
		catch (IOException | RuntimeException | Error failure) {
			this.state.fail(failure);
			throw failure;
		}
		this.waiters.wake();
	}

	/**
	 * The usual case, in which many threads must not wait for each other: all is in one
	 * segment, which is mapped until all of it is durable.
	 */
	private void flush(ActiveSegment active, long target) throws IOException {
		try {
			active.file().sync();
		}
		catch (ClosedChannelException ex) {
			requireDurable(target);
		}
	}

	/**
	 * Flushes a segment to which nothing is appended any more.
	 * @throws IOException if that fails; then nothing is appended any more at all
	 */
	void flush(ActiveSegment full) throws IOException {
		try {
			full.file().sync();
		}
		catch (IOException | RuntimeException | Error failure) {
			this.state.fail(failure);
			throw failure;
		}
	}

	/**
	 * In ascending order, so that a power cut leaves no whole segment behind a torn one.
	 */
	private void flush(long from, long target) throws IOException {
		for (SegmentFile segment : this.segments.list()) {
			if (segment.first() >= target) {
				return;
			}
			if (segment.end() > from && !segment.syncIfHeld()) {
				requireDurable(Math.min(segment.end(), target));
			}
		}
	}

	/**
	 * Nobody holds a segment of which all is durable. If that is not so, the journal was
	 * closed meanwhile, and whoever closes it says what became of its records.
	 */
	private void requireDurable(long number) throws ClosedChannelException {
		if (this.durable.get() < number) {
			throw new ClosedChannelException();
		}
	}

	private static void raise(AtomicLong value, long least) {
		if (value.get() < least) {
			value.accumulateAndGet(least, Math::max);
		}
	}

	/**
	 * Writes down what is durable, for recovery to find. (Where a record begins is known
	 * of the next one alone: a sync that leaves out some leaves this to theirs.) If the
	 * slot that was written last was not flushed yet, a power cut could tear both: then
	 * it waits for a later sync.
	 */
	private void writeProgress(SegmentFile segment, long number, long offset) throws IOException {
		if (isDue(segment) && this.slotLock.tryLock()) {
			try {
				if (isDue(segment)) {
					segment.writeProgressIfHeld(number, offset);
					this.slotSegment = segment;
					this.slotsWritten.incrementAndGet();
				}
			}
			finally {
				this.slotLock.unlock();
			}
		}
	}

	private boolean isDue(SegmentFile segment) {
		return segment != this.slotSegment || this.slotsFlushed.get() == this.slotsWritten.get();
	}

	/** Keeps a segment mapped until it is durable. */
	void keep(SegmentFile segment) {
		synchronized (this.sealed) {
			this.sealed.add(segment);
			this.anySealed = true;
		}
	}

	private void releaseDurable() throws IOException {
		if (!this.anySealed) {
			return;
		}
		synchronized (this.sealed) {
			while (!this.sealed.isEmpty() && this.sealed.getFirst().end() <= this.durable.get()) {
				this.sealed.removeFirst().release();
			}
			this.anySealed = !this.sealed.isEmpty();
		}
	}

	/** Releases what was not durable when the journal was closed. */
	void releaseAll() throws IOException {
		synchronized (this.sealed) {
			while (!this.sealed.isEmpty()) {
				this.sealed.removeFirst().release();
			}
		}
	}

}
