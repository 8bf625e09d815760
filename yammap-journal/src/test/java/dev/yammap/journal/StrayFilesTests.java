package dev.yammap.journal;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Files that somebody put among those of a journal: none of them is deleted or written
 * over, and none keeps anybody busy for ever.
 */
class StrayFilesTests extends AbstractJournalTests {

	private static final String LAST_NAME = "9".repeat(16) + ".segment";

	private final LoggedWarnings logged = new LoggedWarnings();

	@AfterEach
	void stopListening() {
		this.logged.close();
	}

	private JournalFiles killed(Path path, long end) throws IOException {
		try (Journal journal = Journal.builder(path).segmentSize(SEGMENT).backend(this.backend).open()) {
			appendTo(journal, end);
			return JournalFiles.of(path);
		}
	}

	@Test
	void segmentOfAnotherJournalIsPutAside() throws IOException {
		byte[] other = killed(this.temporary.resolve("other"), 250).get(segment(3));
		JournalFiles files = killed(directory(), 20).with(segment(3), other);
		assertIsPutAside(files, segment(3), other);
	}

	@Test
	void copyOfASegmentUnderALaterNameIsPutAside() throws IOException {
		JournalFiles files = killed(directory(), 20);
		byte[] copy = files.get(segment(1));
		assertIsPutAside(files.with(segment(2), copy), segment(2), copy);
		assertIsPutAside(files.with(LAST_NAME, copy), LAST_NAME, copy);
	}

	private void assertIsPutAside(JournalFiles files, String name, byte[] content) throws IOException {
		for (DamageAction action : DamageAction.values()) {
			files.writeTo(directory());
			this.logged.messages().clear();
			try (Journal journal = builder().whenDamaged(action).open()) {
				Path aside = directory().resolve(name + ".torn");
				assertThat(journal.recovery().putAside()).containsExactly(aside);
				assertThat(Files.readAllBytes(aside)).isEqualTo(content);
				assertThat(this.logged.messages()).singleElement().asString().contains(aside.toString());
				assertHolds(journal, 0, 20);
				appendTo(journal, 250);
			}
			try (Journal journal = builder().open()) {
				assertHolds(journal, 0, 250);
			}
		}
	}

	@Test
	void emptyFileUnderTheLastNameThereIsDelaysNothing() throws IOException {
		killed(directory(), 20).with(LAST_NAME, new byte[SEGMENT]).writeTo(directory());
		Journal journal = open();
		assertHolds(journal, 0, 20);
		assertThat(files()).doesNotContain(LAST_NAME);
		appendTo(journal, 250);
	}

	@Test
	void segmentOfAnotherJournalBelowTheFirstIsLeftAlone() throws IOException {
		byte[] other = killed(this.temporary.resolve("other"), 250).get(segment(1));
		JournalFiles files;
		try (Journal journal = builder().open()) {
			appendTo(journal, 250);
			journal.sync();
			assertThat(journal.removeBefore(200)).isPositive();
			files = JournalFiles.of(directory());
		}
		files.with(segment(1), other).writeTo(directory());
		Journal journal = open();
		assertHolds(journal, journal.firstSequence(), 250);
		assertThat(Files.readAllBytes(directory().resolve(segment(1)))).isEqualTo(other);
	}

	@Test
	void fileInThePlaceOfTheNextSegmentIsNotWrittenOver() throws IOException {
		byte[] other = killed(this.temporary.resolve("other"), 20).get(segment(1));
		// Large enough that the next segment is not made ahead.
		Journal journal = open(builder().segmentSize(1 << 16));
		journal.append(content(0));
		Path file = directory().resolve(segment(2));
		Files.write(file, other);
		assertThatExceptionOfType(IOException.class).isThrownBy(journal::roll)
			.withCauseInstanceOf(FileAlreadyExistsException.class)
			.withMessageContaining("Move it to another directory");
		assertThat(Files.readAllBytes(file)).isEqualTo(other);
		Files.write(file, new byte[SEGMENT]);
		journal.roll();
		appendTo(journal, 250);
		assertHolds(journal, 0, 250);
	}

	@Test
	void readingGoesNoFurtherThanSegmentsOfTheJournal() throws IOException {
		JournalFiles files = killed(directory(), 20);
		byte[] other = killed(this.temporary.resolve("other"), 250).get(segment(2));
		for (byte[] content : List.of(files.get(segment(1)), other, new byte[100])) {
			files.with(segment(2), content).with(segment(3), content).writeTo(directory());
			try (Journal reading = builder().options(StandardOpenOption.READ).open()) {
				assertThat(reading.segments()).hasSize(1);
				assertHolds(reading, 0, 20);
			}
		}
	}

	/** The other process may just be making it. */
	@Test
	void readingFindsNoJournalBeforeItsFirstSegmentIsThere() throws IOException {
		JournalFiles whole = killed(directory(), 20);
		byte[] headerAlone = new byte[4096];
		System.arraycopy(whole.get("journal.control"), 0, headerAlone, 0, 20);
		JournalFiles control = whole.only("journal.control");
		for (byte[] content : List.of(new byte[0], new byte[4096], headerAlone)) {
			control.with("journal.control", content).writeTo(directory());
			assertThatExceptionOfType(NoSuchFileException.class)
				.isThrownBy(() -> builder().options(StandardOpenOption.READ).open())
				.withMessageContaining("there is no journal");
			whole.with("journal.control", content).writeTo(directory());
			assertThatExceptionOfType(JournalDamagedException.class)
				.isThrownBy(() -> builder().options(StandardOpenOption.READ).open());
		}
	}

}
