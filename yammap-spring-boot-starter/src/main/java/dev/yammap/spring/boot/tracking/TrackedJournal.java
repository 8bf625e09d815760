package dev.yammap.spring.boot.tracking;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import dev.yammap.Backend;
import dev.yammap.FailureCause;
import dev.yammap.MmapListener.WriteOperation;
import dev.yammap.journal.Journal;
import dev.yammap.journal.JournalDamagedException;
import dev.yammap.journal.JournalListener;
import dev.yammap.journal.JournalSegment;
import dev.yammap.journal.RecoveryReport;
import dev.yammap.spring.boot.path.FileStamp;
import dev.yammap.spring.boot.settings.JournalSettings;
import dev.yammap.spring.boot.settings.ResourceKind;
import org.jspecify.annotations.Nullable;

/**
 * A journal from its configuration to its end, and what is known about it besides its
 * records.
 */
public final class TrackedJournal extends TrackedResource implements JournalListener {

	private final @Nullable JournalSettings settings;

	private volatile @Nullable Journal journal;

	/** Damage that a reader met, until the journal is opened again. */
	private volatile @Nullable JournalDamagedException damage;

	/** The identity of the directory when the journal was opened. */
	private volatile @Nullable Object key;

	/**
	 * Creates a journal of the registry, which is not open yet.
	 * @param settings how it will be opened
	 */
	public TrackedJournal(JournalSettings settings) {
		super(ResourceKind.JOURNAL, settings, settings);
		this.settings = settings;
	}

	/**
	 * Creates a journal that the application opened itself. Its syncs are not known.
	 * @param journal the journal
	 */
	public TrackedJournal(Journal journal) {
		super(ResourceKind.JOURNAL, null, journal);
		this.settings = null;
		this.journal = journal;
	}

	/**
	 * Records that the journal is open.
	 * @param journal the journal
	 */
	public void opened(Journal journal) {
		this.key = key(journal.directory());
		this.journal = journal;
		tellOpened(journal);
	}

	@Override
	public void synced(Journal journal, Duration duration, @Nullable IOException failure) {
		recordSync(duration, failure);
	}

	@Override
	public void coalesced(Journal journal, int callers) {
		events().coalesced(callers);
	}

	@Override
	public void appendFailed(Journal journal, IOException failure) {
		events().refused(next(journal), isDirty(), WriteOperation.APPEND, FailureCause.of(failure), failure);
	}

	@Override
	public void damaged(Journal journal, JournalDamagedException damage) {
		this.damage = damage;
	}

	@Override
	public void readerOpened(Journal journal, String name) {
		tellOpened(asItIsKnown(journal));
	}

	@Override
	public void closed(Journal journal) {
		tellClosed(asItIsKnown(journal));
	}

	/**
	 * Returns the journal as the application knows it: it may be wrapped, to observe its
	 * syncs.
	 */
	private Journal asItIsKnown(Journal journal) {
		Journal known = this.journal;
		return (known != null) ? known : journal;
	}

	@Override
	public @Nullable JournalSettings settings() {
		return this.settings;
	}

	@Override
	public JournalSettings requiredSettings() {
		return Objects.requireNonNull(this.settings);
	}

	@Override
	public @Nullable Journal resource() {
		return this.journal;
	}

	@Override
	public boolean isOpen() {
		Journal journal = this.journal;
		return journal != null && journal.isOpen();
	}

	@Override
	public @Nullable Path path() {
		Journal journal = this.journal;
		if (journal != null) {
			return journal.directory();
		}
		return (this.settings != null) ? this.settings.path() : null;
	}

	@Override
	public long size() {
		return segments().stream().mapToLong(JournalSegment::size).sum();
	}

	@Override
	public long mappedSize() {
		Journal journal = this.journal;
		try {
			return (journal != null && journal.isOpen()) ? journal.mappedSize() : 0;
		}
		catch (IOException ex) {
			return 0;
		}
	}

	@Override
	public @Nullable Backend backend() {
		Journal journal = this.journal;
		return (journal != null) ? journal.backend() : null;
	}

	@Override
	public Set<WriteOperation> writeOperations() {
		return isWritten() ? Set.of(WriteOperation.APPEND) : Set.of();
	}

	/**
	 * Returns what was found when the journal was opened.
	 * @return the report, or {@code null} if it was never open, or is a mock
	 */
	public @Nullable RecoveryReport recovery() {
		Journal journal = this.journal;
		return (journal != null) ? journal.recovery() : null;
	}

	/**
	 * Returns the segments.
	 * @return the segments in order; empty if they cannot be read, or the journal is
	 * closed
	 */
	public List<JournalSegment> segments() {
		Journal journal = this.journal;
		try {
			return (journal != null && journal.isOpen()) ? journal.segments() : List.of();
		}
		catch (IOException ex) {
			return List.of();
		}
	}

	/**
	 * Returns how many records were appended since the journal was opened, by any
	 * process.
	 */
	public long appended() {
		Journal journal = this.journal;
		RecoveryReport found = recovery();
		return (journal != null && found != null) ? next(journal) - found.nextSequence() : 0;
	}

