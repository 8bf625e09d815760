package dev.yammap.journal.internal.write;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

import dev.yammap.journal.HeldUpAction;
import dev.yammap.journal.JournalFullException;
import dev.yammap.journal.internal.file.ControlFile;
import dev.yammap.journal.internal.file.JournalDirectory;
import dev.yammap.journal.internal.file.ReaderPosition;
import dev.yammap.journal.internal.file.SegmentFile;
import dev.yammap.journal.internal.file.Segments;
import org.jspecify.annotations.Nullable;

/**
 * Removes the first segments: when somebody asks, when there are too many, or when they
 * are too old. It never removes the active segment, one that is not durable, or one that
 * a named reader still needs.
 */
public final class Retention {

	private static final System.Logger logger = System.getLogger("dev.yammap.journal");

	private final JournalDirectory directory;

	private final ControlFile control;

	private final Segments segments;

	private final LongSupplier durable;

	private final SealingClock clock;

	private final long maxSize;

	private final long sizeLimit;

	private final @Nullable Duration maxAge;

	private final HeldUpAction whenHeldUp;

	/**
	 * Segments that the journal has no longer, and whose files are still there: they
	 * could not be deleted yet.
	 */
	private final Deque<SegmentFile> leftOver = new ArrayDeque<>();

	private boolean warned;

	/** Whether a warning told of files that cannot be deleted. */
	private boolean warnedOfFiles;

	/**
	 * Creates a retention.
	 * @param maxSize if all segments together have more bytes, the first ones are removed
	 * @param sizeLimit all segments together never have more bytes: appends are refused
	 * @param maxAge how long a sealed segment is kept, or null for ever
	 */
	public Retention(JournalDirectory directory, ControlFile control, Segments segments, LongSupplier durable,
			SealingClock clock, long maxSize, long sizeLimit, @Nullable Duration maxAge, HeldUpAction whenHeldUp) {
		this.directory = directory;
		this.control = control;
		this.segments = segments;
		this.durable = durable;
		this.clock = clock;
		this.maxSize = maxSize;
		this.sizeLimit = sizeLimit;
		this.maxAge = maxAge;
		this.whenHeldUp = whenHeldUp;
	}

	/** Removes the segments all of whose records are below the given number. */
	public synchronized void removeBefore(long number) throws IOException {
		deleteLeftOver();
		if (this.segments.first().end() > number) {
			// Nothing to remove: no file of a reader need be read and flushed.
			return;
		}
		Holder holder = holder();
		int wanted = leading((segment) -> segment.end() <= number);
		int count = leading((segment) -> segment.end() <= Math.min(number, holder.position()));
		drop(count);
		deleteLeftOver();
		if (count < wanted && problem(holder) != null) {
			warnOnce(message(holder));
		}
	}

	/** Removes segments that are too old or too many. */
	public synchronized void apply() throws IOException {
		makeRoom(0);
		deleteLeftOver();
	}

	/**
	 * Removes segments that are too old, or too many once there is one more.
	 * @param bytes the size of that segment, or 0 if there is none
	 * @throws JournalFullException if a named reader is in the way, and the setting says
	 * to refuse appends then; or if the size limit is reached
	 */
	synchronized void makeRoom(long bytes) throws IOException {
		tryToDeleteLeftOver();
		Holder holder = null;
		long now = this.clock.now();
		long size = bytes;
		for (SegmentFile segment : this.leftOver) {
			size += segment.size();
		}
		for (SegmentFile segment : this.segments.list()) {
			size += segment.size();
		}
		int count = 0;
		boolean heldUp = false;
		// Behind a file that cannot be deleted none is, so records would go for nothing.
		List<SegmentFile> candidates = this.leftOver.isEmpty() ? this.segments.list() : List.of();
		for (SegmentFile segment : candidates) {
			boolean wanted = size > this.maxSize || isTooOld(segment, now);
			if (!wanted || segment.end() > this.durable.getAsLong()) {
				break;
			}
			if (holder == null) {
				// The files of readers are read and flushed only if they matter.
				holder = holder();
			}
			heldUp = segment.end() > holder.position();
			if (heldUp) {
				break;
			}
			size -= segment.size();
			count++;
		}
		drop(count);
		tryToDeleteLeftOver();
		if (heldUp) {
			tell(Objects.requireNonNull(holder), bytes > 0 && size > this.maxSize);
		}
		else {
			this.warned = false;
		}
		if (bytes > 0 && size > this.sizeLimit) {
			throw new JournalFullException("All segments of the journal " + this.directory.path()
					+ " together would be larger than its size limit of " + this.sizeLimit
					+ " bytes, so nothing was appended. Sync and remove records, or raise the limit");
		}
	}

