package dev.yammap.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import dev.yammap.FileLockedException;
import dev.yammap.journal.internal.file.ControlFile;
import dev.yammap.journal.internal.file.JournalDirectory;
import dev.yammap.journal.internal.read.ControlFromSegments;
import dev.yammap.journal.internal.recovery.Recovery;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Readers: those that follow, those with names, those of other processes.
 */
class ReaderTests extends AbstractJournalTests {

	private static final Duration LONG = Duration.ofMinutes(10);

	private static final Duration SHORT = Duration.ofMillis(2);

	@Test
	void readerFollowsAppendsFromSegmentToSegment() throws IOException {
		Journal journal = open();
		try (JournalReader reader = journal.reader(0)) {
			for (int i = 0; i < 300; i++) {
				assertThat(reader.next()).isFalse();
				journal.append(content(i));
				assertThat(reader.next()).isTrue();
				assertThat(reader.record().sequence()).isEqualTo(i);
				assertThat(reader.record().toByteArray()).isEqualTo(content(i));
			}
			assertThat(reader.nextSequence()).isEqualTo(300);
		}
	}

	@Test
	void everyNumberIsFound() throws IOException {
		Journal journal = open(builder().segmentSize(1 << 16));
		appendTo(journal, 3000);
		for (int i = 2999; i >= 0; i -= 7) {
			try (JournalReader reader = journal.reader(i)) {
				assertThat(reader.next()).isTrue();
				assertThat(reader.record().toByteArray()).isEqualTo(content(i));
			}
		}
	}

	@Test
	void durableReaderStopsBeforeWhatPowerCutCouldTakeBack() throws Exception {
		Journal journal = open();
		try (JournalReader reader = journal.durableReader(0)) {
			appendTo(journal, 100);
			assertThat(reader.next(SHORT)).isFalse();
			journal.sync();
			appendTo(journal, 150);
			for (int i = 0; i < 100; i++) {
				assertThat(reader.next()).isTrue();
			}
			assertThat(reader.next()).isFalse();
		}
	}

