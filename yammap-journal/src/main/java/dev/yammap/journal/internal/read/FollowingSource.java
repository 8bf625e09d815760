package dev.yammap.journal.internal.read;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import dev.yammap.journal.DamageAction;
import dev.yammap.journal.JournalDamagedException;
import dev.yammap.journal.internal.file.ControlFile;
import dev.yammap.journal.internal.file.ControlState;
import dev.yammap.journal.internal.file.JournalDirectory;
import dev.yammap.journal.internal.file.SegmentFile;
import dev.yammap.journal.internal.file.SegmentHead;
import dev.yammap.journal.internal.file.Segments;
import org.jspecify.annotations.Nullable;

/**
 * What cursors know of a journal that another process may write: what the files say. No
 * record is known to be whole before it is checked.
 */
public final class FollowingSource implements RecordSource, AutoCloseable {

	private static final long LEAST_PAUSE = TimeUnit.MICROSECONDS.toNanos(50);

	private static final long MOST_PAUSE = TimeUnit.MILLISECONDS.toNanos(10);

	private final JournalDirectory directory;

	private final long journalId;

	private final boolean skipsDamage;

	private final Segments segments = new Segments(List.of());

	private final Chunk chunk = new Chunk();

	private final ControlFile.Substitute substitute;

	private volatile ControlState control;

	/** The turn of the control file when it was read last, -1 if that has none. */
	private long turn = -1;

	private final Consumer<JournalDamagedException> listener;

	private volatile boolean closed;

	/** How long the last wait was, and for which record: see {@link #await}. */
	private long pause = LEAST_PAUSE;

	private long waitedFor = -1;

	/** The highest index of a segment that is known to be lost. */
	private long lost;

	/**
	 * Creates a source.
	 * @param action what to do about damage
	 * @param listener who wants to know of damage
	 */
	public FollowingSource(JournalDirectory directory, DamageAction action, Consumer<JournalDamagedException> listener)
			throws IOException {
		this.directory = directory;
		this.listener = listener;
		this.skipsDamage = action == DamageAction.SKIP;
		this.substitute = new ControlFromSegments(directory, action);
		ControlFile.Snapshot snapshot = ControlFile.read(directory, this.substitute);
		this.journalId = snapshot.journalId();
		this.control = snapshot.state();
	}

	public long journalId() {
		return this.journalId;
	}

	/** Returns the segments that have records. */
	public List<SegmentFile> segments() throws IOException {
		look();
		return this.segments.list();
	}

	/** Finds segments that were begun or removed since the last look. */
	private synchronized void look() throws IOException {
		boolean isConsistent = false;
		while (!isConsistent) {
			ControlFile.Snapshot snapshot = ControlFile.read(this.directory, this.substitute);
			long now = turn(snapshot);
			boolean isSame = now >= 0 && now == this.turn;
			this.control = snapshot.state();
			dropRemoved();
			if (!isSame) {
				dropPutAside();
			}
			this.turn = now;
			List<SegmentFile> known = this.segments.list();
			long next = known.isEmpty() ? 0 : known.getLast().index() + 1;
			isConsistent = addFrom(Math.max(next, this.control.firstSegment()));
		}
	}

	private void dropRemoved() {
		List<SegmentFile> known = this.segments.list();
		int removed = 0;
		while (removed < known.size() && known.get(removed).index() < this.control.firstSegment()) {
			removed++;
		}
		this.segments.dropFirst(removed);
	}

	/**
	 * Forgets the last segments if a recovery has put them aside: it says so before in
	 * the control file, and the writer may have made others of the same names since.
	 */
	private void dropPutAside() throws IOException {
		List<SegmentFile> known = this.segments.list();
		int kept = known.size();
		while (kept > 0 && !isCurrent(known.get(kept - 1))) {
			kept--;
		}
		if (kept < known.size()) {
			this.segments.dropBehind(kept);
			if (kept > 0) {
				SegmentFile last = known.get(kept - 1);
				last.adoptEnd(SegmentFile.OPEN);
				last.adoptSealing(0);
			}
		}
	}

	private boolean isCurrent(SegmentFile segment) throws IOException {
		SegmentHead head = (segment.index() <= this.control.ready()) ? current(segment) : null;
		return head != null;
	}

	/** Reads what the file of a segment says now; null if it is another segment's. */
	private static @Nullable SegmentHead current(SegmentFile segment) throws IOException {
		try {
			SegmentHead head = SegmentHead.read(segment.path());
			return (head != null && head.id() == segment.id()) ? head : null;
		}
		catch (NoSuchFileException ex) {
			// It was removed, or put aside.
			return null;
		}
	}

	/**
	 * Adds all segments that were begun.
	 * @return whether what the control file said was still so: a writer may remove
	 * segments meanwhile, or put them aside
	 */
	private boolean addFrom(long from) throws IOException {
		// None beyond what is ready: a recovery may be about to put it aside.
		for (long index = from; index <= this.control.ready(); index++) {
			// Not listed: a reader that follows asks often, and there may be very many.
			SegmentHead head = head(index);
			if (head == null || !add(head, false)) {
				if (head != null && !isDurableBehind(index)) {
					return true;
				}
				SegmentHead again = head(index);
				boolean isThere = again != null && add(again, true);
				// Read behind the look at the file: whoever takes a segment away says so
				// before.
				if (isThere || hasChanged(index)) {
					return false;
				}
				lose(index);
			}
		}
		return true;
	}

	/**
	 * Tells whether the control file has changed since this look began, so that a segment
	 * may be gone for good reason.
	 */
	private boolean hasChanged(long index) throws IOException {
		ControlFile.Snapshot now = ControlFile.read(this.directory, this.substitute);
		return turn(now) != this.turn || now.state().firstSegment() > index || now.state().ready() < index;
	}

