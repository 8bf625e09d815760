package dev.yammap.journal.internal.recovery;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.yammap.FileLockedException;
import dev.yammap.journal.internal.file.CleanUp;
import dev.yammap.journal.internal.file.JournalDirectory;
import dev.yammap.journal.internal.file.ReaderPosition;

/**
 * Named readers that have read further than records go now, as records were given up
 * after damage. New records get the numbers of those, so the readers are moved back.
 * Until that is done, nobody else can read under their names.
 */
final class ReadersAhead implements AutoCloseable {

	private static final System.Logger logger = System.getLogger("dev.yammap.journal");

	private final Path journal;

	private final long next;

	private final Map<String, ReaderPosition> readers = new LinkedHashMap<>();

	private ReadersAhead(Path journal, long next) {
		this.journal = journal;
		this.next = next;
	}

	/**
	 * Finds them, and keeps others from reading under their names.
	 * @throws FileLockedException if somebody does
	 * @throws IOException also if records were given up, and it cannot be read how far a
	 * reader was
	 */
	static ReadersAhead of(JournalDirectory directory, long journalId, Findings found) throws IOException {
		ReadersAhead ahead = new ReadersAhead(directory.path(), found.next());
		try {
			Map<String, Long> positions = found.damage().isEmpty() ? ReaderPosition.of(directory, journalId)
					: ReaderPosition.known(directory, journalId);
			for (Map.Entry<String, Long> entry : positions.entrySet()) {
				// Where numbers go on behind all that were given, nobody is ahead.
				if (entry.getValue() > found.next() && found.restart < 0 && ReaderPosition.isName(entry.getKey())) {
					ahead.add(directory, journalId, entry.getKey());
				}
			}
			return ahead;
		}
		catch (IOException | RuntimeException | Error failure) {
			CleanUp.after(failure, ahead::close);
			throw failure;
		}
	}

	private void add(JournalDirectory directory, long journalId, String name) throws IOException {
		try {
			this.readers.put(name, ReaderPosition.open(directory, journalId, name, 0));
		}
		catch (FileLockedException ex) {
			throw new FileLockedException(ex.getFile(),
					"The reader '" + name + "' of the journal " + this.journal + " is behind record " + this.next
							+ ", where records end now, and must be moved back. " + ex.problem(),
					"Nothing was changed. Close the reader, and open the journal again", ex.isHeldByThisProcess());
		}
	}

	/** Moves them to where records end, durably. */
	void moveBack() throws IOException {
		for (Map.Entry<String, ReaderPosition> entry : this.readers.entrySet()) {
			ReaderPosition reader = entry.getValue();
			logger.log(System.Logger.Level.WARNING,
					"The reader '" + entry.getKey() + "' of the journal " + this.journal + " was at record "
							+ reader.position() + ", and records end before " + this.next + " now: it goes on there");
			reader.move(this.next);
		}
	}

	@Override
	public void close() throws IOException {
		for (ReaderPosition reader : this.readers.values()) {
			reader.close();
		}
	}

}
