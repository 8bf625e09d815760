package dev.yammap.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * The file of a named reader that cannot be read. A directory in its place stands for a
 * broken disk, or for a file of another user.
 */
class UnreadableReaderTests extends AbstractRecoveryTests {

	private Path makeUnreadable() throws IOException {
		return Files.createDirectory(directory().resolve("odd.reader"));
	}

	/** Appends until there are so many segments, all of them durable but the last. */
	private static void fill(Journal journal, int segments) throws IOException {
		while (journal.segments().size() < segments) {
			appendTo(journal, journal.nextSequence() + 1);
			journal.sync();
		}
	}

	@Test
	void failsNoAppendAndHoldsUpRemoval() throws IOException {
		Journal journal = open(builder().maxSize(3 * SEGMENT));
		Path file = makeUnreadable();
		fill(journal, 7);
		journal.applyRetention();
		assertThat(journal.removeBefore(journal.nextSequence())).isZero();
		assertThat(journal.segments()).hasSize(7);
		assertThat(this.logged.messages()).singleElement().asString().contains("'odd'", "cannot be read");
		assertThat(journal.readerPositions()).containsEntry("odd", 0L);
		Files.delete(file);
		journal.applyRetention();
		assertThat(journal.segments()).hasSize(3);
	}

	@Test
	void isWarnedOfWhereSomebodyAsksForRemoval() throws IOException {
		Journal journal = open();
		makeUnreadable();
		fill(journal, 4);
		assertThat(journal.removeBefore(journal.nextSequence())).isZero();
		assertThat(this.logged.messages()).singleElement().asString().contains("'odd'", "cannot be read");
	}

	@Test
	void endsAppendsIfWanted() throws IOException {
		Journal journal = open(builder().maxSize(3 * SEGMENT).whenHeldUp(HeldUpAction.REFUSE_APPENDS));
		Path file = makeUnreadable();
		assertThatExceptionOfType(JournalFullException.class).isThrownBy(() -> fill(journal, 7))
			.withMessageContainingAll("'odd'", "cannot be read");
		assertThat(journal.failure()).isEmpty();
		Files.delete(file);
		appendTo(journal, journal.nextSequence() + 100);
	}

	@Test
	void keepsNoJournalFromBeingOpened() throws IOException {
		killed(10, 20).writeTo(directory());
		makeUnreadable();
		assertHolds(open(), 0, 20);
	}

	/** Its reader may have to be moved back, and nobody knows. */
	@Test
	void isRefusedWhereNumbersAreGivenASecondTime() throws IOException {
		killed(20, 20).zeroRecord(content(12)).writeTo(directory());
		Path file = makeUnreadable();
		assertThatIOException().isThrownBy(() -> open(builder().whenDamaged(DamageAction.KEEP_WHOLE_PREFIX)))
			.withMessageContainingAll("'odd'", "cannot be read");
		assertThatIOException().isThrownBy(() -> open(builder().whenDamaged(DamageAction.SKIP)))
			.withMessageContainingAll("'odd'", "cannot be read");
		Files.delete(file);
		assertHolds(open(builder().whenDamaged(DamageAction.KEEP_WHOLE_PREFIX)), 0, 12);
	}

}