	/** Returns the turn of the control file, or -1 if it has none. */
	private static long turn(ControlFile.Snapshot snapshot) {
		return (snapshot.slot() != null) ? snapshot.slot().turn() : -1;
	}

	/** One that is removed at this very moment is not there. */
	private @Nullable SegmentHead head(long index) throws IOException {
		Path file = this.directory.segment(index);
		try {
			SegmentHead head = Files.exists(file) ? SegmentHead.read(file, this.journalId, index) : null;
			// What is left of one that was cut short is read only where damage is passed
			// over.
			return (head == null || this.skipsDamage || Files.size(file) >= head.size()) ? head : null;
		}
		catch (NoSuchFileException ex) {
			return null;
		}
	}

	/** Tells whether a later segment says that all before it was durable. */
	private boolean isDurableBehind(long index) throws IOException {
		for (long later = index + 1; later <= this.control.ready(); later++) {
			SegmentHead head = head(later);
			if (head != null && head.progress() != null) {
				return true;
			}
		}
		return false;
	}

	/** A segment is not there, or has no beginning, which must have had one. */
	private void lose(long index) throws JournalDamagedException {
		JournalDamagedException damage = new JournalDamagedException(this.directory.segment(index), 0, -1,
				"the segment is missing, or not whole, though it was ready for use",
				"Restore the journal from a backup, or open it with whenDamaged(SKIP) to read what others hold",
				DamageAction.SKIP);
		if (!this.skipsDamage) {
			throw damage;
		}
		if (index > this.lost) {
			this.lost = index;
			this.listener.accept(damage);
		}
	}

	/**
	 * Adds a segment, if a record of it can be there.
	 * @param anyRecord whether any record may say where it begins, as the first is lost
	 */
	private boolean add(SegmentHead head, boolean anyRecord) throws IOException {
		SegmentFile segment = new SegmentFile(this.directory, head, false);
		if (segment.index() == this.control.firstSegment()) {
			segment.adoptFirst(this.control.firstNumber());
		}
		else if (segment.first() < 0) {
			long first = firstNumber(segment, anyRecord);
			if (first < 0) {
				return false;
			}
			segment.adoptFirst(first);
		}
		List<SegmentFile> before = this.segments.list();
		if (!before.isEmpty()) {
			end(before.getLast(), segment.first());
		}
		this.segments.add(segment);
		return true;
	}

	/** The writer sealed a segment before it began the next one. */
	private static void end(SegmentFile segment, long number) throws IOException {
		segment.adoptEnd(number);
		SegmentHead head = (segment.sealedAt() == 0) ? current(segment) : null;
		if (head != null) {
			segment.adoptSealing(head.sealedAt());
		}
	}

	/** Returns -1 if nothing tells, or if the segment is taken away just now. */
	private long firstNumber(SegmentFile segment, boolean anyRecord) throws IOException {
		try {
			return anyRecord ? this.chunk.firstNumber(segment) : firstRecord(segment);
		}
		catch (NoSuchFileException ex) {
			return -1;
		}
	}

	/** The life slot may have been lost: then the first record tells. */
	private long firstRecord(SegmentFile segment) throws IOException {
		return this.chunk.look(segment, (file) -> {
			boolean whole = this.chunk.hasHeader(file, segment, SegmentFile.DATA)
					&& this.chunk.isWhole(file, segment, SegmentFile.DATA);
			return whole ? this.chunk.number(SegmentFile.DATA) : -1;
		});
	}

	@Override
	public long whole() {
		return UNKNOWN;
	}

	@Override
	public long durable() throws IOException {
		look();
		long durable = Math.max(this.control.durable(), this.control.firstNumber());
		for (SegmentFile segment : this.segments.list().reversed()) {
			SegmentHead head = current(segment);
			if (head != null && head.progress() != null) {
				return Math.max(durable, head.durable());
			}
		}
		return durable;
	}

	@Override
	public @Nullable SegmentFile segment(long number) throws IOException {
		SegmentFile found = this.segments.find(number);
		if (found == null || found.end() == SegmentFile.OPEN) {
			look();
			found = this.segments.find(number);
		}
		if (found == null && this.skipsDamage && number >= this.control.firstNumber()) {
			List<SegmentFile> known = this.segments.list();
			// Those before it are lost, and it shows how far.
			return known.isEmpty() ? null : known.getFirst();
		}
		return found;
	}

	@Override
	public long first() throws IOException {
		look();
		return this.control.firstNumber();
	}

	/** Looks again soon after a record came, later where none came for long. */
	@Override
	public void await(long number, boolean durableOnly, long nanos) throws InterruptedException {
		long wait;
		synchronized (this) {
			this.pause = (number == this.waitedFor) ? Math.min(2 * this.pause, MOST_PAUSE) : LEAST_PAUSE;
			this.waitedFor = number;
			wait = Math.min(this.pause, nanos);
		}
		LockSupport.parkNanos(this, wait);
		if (Thread.interrupted()) {
			throw new InterruptedException();
		}
	}

	@Override
	public boolean skipsDamage() {
		return this.skipsDamage;
	}

	public boolean isOpen() {
		return !this.closed;
	}

	@Override
	public void damaged(JournalDamagedException damage) {
		this.listener.accept(damage);
	}

	@Override
	public void requireOpen() throws ClosedChannelException {
		if (this.closed) {
			throw new ClosedChannelException();
		}
	}

	@Override
	public void close() {
		this.closed = true;
	}

}
