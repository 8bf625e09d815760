package dev.yammap.journal.internal.write;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

import dev.yammap.internal.fault.StackReserve;
import dev.yammap.journal.internal.file.SegmentFile;
import dev.yammap.journal.internal.file.Segments;
import org.jspecify.annotations.Nullable;

/**
 * Makes records durable, and knows which are. Each flush is a sync of the engine, which
 * threads share.
 */
public final class Durability {

	/** Enough for a sync of the engine, and for what follows. */
	private static final int STACK_LEVELS = 64;

	private final WriterState state;

	private final Publication publication;

	private final Segments segments;

	private final Waiters waiters;

	private final AtomicLong durable;

	/** How many syncs are under way. */
	private final AtomicInteger syncing = new AtomicInteger();

	/** How far all is known to be durable, and where that is. */
	private final AtomicReference<@Nullable Progress> progress = new AtomicReference<>();

	/** Held to write a progress slot. Only the last of several syncs waits for it. */
	private final ReentrantLock slotLock = new ReentrantLock();

	/** What the last slot says. */
	private volatile @Nullable Progress slot;

	/**
	 * How many slots were written, and how many of these are flushed: a flush began after
	 * they were written, and succeeded.
	 */
	private final AtomicLong slotsWritten = new AtomicLong();

	private final AtomicLong slotsFlushed = new AtomicLong();

	/** Sealed segments that stay mapped until they are durable. */
	private final List<SegmentFile> sealed = new ArrayList<>();

	/** Whether there are any. Read without the lock. */
	private volatile boolean anySealed;

	/**
	 * Creates a durability.
	 * @param next the first number that is not durable
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
	 * @throws IOException if that fails; then the journal has failed
	 */
	public void sync(Rolling rolling) throws IOException {
		this.state.check();
		syncAnyway(rolling.active());
	}

	/**
	 * Makes a record durable, and all before it. Does not wait for records that other
	 * threads append meanwhile: one slow thread would hold up all.
	 * @throws IOException as {@link #sync(Rolling)}
	 */
	public void sync(Rolling rolling, long number) throws IOException {
		this.state.check();
		ActiveSegment active = rolling.active();
		sync(active, active.tail(), number + 1);
	}

	/** The same for a close, when the journal takes no more records. */
	void syncAnyway(ActiveSegment active) throws IOException {
		long tail = active.tail();
		sync(active, tail, active.number(tail));
	}