	@Test
	void readerWaitsForRecord() throws Exception {
		Journal journal = open();
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			Future<Long> last = threads.submit(() -> {
				try (JournalReader reader = journal.reader(0)) {
					while (reader.nextSequence() < 1000) {
						assertThat(reader.next(LONG)).isTrue();
						assertThat(reader.record().toByteArray()).isEqualTo(content(reader.record().sequence()));
					}
					return reader.record().sequence();
				}
			});
			Future<Long> durable = threads.submit(() -> {
				try (JournalReader reader = journal.durableReader(999)) {
					assertThat(reader.next(Duration.ofSeconds(Long.MAX_VALUE))).isTrue();
					return reader.record().sequence();
				}
				catch (IllegalArgumentException ex) {
					return -1L;
				}
			});
			appendTo(journal, 1000);
			journal.sync();
			assertThat(last.get()).isEqualTo(999);
			assertThat(durable.get()).isIn(-1L, 999L);
		}
	}

	@Test
	void closeOfTheJournalEndsWait() throws Exception {
		Journal journal = open();
		CountDownLatch started = new CountDownLatch(1);
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			Future<Boolean> waiting = threads.submit(() -> {
				try (JournalReader reader = journal.reader(0)) {
					started.countDown();
					return reader.next(LONG);
				}
			});
			started.await();
			journal.close();
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(waiting::get)
				.withCauseInstanceOf(ClosedChannelException.class);
		}
	}

	@Test
	void interruptEndsWait() throws IOException {
		Journal journal = open();
		try (JournalReader reader = journal.reader(0)) {
			Thread.currentThread().interrupt();
			assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> reader.next(LONG));
			journal.append(content(0));
			Thread.currentThread().interrupt();
			assertThat(reader.next()).isTrue();
			assertThat(Thread.interrupted()).isTrue();
		}
	}

	@Test
	void closedReaderRefusesToMove() throws IOException {
		Journal journal = open();
		journal.append(content(0));
		JournalReader reader = journal.reader(0);
		reader.next();
		reader.close();
		reader.close();
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(reader::next);
	}

	@Test
	void readerOvertakenByRemovalIsTold() throws IOException {
		Journal journal = open();
		appendTo(journal, 300);
		journal.sync();
		try (JournalReader reader = journal.reader(0); JournalReader second = journal.reader(0)) {
			assertThat(reader.next()).isTrue();
			long first = journal.removeBefore(250);
			assertThat(first).isGreaterThan(100);
			assertThatExceptionOfType(RecordsRemovedException.class).isThrownBy(() -> {
				boolean more = reader.next();
				while (more) {
					more = reader.next();
				}
			}).satisfies((ex) -> assertThat(ex.firstSequence()).isEqualTo(first));
			assertThatExceptionOfType(RecordsRemovedException.class).isThrownBy(second::next)
				.satisfies((ex) -> assertThat(ex.sequence()).isZero());
			assertThatExceptionOfType(RecordsRemovedException.class).isThrownBy(() -> journal.reader(0));
			assertHolds(journal, first, 300);
		}
	}

	/** Also of one whose segment the reader still has mapped. */
	@Test
	void readerAtTheEndIsToldThatTheNextRecordWasRemoved() throws IOException {
		Journal journal = open();
		appendTo(journal, 10);
		Journal reading = open(builder().options(StandardOpenOption.READ));
		List<JournalReader> readers = List.of(closedLater(journal.reader(0)), closedLater(reading.reader(0)));
		for (JournalReader reader : readers) {
			for (int i = 0; i < 10; i++) {
				assertThat(reader.next()).isTrue();
			}
			assertThat(reader.next()).isFalse();
		}
		appendTo(journal, 300);
		journal.sync();
		long first = journal.removeBefore(250);
		assertThat(first).isGreaterThan(10);
		for (JournalReader reader : readers) {
			assertThatExceptionOfType(RecordsRemovedException.class).isThrownBy(reader::next).satisfies((ex) -> {
				assertThat(ex.sequence()).isEqualTo(10);
				assertThat(ex.firstSequence()).isEqualTo(first);
			});
		}
	}

	@Test
	void readerKeepsOnlyTheSegmentMappedThatItReads() throws IOException {
		Journal journal = open();
		appendTo(journal, 300);
		journal.sync();
		try (JournalReader reader = journal.reader(0)) {
			while (reader.next()) {
				// The other one is that of the next append.
				assertThat(journal.mappedSize()).isLessThanOrEqualTo(2 * SEGMENT);
			}
			assertThat(journal.mappedSize()).isEqualTo(SEGMENT);
		}
		try (NamedReader reader = journal.reader("billing")) {
			assertThat(reader.next()).isTrue();
			assertThat(journal.mappedSize()).isEqualTo(2 * SEGMENT);
		}
		assertThat(journal.mappedSize()).isEqualTo(SEGMENT);
		Journal reading = builder().options(StandardOpenOption.READ).open();
		assertThat(reading.nextSequence()).isEqualTo(300);
		assertThat(reading.mappedSize()).isEqualTo(SEGMENT);
		reading.close();
		assertThat(reading.mappedSize()).isZero();
	}

	@Test
	void forEachEndsWhereTheJournalEndedWhenItBegan() throws IOException {
		Journal journal = open();
		appendTo(journal, 5);
		List<Long> seen = new ArrayList<>();
		journal.forEach(1, (record) -> {
			seen.add(record.sequence());
			try {
				journal.append(content(journal.nextSequence()));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		});
		assertThat(seen).containsExactly(1L, 2L, 3L, 4L);
	}

	@Test
	void streamEndsWhereTheJournalEndedAndKeepsNoSegmentMapped() throws IOException {
		Journal journal = open();
		appendTo(journal, 100);
		try (Stream<JournalRecord> whole = journal.stream(0); Stream<JournalRecord> part = journal.stream(0)) {
			appendTo(journal, 300);
			journal.sync();
			assertThat(whole.toList()).hasSize(100);
			assertThat(journal.mappedSize()).as("read to its end").isEqualTo(SEGMENT);
			Iterator<JournalRecord> records = part.iterator();
			assertThat(records.next().sequence()).isZero();
			assertThat(journal.mappedSize()).isEqualTo(2 * SEGMENT);
		}
		assertThat(journal.mappedSize()).as("closed").isEqualTo(SEGMENT);
	}

	@Test
	void streamHasCopiesAndLetsGo() throws IOException {
		Journal journal = open();
		appendTo(journal, 200);
		List<JournalRecord> records;
		try (Stream<JournalRecord> stream = journal.stream(10)) {
			records = stream.toList();
		}
		assertThat(records).hasSize(190);
		assertThat(records.getFirst().toByteArray()).isEqualTo(content(10));
		try (Stream<JournalRecord> stream = journal.stream(0)) {
			assertThat(stream.findFirst()).hasValueSatisfying((record) -> assertThat(record.sequence()).isZero());
		}
	}

	@Test
	void namedReaderGoesOnWhereItWas() throws Exception {
		try (Journal journal = builder().open()) {
			appendTo(journal, 100);
			try (NamedReader reader = journal.reader("billing")) {
				assertThat(reader.name()).isEqualTo("billing");
				assertThat(reader.next()).isFalse();
				journal.sync();
				for (int i = 0; i < 10; i++) {
					assertThat(reader.next(LONG)).isTrue();
				}
				assertThat(reader.record().sequence()).isEqualTo(9);
				reader.moveTo(10);
				assertThat(reader.next()).isTrue();
				assertThat(reader.position()).isEqualTo(10);
				assertThatIllegalArgumentException().isThrownBy(() -> reader.moveTo(12));
				assertThatIllegalArgumentException().isThrownBy(() -> reader.moveTo(-1));
				assertThatExceptionOfType(FileLockedException.class).isThrownBy(() -> journal.reader("billing"));
			}
		}
		Journal journal = open();
		assertThat(journal.readerPositions()).containsOnly(java.util.Map.entry("billing", 10L));
		try (NamedReader reader = journal.reader("billing")) {
			assertThat(reader.nextSequence()).isEqualTo(10);
			assertThat(reader.next()).isTrue();
			assertThat(reader.record().toByteArray()).isEqualTo(content(10));
		}
	}

	@Test
	void namesOfReadersAreNamesOfFiles() throws IOException {
		Journal journal = open();
		for (String name : List.of("", "a/b", ".a", "-a", "a".repeat(101), "a b")) {
			assertThatIllegalArgumentException().isThrownBy(() -> journal.reader(name));
		}
		journal.reader("a-b_c.D9").close();
		assertThat(files()).contains("a-b_c.D9.reader");
	}

	@Test
	void segmentsThatNamedReaderNeedsStay() throws IOException {
		Journal journal = open();
		appendTo(journal, 300);
		journal.sync();
		journal.reader("slow").close();
		assertThat(journal.removeBefore(250)).isZero();
		try (NamedReader reader = journal.reader("slow")) {
			for (int i = 0; i < 150; i++) {
				assertThat(reader.next()).isTrue();
			}
			reader.moveTo(150);
		}
		assertThat(journal.removeBefore(250)).isBetween(50L, 150L);
	}

	@Test
	void journalOpenForReadingFollowsTheWriter() throws Exception {
		Journal journal = open();
		appendTo(journal, 50);
		Journal reading = open(builder().options(StandardOpenOption.READ));
		assertHolds(reading, 0, 50);
		assertThat(reading.durableSequence()).isZero();
		try (JournalReader reader = reading.reader(50); JournalReader durable = reading.durableReader(0)) {
			for (int i = 50; i < 300; i++) {
				assertThat(reader.next(SHORT)).isFalse();
				journal.append(content(i));
				assertThat(reader.next(LONG)).isTrue();
				assertThat(reader.record().toByteArray()).isEqualTo(content(i));
			}
			assertThat(durable.next()).isFalse();
			journal.sync();
			assertThat(reading.durableSequence()).isEqualTo(300);
			for (int i = 0; i < 300; i++) {
				assertThat(durable.next(LONG)).isTrue();
			}
			assertThat(durable.next()).isFalse();
		}
		assertThat(reading.segments()).hasSameSizeAs(journal.segments());
		assertThat(reading.failure()).isEmpty();
		assertThat(reading.recovery().nextSequence()).isEqualTo(50);
	}

	@Test
	void journalOpenForReadingSeesRemoval() throws IOException {
		Journal journal = open();
		appendTo(journal, 300);
		journal.sync();
		Journal reading = open(builder().options(StandardOpenOption.READ));
		try (JournalReader reader = reading.reader(0)) {
			assertThat(reader.next()).isTrue();
			long first = journal.removeBefore(250);
			assertThatExceptionOfType(RecordsRemovedException.class).isThrownBy(() -> {
				boolean more = reader.next();
				while (more) {
					more = reader.next();
				}
			});
			assertThat(reading.segments()).hasSameSizeAs(journal.segments());
			assertThat(reading.firstSequence()).isEqualTo(first);
			assertHolds(reading, first, 300);
		}
	}

	/** Whatever is asked first. */
	@Test
	void whatAJournalOpenForReadingSaysIsSoNow() throws IOException {
		Journal journal = open();
		appendTo(journal, 10);
		journal.sync();
		List<Journal> others = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			others.add(open(builder().options(StandardOpenOption.READ)));
		}
		appendTo(journal, 300);
		journal.sync();
		long first = journal.removeBefore(200);
		assertThat(first).isGreaterThan(10);
		assertThat(others.get(0).firstSequence()).isEqualTo(first);
		assertThat(others.get(1).durableSequence()).isEqualTo(300);
		assertThat(others.get(2).segments()).hasSameSizeAs(journal.segments());
		assertThat(others.get(3).nextSequence()).isEqualTo(300);
		assertThatExceptionOfType(RecordsRemovedException.class).isThrownBy(() -> others.get(4).reader(0));
	}

	@Test
	void journalOpenForReadingGoesOnWhereAllItKnewWasRemoved() throws IOException {
		Journal journal = open();
		appendTo(journal, 10);
		Journal reading = open(builder().options(StandardOpenOption.READ));
		assertThat(reading.nextSequence()).isEqualTo(10);
		appendTo(journal, 600);
		journal.sync();
		long first = journal.removeBefore(500);
		assertThat(first).isGreaterThan(10);
		assertThat(reading.nextSequence()).isEqualTo(600);
		assertHolds(reading, first, 600);
	}

	/**
	 * Makes a journal whose records from the fifth on are cut after a kill.
	 * @return a reader that has read ten
	 */
	private JournalReader readerOfRecordsThatAreCut() throws IOException {
		JournalFiles files;
		JournalReader reader;
		try (Journal journal = builder().open()) {
			appendTo(journal, 10);
			reader = closedLater(open(builder().options(StandardOpenOption.READ)).reader(0));
			for (int i = 0; i < 10; i++) {
				assertThat(reader.next()).isTrue();
			}
			files = JournalFiles.of(directory());
		}
		files.zeroRecord(content(5)).writeTo(directory());
		return reader;
	}

	/** The reader has read what recovery cut after a kill, and what comes instead. */
	@Test
	void readingGoesOnBehindRecordsThatRecoveryCut() throws Exception {
		JournalReader reader = readerOfRecordsThatAreCut();
		Journal journal = open();
		assertThat(journal.nextSequence()).isEqualTo(5);
		for (int i = 5; i <= 10; i++) {
			journal.append(new byte[100 + i]);
		}
		assertThat(reader.next()).isFalse();
		journal.sync();
		assertThat(reader.next(LONG)).isTrue();
		assertThat(reader.record().sequence()).isEqualTo(10);
		assertThat(reader.record().length()).isEqualTo(110);
	}

	/** Then it is before the place where the reader stands. */
	@Test
	void readingFindsTheNextRecordWhereThoseThatRecoveryCutWereLonger() throws Exception {
		JournalReader reader = readerOfRecordsThatAreCut();
		Journal journal = open();
		for (int i = 5; i < 12; i++) {
			assertThat(journal.append(new byte[i - 5])).isEqualTo(i);
		}
		journal.sync();
		for (int i = 10; i < 12; i++) {
			assertThat(reader.next()).isTrue();
			assertThat(reader.record().sequence()).isEqualTo(i);
			assertThat(reader.record().length()).isEqualTo(i - 5);
		}
	}

	/** Those that follow begin with other numbers. */
	@Test
	void readingForgetsSegmentsThatRecoveryPutAside() throws Exception {
		JournalFiles files;
		try (Journal journal = builder().open()) {
			appendTo(journal, 40);
			journal.sync();
			appendTo(journal, 250);
			assertThat(journal.segments().get(1).firstSequence()).isGreaterThan(65);
			files = JournalFiles.of(directory());
		}
		files.zeroRecord(content(60)).writeTo(directory());
		Journal reading = open(builder().options(StandardOpenOption.READ));
		try (JournalReader reader = reading.reader(0)) {
			for (int i = 0; i < 60; i++) {
				assertThat(reader.next()).isTrue();
			}
			assertThat(reader.next()).isFalse();
			int before = reading.segments().size();
			Journal journal = open();
			assertThat(journal.nextSequence()).isEqualTo(60);
			assertThat(reading.segments()).extracting(JournalSegment::nextSequence).containsExactly(60L);
			for (int i = 60; journal.segments().size() < before; i++) {
				journal.append(new byte[100 + i]);
			}
			journal.sync();
			assertThat(reading.segments()).extracting(JournalSegment::firstSequence)
				.isEqualTo(journal.segments().stream().map(JournalSegment::firstSequence).toList());
			for (int i = 60; i < journal.nextSequence(); i++) {
				assertThat(reader.next()).as("record " + i).isTrue();
				assertThat(reader.record().sequence()).isEqualTo(i);
				assertThat(reader.record().length()).isEqualTo(100 + i);
			}
		}
	}

	/** Of those that are put aside, it has read one before it knows. */
	@Test
	void readingGoesOnWhereRecoveryHasPutTheNextSegmentAside() throws Exception {
		JournalFiles files;
		try (Journal journal = builder().open()) {
			appendTo(journal, 40);
			journal.sync();
			appendTo(journal, 250);
			files = JournalFiles.of(directory());
		}
		files.writeTo(directory());
		Journal reading = open(builder().options(StandardOpenOption.READ));
		long second = reading.segments().get(1).firstSequence();
		try (JournalReader reader = reading.reader(0)) {
			while (reader.nextSequence() < second) {
				assertThat(reader.next()).isTrue();
			}
			files.zeroRecord(content(60)).writeTo(directory());
			recover();
			assertThat(directory().resolve(segment(2))).doesNotExist();
			assertThat(reader.next()).isFalse();
			Journal journal = open();
			for (long i = journal.nextSequence(); i <= second; i++) {
				journal.append(new byte[100]);
			}
			journal.sync();
			assertThat(reader.next(LONG)).isTrue();
			assertThat(reader.record().sequence()).isEqualTo(second);
			assertThat(reader.record().length()).isEqualTo(100);
		}
	}

	@Test
	void readingTellsWhenASegmentWasSealedThatItFollowed() throws IOException {
		Journal journal = open();
		journal.append(content(0));
		Journal reading = open(builder().options(StandardOpenOption.READ));
		assertThat(reading.segments()).extracting(JournalSegment::sealed).containsExactly(Optional.empty());
		journal.roll();
		assertThat(reading.segments()).isEqualTo(journal.segments());
		assertThat(reading.segments().getFirst().sealed()).isPresent();
	}

	@Test
	void segmentThatRecoveryOpenedAgainIsNotSealedForThoseWhoRead() throws IOException {
		JournalFiles files;
		try (Journal journal = builder().open()) {
			appendTo(journal, 250);
			files = JournalFiles.of(directory());
		}
		files.writeTo(directory());
		Journal reading = open(builder().options(StandardOpenOption.READ));
		assertThat(reading.segments().getFirst().sealed()).isPresent();
		files.zeroRecord(content(60)).writeTo(directory());
		recover();
		assertThat(reading.segments()).extracting(JournalSegment::sealed).containsExactly(Optional.empty());
	}

	/** Recovers the journal as an opening does that ends before the first append. */
	private void recover() throws IOException {
		JournalDirectory files = new JournalDirectory(directory(), PosixFilePermissions.fromString("rw-------"),
				this.backend);
		try (ControlFile control = ControlFile.openToWrite(files, false,
				new ControlFromSegments(files, DamageAction.REFUSE))) {
			new Recovery(files, control, DamageAction.REFUSE, SEGMENT).run();
		}
	}

	/** It looks again when there are as many segments as before. */
	@Test
	void readingNoticesThatOtherSegmentsHaveTheNamesOfThoseItKnew() throws Exception {
		JournalFiles files;
		try (Journal journal = builder().open()) {
			appendTo(journal, 40);
			journal.sync();
			appendTo(journal, 250);
			files = JournalFiles.of(directory());
		}
		files.zeroRecord(content(60)).writeTo(directory());
		Journal reading = open(builder().options(StandardOpenOption.READ));
		try (JournalReader reader = reading.reader(0)) {
			for (int i = 0; i < 60; i++) {
				assertThat(reader.next()).isTrue();
			}
			int before = reading.segments().size();
			Journal journal = open();
			for (int i = 60; journal.segments().size() < before + 1; i++) {
				journal.append(new byte[100 + i]);
			}
			journal.sync();
			for (int i = 60; i < journal.nextSequence(); i++) {
				assertThat(reader.next()).as("record " + i).isTrue();
				assertThat(reader.record().length()).isEqualTo(100 + i);
			}
		}
	}

	/** Segments go away at any moment between two looks of the other process. */
	@Test
	void readingMeetsNothingButRemovalWhileSegmentsComeAndGo() throws Exception {
		Journal journal = open(builder().maxSize(3 * SEGMENT));
		Journal reading = open(builder().options(StandardOpenOption.READ));
		try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
			Future<?> writer = threads.submit(() -> {
				for (int i = 0; i < 3000; i++) {
					journal.append(content(i));
					if (i % 10 == 0) {
						journal.sync();
						journal.applyRetention();
					}
				}
				return null;
			});
			do {
				try (JournalReader reader = reading.reader(Math.min(reading.firstSequence(), reading.nextSequence()))) {
					for (int i = 0; i < 100 && reader.next(); i++) {
						assertThat(reader.record().toByteArray()).isEqualTo(content(reader.record().sequence()));
					}
					assertThat(reading.durableSequence()).isLessThanOrEqualTo(journal.nextSequence());
				}
				catch (RecordsRemovedException ex) {
					// The writer was faster.
				}
			}
			while (!writer.isDone());
			writer.get();
		}
		assertThat(journal.firstSequence()).isPositive();
		assertHolds(reading, journal.firstSequence(), 3000);
	}

	@Test
	void readersOfAClosedJournalHandOutNoMoreThanTheyHaveReadAhead() throws IOException {
		Journal journal = open(builder().segmentSize(1 << 20));
		for (int i = 0; i < 1000; i++) {
			journal.append(new byte[1000]);
		}
		Journal reading = open(builder().options(StandardOpenOption.READ));
		for (Journal one : List.of(reading, journal)) {
			try (JournalReader reader = one.reader(0)) {
				assertThat(reader.next()).isTrue();
				one.close();
				assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> {
					for (int i = 0; i < 100; i++) {
						assertThat(reader.next()).isTrue();
					}
				});
			}
		}
	}

	@Test
	void timeThatIsOverIsNotWaitedFor() throws Exception {
		try (JournalReader reader = open().reader(0)) {
			assertThat(reader.next(Duration.ofSeconds(-1))).isFalse();
			assertThat(reader.next(Duration.ofSeconds(Long.MIN_VALUE))).isFalse();
		}
	}

	@Test
	void namedReaderDoesNotMoveBackToWhatWasRemoved() throws IOException {
		Journal journal = open();
		appendTo(journal, 300);
		journal.sync();
		try (NamedReader reader = journal.reader("billing")) {
			while (reader.next()) {
				assertThat(reader.record().length()).isPositive();
			}
			reader.moveTo(300);
			long first = journal.removeBefore(250);
			assertThatExceptionOfType(RecordsRemovedException.class).isThrownBy(() -> reader.moveTo(first - 1));
			reader.moveTo(first);
			assertThat(reader.position()).isEqualTo(first);
		}
	}

	@Test
	void namedReaderMayMoveBackToTheFirstRecordThatIsThere() throws IOException {
		Journal journal = open();
		appendTo(journal, 10);
		journal.sync();
		try (NamedReader reader = journal.reader("billing")) {
			for (int i = 0; i < 10; i++) {
				assertThat(reader.next()).isTrue();
			}
			reader.moveTo(10);
			reader.moveTo(0);
			assertThat(reader.position()).isZero();
			assertThat(reader.next()).as("it reads on where it was").isFalse();
		}
		try (NamedReader reader = journal.reader("billing")) {
			assertThat(reader.next()).isTrue();
			assertThat(reader.record().sequence()).isZero();
		}
	}

	/** As where its file was restored from a backup. */
	@Test
	void namedReaderWhosePositionWasPutBackIsToldEachTimeWhatItMissed() throws IOException {
		Journal journal = open();
		appendTo(journal, 300);
		journal.sync();
		Path file = directory().resolve("billing.reader");
		byte[] before;
		try (NamedReader reader = journal.reader("billing")) {
			assertThat(reader.next()).isTrue();
			reader.moveTo(1);
			before = Files.readAllBytes(file);
			while (reader.next()) {
				assertThat(reader.record().length()).isPositive();
			}
			reader.moveTo(300);
		}
		long first = journal.removeBefore(250);
		Files.write(file, before);
		for (int i = 0; i < 2; i++) {
			assertThatExceptionOfType(RecordsRemovedException.class).isThrownBy(() -> journal.reader("billing"))
				.satisfies((ex) -> assertThat(ex.sequence()).isEqualTo(1))
				.satisfies((ex) -> assertThat(ex.firstSequence()).isEqualTo(first));
		}
		assertThat(journal.readerPositions()).containsEntry("billing", 1L);
	}

	/** A removal either sees the new reader, or the reader begins behind it. */
	@Test
	void recordsOfANewReaderAreNotRemovedWhileItIsMade() throws Exception {
		Journal journal = open();
		try (ExecutorService threads = Executors.newFixedThreadPool(1)) {
			for (int i = 0; i < 50; i++) {
				appendTo(journal, journal.nextSequence() + 200);
				journal.sync();
				Future<Long> removal = threads.submit(() -> journal.removeBefore(journal.nextSequence()));
				try (NamedReader reader = journal.reader("reader" + i)) {
					removal.get();
					assertThat(reader.next()).isTrue();
				}
				Files.delete(directory().resolve("reader" + i + ".reader"));
			}
		}
	}

	@Test
	void journalOpenForReadingChangesNothing() throws IOException {
		open().append(content(0));
		Journal reading = open(builder().options(StandardOpenOption.READ));
		for (org.assertj.core.api.ThrowableAssert.ThrowingCallable call : List.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
				() -> reading.append(content(1)), () -> reading.append(java.nio.ByteBuffer.allocate(1)),
				() -> reading.append(java.lang.foreign.MemorySegment.ofArray(content(1))), reading::sync, reading::roll,
				() -> reading.removeBefore(1), reading::applyRetention, () -> reading.copyTo(directory()))) {
			assertThatExceptionOfType(NonWritableChannelException.class).isThrownBy(call);
		}
		assertThat(reading.isOpen()).isTrue();
		reading.close();
		assertThat(reading.isOpen()).isFalse();
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> reading.reader(0));
	}

}
