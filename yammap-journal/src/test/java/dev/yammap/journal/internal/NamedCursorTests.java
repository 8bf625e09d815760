package dev.yammap.journal.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import dev.yammap.Backend;
import dev.yammap.journal.LoggedWarnings;
import dev.yammap.journal.NamedReader;
import dev.yammap.journal.RecordsRemovedException;
import dev.yammap.journal.internal.file.JournalDirectory;
import dev.yammap.journal.internal.file.ReaderPosition;
import dev.yammap.journal.internal.read.RecordSource;
import dev.yammap.journal.internal.read.StatedSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A named reader whose file the writer saw too late: its first records were removed.
 */
class NamedCursorTests {

	private static final long JOURNAL = 42;

	@TempDir
	private Path directory;

	private ReaderPosition position() throws IOException {
		return ReaderPosition.open(
				new JournalDirectory(this.directory, PosixFilePermissions.fromString("rw-------"), Backend.AUTO),
				JOURNAL, "billing", 0);
	}

	/** A journal of which only numbers are known. */
	private static RecordSource source(long first, long durable, long whole) {
		return new StatedSource(() -> first, durable, whole, new Object());
	}

	@Test
	void readerThatNeverReadBeginsWhereTheJournalDoes() throws IOException {
		try (NamedReader reader = new NamedCursor(source(5, 10, 10), "billing", position())) {
			assertThat(reader.nextSequence()).isEqualTo(5);
			assertThat(reader.position()).isEqualTo(5);
		}
		// The same after a crash between the two.
		position().close();
		try (NamedReader reader = new NamedCursor(source(5, 10, 10), "billing", position())) {
			assertThat(reader.nextSequence()).isEqualTo(5);
		}
	}

	@Test
	void readerThatWasOpenAndNeverReadBeginsWhereTheJournalDoesTheNextTime() throws IOException {
		try (LoggedWarnings logged = new LoggedWarnings()) {
			new NamedCursor(source(0, 0, 0), "billing", position()).close();
			assertThat(logged.messages()).isEmpty();
		}
		try (NamedReader reader = new NamedCursor(source(5, 10, 10), "billing", position())) {
			assertThat(reader.nextSequence()).isEqualTo(5);
		}
	}

	@Test
	void readerThatReadIsToldWhatItMissed() throws IOException {
		try (ReaderPosition position = position()) {
			position.move(1);
		}
		try (ReaderPosition position = position()) {
			assertThatExceptionOfType(RecordsRemovedException.class)
				.isThrownBy(() -> new NamedCursor(source(5, 10, 10), "billing", position))
				.satisfies((ex) -> assertThat(ex.sequence()).isEqualTo(1));
			assertThat(position.position()).isEqualTo(1);
		}
	}

	@Test
	void readerBehindTheEndBeginsThere() throws IOException {
		try (ReaderPosition position = position()) {
			position.move(12);
		}
		try (LoggedWarnings logged = new LoggedWarnings();
				NamedReader reader = new NamedCursor(source(5, 10, 10), "billing", position())) {
			assertThat(reader.nextSequence()).isEqualTo(10);
			assertThat(reader.position()).isEqualTo(10);
			assertThat(logged.messages()).singleElement().asString().contains("'billing'", "record 12", "at 10");
		}
	}

	/**
	 * What is durable as far as another process knows may be less than it was: numbers
	 * that were read must not be given again.
	 */
	@Test
	void readerBehindWhatItsProcessKnowsOfTheEndStaysThere() throws IOException {
		try (ReaderPosition position = position()) {
			position.move(12);
		}
		try (NamedReader reader = new NamedCursor(source(5, 10, RecordSource.UNKNOWN), "billing", position())) {
			assertThat(reader.nextSequence()).isEqualTo(12);
			assertThat(reader.position()).isEqualTo(12);
			assertThat(reader.next()).isFalse();
		}
	}

}
