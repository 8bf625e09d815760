package dev.yammap.journal.internal.write;

import java.io.IOException;
import java.time.Duration;
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

	private boolean warned;

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
		Holder holder = holder();
		long limit = Math.min(number, holder.position());
		remove(leading((segment) -> segment.end() <= limit));
	}

	/** Removes segments that are too old or too many. */
	public void apply() throws IOException {
		makeRoom(0);
	}

	/**
	 * Removes segments that are too old, or too many once there is one more.
	 * @param bytes the size of that segment, or 0 if there is none
	 * @throws JournalFullException if a named reader is in the way, and the setting says
	 * to refuse appends then; or if the size limit is reached
	 */
	synchronized void makeRoom(long bytes) throws IOException {
		Holder holder = null;
		long now = this.clock.now();
		long size = bytes;
		for (SegmentFile segment : this.segments.list()) {
			size += segment.size();
		}
		int count = 0;
		boolean heldUp = false;
		for (SegmentFile segment : this.segments.list()) {
			boolean wanted = size > this.maxSize || isTooOld(segment, now);
			if (!wanted || segment.end() > this.durable.getAsLong()) {
				break;
			}
			if (holder == null) {
				// The files of readers are read only if they matter.
				holder = holder();
			}
			heldUp = segment.end() > holder.position();
			if (heldUp) {
				break;
			}
			size -= segment.size();
			count++;
		}
		remove(count);
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

	private void tell(Holder holder, boolean full) throws IOException {
		boolean isLost = ReaderPosition.isLost(this.directory, this.control.journalId(), holder.name());
		String message = "The reader '" + holder.name() + "' of the journal " + this.directory.path()
				+ " holds up the removal of segments: "
				+ (isLost
						? "its file holds no position in this journal, so nobody knows what it still needs."
								+ " Restore the file from a backup, or move it away"
						: "its position is " + holder.position()
								+ ". Let it go on, or remove its file if it is not used any more");
		if (full && this.whenHeldUp == HeldUpAction.REFUSE_APPENDS) {
			throw new JournalFullException("All segments together would be larger than " + this.maxSize + " bytes. "
					+ message + ", or raise the maximum size");
		}
		if (!this.warned) {
			this.warned = true;
			logger.log(System.Logger.Level.WARNING, message);
		}
	}

	private int leading(Predicate<SegmentFile> condition) {
		int count = 0;
		for (SegmentFile segment : this.segments.list()) {
			if (segment.end() > this.durable.getAsLong() || !condition.test(segment)) {
				return count;
			}
			count++;
		}
		return count;
	}

	private void remove(int count) throws IOException {
		if (count > 0) {
			List<SegmentFile> all = this.segments.list();
			SegmentFile first = all.get(count);
			this.control.change((state) -> state.withFirst(first.index(), first.first()));
			this.segments.dropFirst(count);
			for (SegmentFile segment : all.subList(0, count)) {
				segment.delete();
			}
			this.directory.sync();
		}
	}

	private Holder holder() throws IOException {
		Holder lowest = new Holder("", Long.MAX_VALUE);
		for (Map.Entry<String, Long> entry : ReaderPosition.of(this.directory, this.control.journalId()).entrySet()) {
			if (entry.getValue() < lowest.position()) {
				lowest = new Holder(entry.getKey(), entry.getValue());
			}
		}
		return lowest;
	}

	/** The named reader that is furthest behind. */
	private record Holder(String name, long position) {

	}

}
