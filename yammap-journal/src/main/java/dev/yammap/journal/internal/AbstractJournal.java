package dev.yammap.journal.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators.AbstractSpliterator;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import dev.yammap.Backend;
import dev.yammap.journal.Journal;
import dev.yammap.journal.JournalReader;
import dev.yammap.journal.JournalRecord;
import dev.yammap.journal.JournalSegment;
import dev.yammap.journal.NamedReader;
import dev.yammap.journal.internal.file.CleanUp;
import dev.yammap.journal.internal.file.JournalDirectory;
import dev.yammap.journal.internal.file.ReaderPosition;
import dev.yammap.journal.internal.file.SegmentFile;
import dev.yammap.journal.internal.read.Cursor;
import dev.yammap.journal.internal.read.RecordSource;

/**
 * What a journal does the same way for writing and for reading.
 */
abstract class AbstractJournal implements Journal {

	private final JournalDirectory directory;

	private final long journalId;

	private final JournalEvents events;

	AbstractJournal(JournalDirectory directory, long journalId, JournalEvents events) {
		this.directory = directory;
		this.journalId = journalId;
		this.events = events;
	}

	final JournalEvents events() {
		return this.events;
	}

	abstract RecordSource source();

	abstract List<SegmentFile> files() throws IOException;

	@Override
	public Path directory() {
		return this.directory.path();
	}

	@Override
	public Backend backend() {
		return this.directory.backend();
	}

	@Override
	public JournalReader reader(long from) throws IOException {
		return cursor(from, false);
	}

	@Override
	public JournalReader durableReader(long from) throws IOException {
		return cursor(from, true);
	}

	private Cursor cursor(long from, boolean durableOnly) throws IOException {
		source().requireOpen();
		if (from < 0 || from > nextSequence()) {
			throw new IllegalArgumentException(
					"There is no record " + from + " to read from: the next one is " + nextSequence());
		}
		return new Cursor(source(), from, durableOnly);
	}

	@Override
	public NamedReader reader(String name) throws IOException {
		source().requireOpen();
		NamedReader reader = open(name);
		this.events.readerOpened(name);
		return reader;
	}

	NamedReader open(String name) throws IOException {
		ReaderPosition position = ReaderPosition.open(this.directory, this.journalId, name, firstSequence());
		try {
			return new NamedCursor(source(), name, position);
		}
		catch (IOException | RuntimeException | Error failure) {
			CleanUp.after(failure, position::close);
			throw failure;
		}
	}

	@Override
	public Map<String, Long> readerPositions() throws IOException {
		return ReaderPosition.of(this.directory, this.journalId);
	}

	@Override
	public void forEach(long from, Consumer<? super JournalRecord> body) throws IOException {
		long end = nextSequence();
		try (JournalReader reader = reader(from)) {
			while (reader.nextSequence() < end && reader.next()) {
				body.accept(reader.record());
			}
		}
	}

	@Override
	public Stream<JournalRecord> stream(long from) throws IOException {
		JournalReader reader = reader(from);
		return StreamSupport.stream(new Records(reader, nextSequence()), false).onClose(() -> {
			try {
				reader.close();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		});
	}

	@Override
	public List<JournalSegment> segments() throws IOException {
		List<JournalSegment> list = new ArrayList<>();
		for (SegmentFile file : files()) {
			list.add(new JournalSegment(file.path(), file.first(),
					(file.end() == SegmentFile.OPEN) ? nextSequence() : file.end(), file.size(),
					(file.sealedAt() != 0) ? Optional.of(Instant.ofEpochMilli(file.sealedAt())) : Optional.empty()));
		}
		return list;
	}

	@Override
	public long mappedSize() throws IOException {
		long size = 0;
		for (SegmentFile file : files()) {
			size += file.mappedSize();
		}
		return size;
	}

	/** Copies of records, up to a number. */
	private static final class Records extends AbstractSpliterator<JournalRecord> {

		private final JournalReader reader;

		private final long end;

		Records(JournalReader reader, long end) {
			super(Math.max(0, end - reader.nextSequence()),
					Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.IMMUTABLE);
			this.reader = reader;
			this.end = end;
		}

		@Override
		public boolean tryAdvance(Consumer<? super JournalRecord> action) {
			try {
				if (this.reader.nextSequence() < this.end && this.reader.next()) {
					action.accept(this.reader.record().copy());
					return true;
				}
				this.reader.close();
				return false;
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
