package dev.yammap.journal.internal;

import java.io.IOException;
import java.time.Duration;

import dev.yammap.journal.JournalRecord;
import dev.yammap.journal.NamedReader;
import dev.yammap.journal.RecordsRemovedException;
import dev.yammap.journal.internal.file.ReaderPosition;
import dev.yammap.journal.internal.read.Cursor;
import dev.yammap.journal.internal.read.RecordSource;

/**
 * A cursor over durable records whose position lasts.
 */
final class NamedCursor implements NamedReader {

	private static final System.Logger logger = System.getLogger("dev.yammap.journal");

	private final String name;

	private final ReaderPosition position;

	private final RecordSource source;

	private final Cursor cursor;

	NamedCursor(RecordSource source, String name, ReaderPosition position) throws IOException {
		this.source = source;
		this.name = name;
		this.position = position;
		long from = position.position();
		long durable = source.durable();
		if (from > durable && source.whole() != RecordSource.UNKNOWN) {
			// The writer knows where records end, so somebody has changed the file since.
			// Who only reads may know less than was durable when the position was stored,
			// and waits.
			logger.log(System.Logger.Level.WARNING, "The reader '" + name + "' was at record " + from
					+ ", and the journal ends at " + durable + " now: it begins there");
			from = durable;
			position.move(from);
		}
		long first = source.first();
		if (from < first && position.isUnused()) {
			// The writer removed records before it saw the new file of the reader.
			from = first;
			position.move(from);
		}
		this.cursor = new Cursor(source, from, true);
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public long position() {
		return this.position.position();
	}

	@Override
	public void moveTo(long sequence) throws IOException {
		if (sequence < 0 || sequence > nextSequence()) {
			throw new IllegalArgumentException("The reader '" + this.name + "' cannot move to record " + sequence
					+ ": it has read those before " + nextSequence());
		}
		requireNotRemoved(sequence);
		if (!this.position.advance(sequence)) {
			synchronized (this.source.removalLock()) {
				moveBack(sequence);
			}
		}
	}

	/**
	 * Moves back to records that a removal may just be about to remove. One of this
	 * process has ended by now, and the next one sees the position. One of another
	 * process may have read the position before, so look again.
	 */
	private void moveBack(long sequence) throws IOException {
		requireNotRemoved(sequence);
		long before = this.position.position();
		this.position.move(sequence);
		try {
			requireNotRemoved(sequence);
		}
		catch (RecordsRemovedException ex) {
			this.position.move(before);
			throw ex;
		}
	}

	private void requireNotRemoved(long sequence) throws IOException {
		long first = this.source.first();
		if (sequence < first) {
			throw new RecordsRemovedException(sequence, first);
		}
	}

	@Override
	public boolean next() throws IOException {
		return this.cursor.next();
	}

	@Override
	public boolean next(Duration timeout) throws IOException, InterruptedException {
		return this.cursor.next(timeout);
	}

	@Override
	public JournalRecord record() {
		return this.cursor.record();
	}

	@Override
	public long nextSequence() {
		return this.cursor.nextSequence();
	}

	@Override
	public void close() throws IOException {
		try (this.position) {
			this.cursor.close();
		}
	}

}