	private boolean isTooOld(SegmentFile segment, long now) {
		return this.maxAge != null && segment.sealedAt() != 0
				&& Duration.ofMillis(now - segment.sealedAt()).compareTo(this.maxAge) >= 0;
	}

	private void tell(Holder holder, boolean full) throws JournalFullException {
		if (full && this.whenHeldUp == HeldUpAction.REFUSE_APPENDS) {
			throw new JournalFullException("All segments together would be larger than " + this.maxSize + " bytes. "
					+ message(holder) + ", or raise the maximum size");
		}
		warnOnce(message(holder));
	}

	private String message(Holder holder) {
		String problem = problem(holder);
		return ((holder.failure() != null) ? "A reader" : "The reader '" + holder.name() + "'") + " of the journal "
				+ this.directory.path() + " holds up the removal of segments: "
				+ ((problem != null) ? problem : "its position is " + holder.position()
						+ ". Let it go on, or remove its file if it is not used any more");
	}

	/** Says why nobody knows what a reader still needs, or returns null. */
	private @Nullable String problem(Holder holder) {
		return (holder.failure() != null)
				? "the directory cannot be listed, so nobody knows which there are (" + holder.failure().getMessage()
						+ "). Make it readable"
				: ReaderPosition.problem(this.directory, this.control.journalId(), holder.name());
	}

	private void warnOnce(String message) {
		if (!this.warned) {
			this.warned = true;
			logger.log(System.Logger.Level.WARNING, message);
		}
	}

	private int leading(Predicate<SegmentFile> condition) {
		List<SegmentFile> all = this.segments.list();
		int count = 0;
		// The last one has no end.
		while (all.get(count).end() <= this.durable.getAsLong() && condition.test(all.get(count))) {
			count++;
		}
		return count;
	}

	/** Drops the first segments from the journal. Their files are left over. */
	private void drop(int count) throws IOException {
		if (count > 0) {
			List<SegmentFile> all = this.segments.list();
			SegmentFile first = all.get(count);
			this.control.change((state) -> state.withFirst(first.index(), first.first()));
			this.segments.dropFirst(count);
			this.leftOver.addAll(all.subList(0, count));
		}
	}

	/**
	 * Deletes what is left over, in ascending order: if the control file is lost, what is
	 * left has no gap. What cannot be deleted stays, and counts as a part of the journal.
	 */
	private void deleteLeftOver() throws IOException {
		if (!this.leftOver.isEmpty()) {
			while (!this.leftOver.isEmpty()) {
				this.leftOver.getFirst().delete();
				this.leftOver.removeFirst();
			}
			this.directory.sync();
		}
		this.warnedOfFiles = false;
	}

	/** The same for an append, which can do without. */
	private void tryToDeleteLeftOver() {
		try {
			deleteLeftOver();
		}
		catch (IOException ex) {
			if (!this.warnedOfFiles) {
				this.warnedOfFiles = true;
				logger.log(System.Logger.Level.WARNING,
						"Segments of the journal " + this.directory.path()
								+ " that it does not need cannot be removed: " + ex
								+ ". It grows meanwhile. Check the permissions and the device; the journal tries again",
						ex);
			}
		}
	}

	private Holder holder() {
		Holder lowest = new Holder("", Long.MAX_VALUE, null);
		try {
			for (Map.Entry<String, Long> entry : ReaderPosition.durable(this.directory, this.control.journalId())
				.entrySet()) {
				if (entry.getValue() < lowest.position()) {
					lowest = new Holder(entry.getKey(), entry.getValue(), null);
				}
			}
			return lowest;
		}
		catch (IOException ex) {
			return new Holder("", 0, ex);
		}
	}

	/**
	 * The named reader that is furthest behind.
	 *
	 * @param failure why it is not known which readers there are, or null
	 */
	private record Holder(String name, long position, @Nullable IOException failure) {

	}

}
