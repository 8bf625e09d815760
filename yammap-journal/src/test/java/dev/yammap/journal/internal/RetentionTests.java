package dev.yammap.journal.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.yammap.journal.HeldUpAction;
import dev.yammap.journal.Journal;
import dev.yammap.journal.JournalFullException;
import dev.yammap.journal.JournalSegment;
import dev.yammap.journal.LoggedWarnings;
import dev.yammap.journal.NamedReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * What removes segments by itself: size and age.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class RetentionTests {

	private static final int SEGMENT = 8192;

	private static final byte[] CONTENT = new byte[1000];

	@TempDir
	private Path temporary;

	private long millis = 1_700_000_000_000L;

	private long nanos;

	private Journal.Builder builder() {
		return new JournalOpener(this.temporary.resolve("journal"))
			.clock(() -> Instant.ofEpochMilli(this.millis), () -> this.nanos)
			.segmentSize(SEGMENT);
	}

	private void pass(Duration time) {
		this.millis += time.toMillis();
		this.nanos += time.toNanos();
	}

	/** Fills so many segments. */
	private static void fill(Journal journal, int segments) throws IOException {
		for (int i = 0; i < segments; i++) {
			for (int k = 0; k < 3; k++) {
				journal.append(CONTENT);
			}
			journal.sync();
			journal.roll();
		}
	}

	/** Returns the files of segments that there are. */
	private static List<Path> files(Journal journal) throws IOException {
		try (Stream<Path> files = Files.list(journal.directory())) {
			return files.filter((file) -> file.toString().endsWith(".segment")).toList();
		}
	}

	@Test
	void segmentsPastTheSizeAreRemoved() throws IOException {
		try (Journal journal = builder().maxSize(4 * SEGMENT).open()) {
			fill(journal, 10);
			journal.applyRetention();
			assertThat(journal.segments()).hasSize(4);
			assertThat(journal.firstSequence()).isEqualTo(21);
		}
		try (Journal journal = builder().open()) {
			assertThat(journal.firstSequence()).isEqualTo(21);
			assertThat(journal.nextSequence()).isEqualTo(30);
		}
	}

	@Test
	void sizeIsKeptWithoutAsking() throws IOException {
		try (Journal journal = builder().maxSize(4 * SEGMENT).open()) {
			fill(journal, 20);
			assertThat(journal.segments().size()).isLessThanOrEqualTo(5);
			assertThat(files(journal))
				.hasSameElementsAs(journal.segments().stream().map(JournalSegment::file).toList());
		}
	}

	@Test
	void whatIsNotDurableStays() throws IOException {
		try (Journal journal = builder().maxSize(SEGMENT).open()) {
			for (int i = 0; i < 20; i++) {
				journal.append(CONTENT);
			}
			journal.applyRetention();
			assertThat(journal.removeBefore(20)).isZero();
			journal.sync();
			journal.applyRetention();
			assertThat(journal.segments()).hasSize(1);
		}
	}

	@Test
	void segmentsAreRemovedByAge() throws IOException {
		try (Journal journal = builder().maxAge(Duration.ofDays(7)).open()) {
			fill(journal, 2);
			pass(Duration.ofDays(3));
			fill(journal, 2);
			journal.applyRetention();
			assertThat(journal.firstSequence()).isZero();
			pass(Duration.ofDays(4));
			journal.applyRetention();
			assertThat(journal.firstSequence()).isEqualTo(6);
		}
		pass(Duration.ofDays(2));
		try (Journal journal = builder().maxAge(Duration.ofDays(7)).open()) {
			journal.applyRetention();
			assertThat(journal.firstSequence()).isEqualTo(6);
			pass(Duration.ofDays(1));
			journal.applyRetention();
			assertThat(journal.segments()).hasSize(1);
			assertThat(journal.nextSequence()).isEqualTo(12);
		}
	}

	@Test
	void clockThatJumpsRemovesNothing() throws IOException {
		try (Journal journal = builder().maxAge(Duration.ofDays(7)).open()) {
			fill(journal, 3);
			this.millis += Duration.ofDays(3650).toMillis();
			journal.applyRetention();
			assertThat(journal.firstSequence()).isZero();
		}
	}

	@Test
	void ageMayBeLongerThanThereIsTime() throws IOException {
		try (Journal journal = builder().maxAge(Duration.ofSeconds(Long.MAX_VALUE)).open()) {
			fill(journal, 3);
			journal.applyRetention();
			assertThat(journal.firstSequence()).isZero();
		}
	}

	@Test
	void longestRecordFitsASegmentAndAnArray() {
		assertThat(JournalOpener.mostContent(SEGMENT, Integer.MAX_VALUE)).isEqualTo(SEGMENT - 4096 - 24);
		assertThat(JournalOpener.mostContent(SEGMENT, 100)).isEqualTo(100);
		assertThat(JournalOpener.mostContent(8L << 30, Integer.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE - 4096);
	}

	@Test
	void readerThatHoldsUpRemovalIsWarnedOfOnce() throws IOException {
		try (LoggedWarnings logged = new LoggedWarnings(); Journal journal = builder().maxSize(3 * SEGMENT).open()) {
			journal.reader("slow").close();
			fill(journal, 6);
			journal.applyRetention();
			assertThat(journal.firstSequence()).isZero();
			assertThat(journal.segments()).hasSize(7);
			assertThat(logged.messages()).singleElement().asString().contains("'slow'", "position is 0");
		}
	}

	@Test
	void firstByNameIsNamedOfReadersThatAreEquallyFarBehind() throws IOException {
		try (LoggedWarnings logged = new LoggedWarnings(); Journal journal = builder().maxSize(SEGMENT).open()) {
			journal.reader("slow").close();
			journal.reader("also-slow").close();
			fill(journal, 1);
			journal.applyRetention();
			assertThat(logged.messages()).singleElement().asString().contains("'also-slow'");
		}
	}

	/** Nobody knows what its reader still needs of this one. */
	@Test
	void positionInAnotherJournalHoldsUpRemovalAndIsNamed() throws IOException {
		Path other = this.temporary.resolve("other");
		try (Journal journal = Journal.builder(other).open(); NamedReader reader = journal.reader("billing")) {
			for (int i = 0; i < 100; i++) {
				journal.append(CONTENT);
			}
			journal.sync();
			while (reader.next()) {
				assertThat(reader.record().length()).isPositive();
			}
			reader.moveTo(100);
		}
		try (LoggedWarnings logged = new LoggedWarnings(); Journal journal = builder().maxSize(3 * SEGMENT).open()) {
			Path file = journal.directory().resolve("billing.reader");
			Files.copy(other.resolve("billing.reader"), file);
			assertThat(journal.readerPositions()).containsEntry("billing", 0L);
			fill(journal, 6);
			journal.applyRetention();
			assertThat(journal.removeBefore(18)).isZero();
			assertThat(logged.messages()).singleElement().asString().contains("'billing'", "no position in this");
			Files.delete(file);
			journal.applyRetention();
			assertThat(journal.firstSequence()).isPositive();
		}
	}

	/** What another user or program put there does not matter if nothing is removed. */
	@Test
	void fileOfAReaderThatCannotBeReadKeepsNoAppendFromSucceeding() throws IOException {
		try (Journal journal = builder().maxSize(10 * SEGMENT).open()) {
			Files.createDirectory(this.temporary.resolve("journal/odd.reader"));
			fill(journal, 6);
			journal.applyRetention();
			assertThat(journal.nextSequence()).isEqualTo(18);
		}
	}

	@Test
	void fileOfAReaderThatCannotBeReadIsNamedOnlyWhereItHoldsUpARemoval() throws IOException {
		try (LoggedWarnings logged = new LoggedWarnings(); Journal journal = builder().open()) {
			Files.createDirectory(this.temporary.resolve("journal/odd.reader"));
			fill(journal, 2);
			assertThat(journal.removeBefore(2)).isZero();
			assertThat(logged.messages()).isEmpty();
			assertThat(journal.removeBefore(3)).isZero();
			assertThat(logged.messages()).singleElement().asString().contains("'odd'");
		}
	}

	/** As on a file system that was made read-only, or with an immutable file. */
	@Test
	void segmentThatCannotBeDeletedFailsNoAppendAndCountsUntilItIsGone() throws IOException {
		try (LoggedWarnings logged = new LoggedWarnings();
				Journal journal = builder().maxSize(3 * SEGMENT).sizeLimit(6 * SEGMENT).open()) {
			fill(journal, 2);
			Path first = journal.segments().getFirst().file();
			Files.delete(first);
			Path inTheWay = Files.createDirectories(first.resolve("in-the-way"));
			fill(journal, 2);
			long left = journal.firstSequence();
			assertThat(left).isPositive();
			assertThat(logged.messages()).singleElement().asString().contains("cannot be removed", first.toString());
			// No more records go for nothing. All files together reach the limit.
			assertThatExceptionOfType(JournalFullException.class).isThrownBy(() -> fill(journal, 6));
			assertThat(journal.firstSequence()).isEqualTo(left);
			assertThat(files(journal)).hasSize(6);
			assertThatIOException().isThrownBy(journal::applyRetention);
			assertThatIOException().isThrownBy(() -> journal.removeBefore(journal.nextSequence()));
			assertThat(journal.firstSequence()).isEqualTo(left);
			Files.delete(inTheWay);
			journal.sync();
			journal.applyRetention();
			assertThat(first).doesNotExist();
			assertThat(journal.firstSequence()).isGreaterThan(left);
			fill(journal, 2);
			assertThat(logged.messages()).hasSize(1);
		}
	}

	@Test
	void sizeLimitEndsAppendsUntilRecordsAreRemoved() throws IOException {
		try (Journal journal = builder().sizeLimit(3 * SEGMENT).open()) {
			assertThatExceptionOfType(JournalFullException.class).isThrownBy(() -> fill(journal, 6))
				.withMessageContaining("size limit of " + 3 * SEGMENT);
			long next = journal.nextSequence();
			assertThat(journal.segments()).hasSize(3);
			assertThat(journal.failure()).isEmpty();
			journal.sync();
			assertThat(journal.removeBefore(next)).isPositive();
			assertThat(journal.append(CONTENT)).isEqualTo(next);
		}
	}

	@Test
	void segmentIsRemovedOnceAllItsRecordsAreBelowTheNumber() throws IOException {
		try (Journal journal = builder().open()) {
			fill(journal, 3);
			Path file = journal.segments().getFirst().file();
			assertThat(journal.removeBefore(2)).isZero();
			assertThat(file).exists();
			assertThat(journal.removeBefore(3)).isEqualTo(3);
			assertThat(file).doesNotExist();
			assertThat(journal.removeBefore(9)).isEqualTo(9);
		}
	}

	@Test
	void readerHoldsUpNoSegmentThatItHasRead() throws IOException {
		try (Journal journal = builder().maxSize(3 * SEGMENT).open(); NamedReader reader = journal.reader("slow")) {
			fill(journal, 1);
			for (int i = 0; i < 3; i++) {
				assertThat(reader.next()).isTrue();
			}
			reader.moveTo(3);
			fill(journal, 5);
			journal.applyRetention();
			assertThat(journal.firstSequence()).isEqualTo(3);
		}
	}

	/** It is the size that they would make greater. */
	@Test
	void readerThatHoldsUpRemovalByAgeEndsNoAppends() throws IOException {
		try (LoggedWarnings logged = new LoggedWarnings();
				Journal journal = builder().maxAge(Duration.ofDays(7))
					.maxSize(5 * SEGMENT)
					.whenHeldUp(HeldUpAction.REFUSE_APPENDS)
					.open()) {
			journal.reader("slow").close();
			fill(journal, 2);
			pass(Duration.ofDays(8));
			fill(journal, 2);
			assertThat(journal.nextSequence()).isEqualTo(12);
			assertThat(journal.firstSequence()).isZero();
			assertThat(logged.messages()).singleElement().asString().contains("'slow'");
		}
	}

	/** As where the settings have changed since. */
	@Test
	void retentionRefusesNothingThatIsThere() throws IOException {
		try (Journal journal = builder().open()) {
			journal.reader("slow").close();
			fill(journal, 6);
		}
		try (LoggedWarnings logged = new LoggedWarnings();
				Journal journal = builder().maxSize(3 * SEGMENT)
					.sizeLimit(4 * SEGMENT)
					.whenHeldUp(HeldUpAction.REFUSE_APPENDS)
					.open()) {
			journal.applyRetention();
			assertThat(journal.firstSequence()).isZero();
			assertThat(logged.messages()).singleElement().asString().contains("'slow'");
		}
	}

	@Test
	void readerThatHoldsUpRemovalEndsAppendsIfWanted() throws IOException {
		try (Journal journal = builder().maxSize(3 * SEGMENT).whenHeldUp(HeldUpAction.REFUSE_APPENDS).open()) {
			journal.reader("slow").close();
			assertThatExceptionOfType(JournalFullException.class).isThrownBy(() -> fill(journal, 6))
				.withMessageContaining("'slow'");
			long next = journal.nextSequence();
			assertThat(journal.segments()).hasSize(3);
			assertThat(journal.failure()).isEmpty();
			try (NamedReader reader = journal.reader("slow")) {
				while (reader.nextSequence() < next) {
					assertThat(reader.next()).isTrue();
				}
				reader.moveTo(next);
			}
			for (int i = 0; i < 4; i++) {
				assertThat(journal.append(CONTENT)).isEqualTo(next + i);
			}
		}
	}

	@Test
	void segmentThatWasReadyIsLetGoWhereOpeningFails() throws IOException {
		try (Journal journal = builder().open()) {
			fill(journal, 1);
			journal.append(new byte[3000]);
		}
		Path last = this.temporary.resolve("journal").resolve("%016d.segment".formatted(2));
		Path ready = this.temporary.resolve("journal").resolve("%016d.segment".formatted(3));
		assertThat(ready).exists();
		// Asked for the time when all is recovered, and nothing is held yet.
		JournalOpener failing = new JournalOpener(this.temporary.resolve("journal")).clock(() -> removed(last),
				() -> this.nanos);
		assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(failing::open);
		assertThat(Files.readAllLines(Path.of("/proc/self/maps"))).noneMatch((line) -> line.endsWith(ready.toString()));
	}

	private Instant removed(Path file) {
		try {
			Files.delete(file);
			return Instant.ofEpochMilli(this.millis);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