	/**
	 * Returns how many records the journal holds.
	 * @return the number, 0 if it is not open
	 */
	public long records() {
		return recordsFrom(segments(), 0);
	}

	/** Numbers that were passed over, as their records are lost, do not count. */
	private static long recordsFrom(List<JournalSegment> segments, long sequence) {
		return segments.stream().mapToLong((segment) -> segment.recordsFrom(sequence)).sum();
	}

	/**
	 * Returns how many records a power cut may take back.
	 */
	public long unsynced() {
		Journal journal = this.journal;
		try {
			return (journal != null) ? Math.max(0, journal.nextSequence() - journal.durableSequence()) : 0;
		}
		catch (IOException ex) {
			return 0;
		}
	}

	/**
	 * Returns how many records each named reader has not read.
	 * @return the numbers of records by the name of the reader; empty if they cannot be
	 * read, or the journal is closed
	 */
	public Map<String, Long> lags() {
		Journal journal = this.journal;
		try {
			if (journal == null || !journal.isOpen()) {
				return Map.of();
			}
			Map<String, Long> lags = new LinkedHashMap<>(journal.readerPositions());
			List<JournalSegment> segments = journal.segments();
			lags.replaceAll((_, position) -> recordsFrom(segments, position));
			return lags;
		}
		catch (IOException ex) {
			return Map.of();
		}
	}

	/** A journal that was only read does not know this any more once it is closed. */
	private static long next(Journal journal) {
		try {
			return journal.nextSequence();
		}
		catch (IOException ex) {
			return journal.recovery().nextSequence();
		}
	}

	@Override
	void addProblems(List<String> problems) {
		Journal journal = this.journal;
		Throwable failure = (journal != null) ? journal.failure().orElse(null) : null;
		if (failure != null) {
			// What happened after this tells nothing more.
			problems.add("It takes no more records and no syncs until it is opened again, as one of them failed: "
					+ failure.getMessage());
		}
		else {
			problems.addAll(events().problems((journal != null) ? next(journal) : ResourceEvents.UNKNOWN_SIZE));
		}
		JournalDamagedException damage = this.damage;
		if (damage != null) {
			problems.add("A reader met damage: " + damage.getMessage());
		}
		try {
			if (leadsElsewhere()) {
				problems.add("It was removed or replaced: its path does not lead to the directory that is open");
			}
		}
		catch (IOException ex) {
			problems.add("Its path cannot be checked: " + ex);
		}
	}

	@Override
	public List<String> warnings() {
		RecoveryReport found = recovery();
		List<String> warnings = new ArrayList<>();
		if (found != null) {
			if (found.tornBytes() > 0) {
				warnings.add("Its end was torn when it was opened: " + found.tornBytes() + " bytes were put aside, in "
						+ found.putAside());
			}
			else if (found.wasTorn()) {
				warnings.add("Files were put aside when it was opened: " + found.putAside());
			}
			if (found.skippedRecords() > 0) {
				warnings.add("It was damaged when it was opened: " + found.skippedRecords()
						+ " numbers have no record, and are passed over");
			}
		}
		return warnings;
	}

	@Override
	public boolean isDirty() {
		return isWritten() && unsynced() > 0;
	}

	@Override
	public void sync() throws IOException {
		Objects.requireNonNull(this.journal).sync();
	}

	@Override
	void close() throws IOException {
		Objects.requireNonNull(this.journal).close();
	}

	@Override
	boolean isElsewhere() {
		try {
			return leadsElsewhere();
		}
		catch (IOException ex) {
			// If the path cannot be looked at, that is not known.
			return false;
		}
	}

	private boolean leadsElsewhere() throws IOException {
		Object key = this.key;
		Path path = path();
		// It may be closed and removed at any time, which is nothing wrong.
		return isOpen() && key != null && path != null && !isAt(path, key) && isOpen();
	}

	private boolean isAt(Path path, Object key) throws IOException {
		try {
			return key.equals(FileStamp.of(path).key());
		}
		catch (NoSuchFileException ex) {
			return false;
		}
	}

	private static @Nullable Object key(Path path) {
		FileStamp stamp = FileStamp.find(path);
		return (stamp != null) ? stamp.key() : null;
	}

	@Override
	String details() {
		Journal journal = Objects.requireNonNull(this.journal);
		String next = "next record " + next(journal);
		int segments = segments().size();
		// The segments of a closed journal are not known.
		return (segments > 0) ? segments + ((segments > 1) ? " segments, " : " segment, ") + next : next;
	}

	/**
	 * Refuses: readers and waiting threads hold on to the journal, so it cannot be
	 * replaced by another.
	 */
	@Override
	public void suspend() throws IOException {
		if (isOpen()) {
			throw new IOException(title() + " is open, and journals are not closed for a checkpoint. Take the"
					+ " checkpoint in a profile with '" + requiredSettings().property("enabled") + ": false'");
		}
	}

	@Override
	public void resume() {
		// It was never closed.
	}

}