	/**
	 * Makes records durable that have a number now: all below a least number, and more if
	 * they are whole.
	 * @param tail the tail of the active segment
	 * @param least the least number
	 */
	void sync(ActiveSegment active, long tail, long least) throws IOException {
		long from = this.durable.get();
		if (from >= least) {
			return;
		}
		StackReserve.require(STACK_LEVELS);
		long target = Math.min(this.publication.await(least, active), active.number(tail));
		try {
			writeSlot(flush(active, from, target, find(active, tail, target)));
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
		catch (OutOfMemoryError | StackOverflowError error) {
			// One caller lacks what others have. If a flush failed of it, the engine lets
			// no later one succeed.
			throw error;
		}
		catch (IOException | RuntimeException | Error failure) {
			this.state.fail(failure);
			throw failure;
		}
		this.waiters.wake();
	}

	/**
	 * Finds where the first record begins that a sync does not reach. It may be half
	 * written.
	 * @return null if that is not known any more
	 */
	private @Nullable Progress find(ActiveSegment active, long tail, long target) {
		if (target == active.number(tail) && !active.gaveBack()) {
			return new Progress(active.segment(), target, ActiveSegment.offset(tail));
		}
		SegmentFile segment = (target >= active.segment().first()) ? active.segment() : this.segments.find(target);
		if (segment == null) {
			return null;
		}
		long offset = (target == segment.first()) ? SegmentFile.DATA : this.publication.endBefore(target);
		return (offset >= 0) ? new Progress(segment, target, offset) : null;
	}

	/**
	 * Flushes, and notes how far all is durable.
	 * @param reached where that is, or null if that is not known
	 * @return whether no other sync is under way
	 */
	private boolean flush(ActiveSegment active, long from, long target, @Nullable Progress reached) throws IOException {
		boolean last;
		this.syncing.incrementAndGet();
		try {
			long slots = this.slotsWritten.get();
			Progress before = this.slot;
			boolean isFlushed;
			if (active.segment().first() <= from) {
				flush(active, target);
				isFlushed = before != null && before.isIn(active.segment());
			}
			else {
				isFlushed = flush(from, target, before);
			}
			if (isFlushed) {
				raise(this.slotsFlushed, slots);
			}
			raise(this.durable, target);
			if (reached != null) {
				note(reached);
			}
		}
		finally {
			last = this.syncing.decrementAndGet() == 0;
		}
		return last;
	}

	private void note(Progress found) {
		this.progress.accumulateAndGet(found, (known, other) -> other.isBehind(known) ? other : known);
	}

	/**
	 * Flushes the active segment, where all records are that are not durable. This is the
	 * usual case, in which many threads must not wait for each other. The segment stays
	 * mapped until all of it is durable.
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
	 * Flushes a segment that is sealed.
	 * @throws IOException if that fails; then the journal has failed
	 */
	void flush(ActiveSegment full) throws IOException {
		try {
			full.file().sync();
		}
		catch (OutOfMemoryError | StackOverflowError error) {
			// As in a sync. The next append tries again.
			throw error;
		}
		catch (IOException | RuntimeException | Error failure) {
			this.state.fail(failure);
			throw failure;
		}
	}

	/**
	 * Flushes several segments in ascending order, so that a power cut leaves no whole
	 * segment behind a torn one.
	 * @param written a slot that was written before, or null
	 * @return whether its segment is one of them
	 */
	private boolean flush(long from, long target, @Nullable Progress written) throws IOException {
		boolean isFlushed = false;
		for (SegmentFile segment : this.segments.list()) {
			if (segment.first() >= target) {
				break;
			}
			if (segment.end() > from) {
				if (segment.syncIfHeld()) {
					isFlushed |= written != null && written.isIn(segment);
				}
				else {
					requireDurable(Math.min(segment.end(), target));
				}
			}
		}
		return isFlushed;
	}

	/**
	 * Checks what it means that nobody holds a segment: either all of it is durable, or
	 * the journal was closed meanwhile. In the second case the close says what became of
	 * the records.
	 */
	private void requireDurable(long number) throws ClosedChannelException {
		if (this.durable.get() < number) {
			throw new ClosedChannelException();
		}
	}

	private static void raise(AtomicLong value, long least) {
		value.accumulateAndGet(least, Math::max);
	}

	/**
	 * Writes down what is durable, for recovery and for other processes. If the slot that
	 * was written last is not flushed yet, the other one must stay: a power cut could
	 * tear both. Then another sync that is under way does this later. If there is none,
	 * this call writes over the last slot.
	 * @param last whether no other sync is under way
	 */
	private void writeSlot(boolean last) throws IOException {
		if (!isDue(last)) {
			return;
		}
		if (last) {
			this.slotLock.lock();
		}
		else if (!this.slotLock.tryLock()) {
			return;
		}
		try {
			if (isDue(last)) {
				Progress next = Objects.requireNonNull(this.progress.get());
				next.segment.writeProgressIfHeld(next.number, next.offset, !mayUseOther(next));
				this.slot = next;
				this.slotsWritten.incrementAndGet();
			}
		}
		finally {
			this.slotLock.unlock();
		}
	}

	private boolean isDue(boolean last) {
		Progress next = this.progress.get();
		return next != null && next.isBehind(this.slot) && (last || mayUseOther(next));
	}

	/** Tells whether this may write over the slot before the last one. */
	private boolean mayUseOther(Progress next) {
		Progress written = this.slot;
		return written == null || !written.isIn(next.segment) || this.slotsFlushed.get() == this.slotsWritten.get();
	}

	/**
	 * Keeps a segment mapped until it is durable. If this throws, it does not: a list
	 * grows before it takes an element.
	 */
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

	/** Unmaps and releases what was not durable when the journal was closed. */
	void releaseAll() throws IOException {
		synchronized (this.sealed) {
			while (!this.sealed.isEmpty()) {
				SegmentFile segment = this.sealed.removeFirst();
				try (Closeable _ = segment::release) {
					segment.unmap();
				}
			}
		}
	}

	/**
	 * How far all is durable.
	 *
	 * @param number of the first record that is not
	 * @param offset where it begins
	 */
	private record Progress(SegmentFile segment, long number, long offset) {

		@SuppressWarnings("ReferenceEquality")
		boolean isIn(SegmentFile other) {
			return this.segment == other;
		}

		boolean isBehind(@Nullable Progress other) {
			return other == null || this.number > other.number;
		}

	}

}
