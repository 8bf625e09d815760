package dev.yammap.journal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;

import dev.yammap.FileLockedException;
import dev.yammap.journal.internal.file.ControlFile;
import dev.yammap.journal.internal.file.JournalDirectory;
import dev.yammap.journal.internal.read.ControlFromSegments;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The states that {@code docs/journal-format.md} lists, and what recovery does in each.
 */
class RecoveryTests extends AbstractRecoveryTests {

	private void overwrite(String file, long offset, byte[] bytes) throws IOException {
		try (RandomAccessFile out = new RandomAccessFile(directory().resolve(file).toFile(), "rw")) {
			out.seek(offset);
			out.write(bytes);
		}
	}

	private void truncate(String file, long size) throws IOException {
		try (RandomAccessFile out = new RandomAccessFile(directory().resolve(file).toFile(), "rw")) {
			out.setLength(size);
		}
	}

	/**
	 * Returns where a record begins whose content is known, in the file that holds it.
	 */
	private static long find(JournalFiles files, String file, long number) {
		return find(files.get(file), content(number));
	}

	private static long find(byte[] bytes, byte[] content) {
		for (int i = 4096; i < bytes.length; i += 8) {
			if (i + 24 + content.length <= bytes.length
					&& Arrays.equals(bytes, i + 24, i + 24 + content.length, content, 0, content.length)) {
				return i;
			}
		}
		throw new AssertionError("There is no such record");
	}

	@Test
	void killLosesNothing() throws IOException {
		killed(50, 200).writeTo(directory());
		Journal journal = open();
		assertHolds(journal, 0, 200);
		assertThat(journal.durableSequence()).isEqualTo(200);
		assertThat(journal.recovery().wasTorn()).isFalse();
		assertThat(journal.recovery().durableSequence()).isEqualTo(50);
		assertThat(this.logged.messages()).isEmpty();
	}

	@Test
	void tornEndIsCutAndKept() throws IOException {
		JournalFiles files = killed(10, 20);
		files.writeTo(directory());
		long at = find(files, segment(1), 15);
		overwrite(segment(1), at + 30, new byte[] { 99 });
		try (Journal journal = builder().open()) {
			assertHolds(journal, 0, 15);
			assertThat(journal.recovery().wasTorn()).isTrue();
			assertThat(journal.recovery().tornBytes()).isPositive();
			Path copy = journal.recovery().putAside().getFirst();
			assertThat(copy).hasFileName(segment(1) + "." + at + ".torn");
			assertThat(Files.readAllBytes(copy)).hasSize((int) journal.recovery().tornBytes());
			assertThat(this.logged.messages()).singleElement()
				.asString()
				.contains("offset " + at, "record 15", copy.toString());
			appendTo(journal, 17);
		}
		this.logged.messages().clear();
		Journal again = open();
		assertHolds(again, 0, 17);
		assertThat(again.recovery().wasTorn()).isFalse();
		assertThat(this.logged.messages()).isEmpty();
	}

	@Test
	void segmentsBehindTornEndArePutAside() throws IOException {
		JournalFiles files = killed(10, 250);
		files.writeTo(directory());
		overwrite(segment(1), find(files, segment(1), 20), new byte[24]);
		Journal journal = open();
		assertHolds(journal, 0, 20);
		assertThat(files()).contains(segment(2) + ".torn", segment(3) + ".torn")
			.filteredOn((name) -> name.endsWith(".segment"))
			// The second may have been made ahead by now.
			.isSubsetOf(segment(1), segment(2));
		assertThat(this.logged.messages()).anySatisfy((message) -> assertThat(message).contains(segment(3) + ".torn"));
		// It was, and is appended to again.
		assertThat(journal.segments().getLast().sealed()).isEmpty();
		appendTo(journal, 300);
		assertHolds(journal, 0, 300);
		journal.close();
		try (Journal again = builder().open()) {
			assertHolds(again, 0, 300);
		}
	}

	@Test
	void copiesOfSeveralTornEndsAreKeptSideBySide() throws IOException {
		JournalFiles files = killed(10, 20);
		long at = find(files, segment(1), 15);
		for (int i = 1; i <= 3; i++) {
			files.writeTo(this.temporary.resolve("other"));
			files.contents().forEach((name, content) -> write(directory().resolve(name), content));
			overwrite(segment(1), at, new byte[24]);
			open().close();
		}
		assertThat(files()).contains(segment(1) + "." + at + ".torn", segment(1) + "." + at + "-2.torn",
				segment(1) + "." + at + "-3.torn");
	}

	private static void write(Path file, byte[] content) {
		try {
			Files.write(file, content);
		}
		catch (IOException ex) {
			throw new java.io.UncheckedIOException(ex);
		}
	}

	@Test
	void markInLaterRecordTellsDamageFromTornEnd() throws IOException {
		JournalFiles files = killed(20, 30);
		// The slots are lost, as if they had not been flushed.
		byte[] segment = files.get(segment(1));
		Arrays.fill(segment, 512, 1536, (byte) 0);
		files.with(segment(1), segment).writeTo(directory());
		long at = find(files, segment(1), 12);
		overwrite(segment(1), at + 24, new byte[] { 99 });
		assertThatExceptionOfType(JournalDamagedException.class).isThrownBy(() -> builder().open()).satisfies((ex) -> {
			assertThat(ex.sequence()).isEqualTo(12);
			assertThat(ex.offset()).isEqualTo(at);
			assertThat(ex.file()).hasFileName(segment(1));
			assertThat(ex).hasMessageContaining("KEEP_WHOLE_PREFIX").hasMessageContaining("SKIP");
			assertThat(ex).hasMessageStartingWith(ex.problem() + ". Nothing was changed. ");
			assertThat(ex.ways()).containsExactly(DamageAction.KEEP_WHOLE_PREFIX, DamageAction.SKIP);
		});
		assertThat(files()).noneMatch((name) -> name.endsWith(".torn"));
	}

	@Test
	void damageBelowWhatIsDurableIsMetByTheReader() throws IOException {
		JournalFiles files = killed(100, 100);
		files.writeTo(directory());
		long at = find(files, segment(1), 12);
		overwrite(segment(1), at + 24, new byte[] { 99 });
		Journal journal = open();
		assertThatExceptionOfType(JournalDamagedException.class).isThrownBy(() -> assertHolds(journal, 0, 100))
			.satisfies((ex) -> assertThat(ex.sequence()).isEqualTo(12));
		assertHolds(journal, 13, 100);
	}

	@Test
	void skipReadsOnBehindDamage() throws IOException {
		JournalFiles files = killed(100, 100);
		files.writeTo(directory());
		overwrite(segment(1), find(files, segment(1), 12), new byte[24]);
		overwrite(segment(1), find(files, segment(1), 40), new byte[24]);
		Journal journal = open(builder().whenDamaged(DamageAction.SKIP));
		java.util.List<Long> numbers = new java.util.ArrayList<>();
		journal.forEach(0, (record) -> numbers.add(record.sequence()));
		assertThat(numbers).hasSize(98).doesNotContain(12L, 40L);
		appendTo(journal, 110);
		try (JournalReader reader = journal.reader(12)) {
			assertThat(reader.next()).isTrue();
			assertThat(reader.record().sequence()).isEqualTo(13);
		}
	}

	@Test
	void skipGoesOnBehindWhatOpeningMet() throws IOException {
		JournalFiles files;
		try (Journal journal = builder().open()) {
			appendTo(journal, 20);
			journal.sync();
			appendTo(journal, 90);
			files = JournalFiles.of(directory());
		}
		byte[] segment = files.get(segment(1));
		Arrays.fill(segment, 512, 1536, (byte) 0);
		files.with(segment(1), segment).writeTo(directory());
		overwrite(segment(1), find(files, segment(1), 12), new byte[24]);
		try (Journal journal = builder().whenDamaged(DamageAction.SKIP).open()) {
			assertThat(journal.nextSequence()).isEqualTo(90);
			assertThat(journal.recovery().skippedRecords()).isEqualTo(1);
			assertThat(this.logged.messages()).isNotEmpty();
			appendTo(journal, 95);
		}
		try (Journal journal = builder().open()) {
			assertThat(journal.nextSequence()).isEqualTo(95);
			assertHolds(journal, 13, 95);
			assertThatExceptionOfType(JournalDamagedException.class).isThrownBy(() -> assertHolds(journal, 0, 95));
		}
	}

	@Test
	void keepWholePrefixPutsAsideWhatFollowsDamage() throws IOException {
		JournalFiles files = killed(250, 260);
		files.writeTo(directory());
		overwrite(segment(1), find(files, segment(1), 12), new byte[24]);
		try (Journal journal = builder().whenDamaged(DamageAction.KEEP_WHOLE_PREFIX).open()) {
			assertHolds(journal, 0, 12);
			assertThat(journal.recovery().putAside()).hasSizeGreaterThan(2);
			appendTo(journal, 20);
		}
		Journal journal = open();
		assertHolds(journal, 0, 20);
		assertThat(journal.recovery().wasTorn()).isFalse();
	}

	/** What was ready before is ready after, or a segment could be lost unnoticed. */
	@Test
	void keepWholePrefixKeepsSegmentThatIsReady() throws IOException {
		JournalFiles files;
		try (Journal journal = builder().open()) {
			appendTo(journal, 60);
		}
		files = JournalFiles.of(directory());
		assertThat(files.contents()).containsKey(segment(2)).doesNotContainKey(segment(3));
		files.zeroRecord(content(12)).writeTo(directory());
		try (Journal journal = builder().whenDamaged(DamageAction.KEEP_WHOLE_PREFIX).open()) {
			assertHolds(journal, 0, 12);
			appendTo(journal, 100);
			assertThat(journal.segments()).hasSize(2);
		}
		Files.delete(directory().resolve(segment(2)));
		assertThatExceptionOfType(JournalDamagedException.class).isThrownBy(this::open)
			.withMessageContaining("missing");
	}

	@Test
	void keepWholePrefixOfWholeJournalKeepsAll() throws IOException {
		killed(50, 200).writeTo(directory());
		assertHolds(open(builder().whenDamaged(DamageAction.KEEP_WHOLE_PREFIX)), 0, 200);
	}

	@Test
	void missingSegmentIsDamage() throws IOException {
		JournalFiles files = killed(250, 250);
		for (int index = 1; index <= 3; index++) {
			files.without(segment(index)).writeTo(directory());
			assertThatExceptionOfType(JournalDamagedException.class).isThrownBy(() -> builder().open())
				.withMessageContaining("missing");
		}
		files.without(segment(2)).writeTo(directory());
		try (Journal journal = builder().whenDamaged(DamageAction.KEEP_WHOLE_PREFIX).open()) {
			assertThat(journal.segments()).hasSize(1);
			appendTo(journal, 250);
			assertHolds(journal, 0, 250);
		}
		assertHolds(open(), 0, 250);
	}

	@Test
	void firstSegmentMissingKeepsNothingOfThePrefix() throws IOException {
		JournalFiles files = killed(250, 250);
		files.without(segment(1)).writeTo(directory());
		try (Journal journal = builder().whenDamaged(DamageAction.KEEP_WHOLE_PREFIX).open()) {
			assertThat(journal.nextSequence()).isZero();
			assertThat(files()).contains(segment(2) + ".torn", segment(3) + ".torn");
			appendTo(journal, 250);
		}
		assertHolds(open(), 0, 250);
	}

	@Test
	void segmentCutShortIsDamage() throws IOException {
		JournalFiles files = killed(250, 250);
		for (long size : new long[] { 0, 10, 4096, 8191 }) {
			files.writeTo(directory());
			truncate(segment(3), size);
			assertThatExceptionOfType(JournalDamagedException.class).isThrownBy(() -> builder().open());
		}
	}

	@Test
	void segmentThatWasBeingMadeIsMadeAnew() throws IOException {
		JournalFiles files = killed(10, 20);
		for (byte[] content : new byte[][] { new byte[0], new byte[100], new byte[SEGMENT] }) {
			files.with(segment(2), content).writeTo(directory());
			JournalDirectory made = new JournalDirectory(directory(), Set.of(), this.backend);
			try (ControlFile control = ControlFile.openToWrite(made, false,
					new ControlFromSegments(made, DamageAction.REFUSE))) {
				control.change((state) -> state.withReady(1));
			}
			try (Journal journal = builder().open()) {
				assertHolds(journal, 0, 20);
				assertThat(this.logged.messages()).isEmpty();
				appendTo(journal, 250);
			}
			try (Journal again = builder().open()) {
				assertHolds(again, 0, 250);
			}
		}
	}

	@Test
	void segmentsBelowTheFirstAreLeftOvers() throws IOException {
		JournalFiles before;
		try (Journal journal = builder().open()) {
			appendTo(journal, 250);
			journal.sync();
			before = JournalFiles.of(directory());
			journal.removeBefore(200);
		}
		JournalFiles.of(directory()).with(segment(1), before.get(segment(1))).writeTo(directory());
		try (Journal journal = builder().open()) {
			assertThat(files()).doesNotContain(segment(1));
			assertHolds(journal, journal.firstSequence(), 250);
		}
	}

	@Test
	void segmentOfAnotherJournalIsDamage() throws IOException {
		JournalFiles other = killed(250, 250);
		other.only("nothing").writeTo(directory());
		JournalFiles files = killed(250, 250);
		files.with(segment(2), other.get(segment(2))).writeTo(directory());
		assertThatExceptionOfType(JournalDamagedException.class).isThrownBy(() -> builder().open());
	}

	@Test
	void controlFileThatIsNotValidIsDamageUnlessThereIsNothing() throws IOException {
		JournalFiles files = killed(20, 20);
		for (byte[] content : new byte[][] { new byte[0], new byte[4096] }) {
			files.with("journal.control", content).writeTo(directory());
			assertThatExceptionOfType(JournalDamagedException.class).isThrownBy(() -> builder().open());
		}
		byte[] withoutSlots = files.get("journal.control");
		Arrays.fill(withoutSlots, 512, 4096, (byte) 0);
		files.with("journal.control", withoutSlots).writeTo(directory());
		assertThatExceptionOfType(JournalDamagedException.class).isThrownBy(() -> builder().open());
		JournalFiles nothing = files.only("journal.control");
		for (byte[] content : new byte[][] { new byte[0], new byte[4096], withoutSlots }) {
			nothing.with("journal.control", content).writeTo(directory());
			try (Journal journal = builder().open()) {
				appendTo(journal, 10);
				assertThat(directory().resolve("journal.control")).hasSize(4096);
				assertHolds(journal, 0, 10);
			}
		}
		nothing.with("journal.control", new byte[] { 1, 2, 3 }).writeTo(directory());
		assertThatExceptionOfType(JournalDamagedException.class).isThrownBy(() -> builder().open());
	}

	@Test
	void copyOfJournalInsideRecordIsNoRecord() throws IOException {
		byte[] copy;
		JournalFiles files;
		try (Journal journal = builder().segmentSize(1 << 16).open()) {
			appendTo(journal, 30);
			journal.sync();
			copy = Arrays.copyOfRange(JournalFiles.of(directory()).get(segment(1)), 4096, 6000);
			journal.append(copy);
			files = JournalFiles.of(directory());
		}
		files.writeTo(directory());
		overwrite(segment(1), find(files.get(segment(1)), copy), new byte[24]);
		Journal journal = open();
		assertHolds(journal, 0, 30);
		assertThat(journal.recovery().wasTorn()).isTrue();
	}

	@Test
	void recordsOfTheFirstLifeDoNotComeBack() throws IOException {
		JournalFiles files = killed(10, 60);
		files.writeTo(directory());
		long at = find(files, segment(1), 20);
		overwrite(segment(1), at, new byte[24]);
		try (Journal journal = builder().open()) {
			assertThat(journal.append("other".getBytes(java.nio.charset.StandardCharsets.UTF_8))).isEqualTo(20);
			JournalFiles.of(directory()).writeTo(this.temporary.resolve("second"));
		}
		Journal second = closedLater(Journal.builder(this.temporary.resolve("second")).backend(this.backend).open());
		assertThat(second.nextSequence()).isEqualTo(21);
		second.close();
		try (RandomAccessFile out = new RandomAccessFile(this.temporary.resolve("second").resolve(segment(1)).toFile(),
				"rw")) {
			out.seek(at);
			out.write(new byte[24]);
		}
		// The sync of opening says that it was durable.
		assertThatExceptionOfType(JournalDamagedException.class).isThrownBy(() -> {
			try (Journal third = Journal.builder(this.temporary.resolve("second")).backend(this.backend).open()) {
				third.forEach(0, (_) -> {
				});
			}
		});
	}

	@Test
	void readingTellsDamageOnlyBelowWhatIsDurable() throws IOException {
		JournalFiles files = killed(50, 60);
		files.writeTo(directory());
		overwrite(segment(1), find(files, segment(1), 55), new byte[24]);
		try (Journal reading = builder().options(java.nio.file.StandardOpenOption.READ).open()) {
			assertHolds(reading, 0, 55);
		}
		overwrite(segment(1), find(files, segment(1), 45), new byte[24]);
		try (Journal reading = builder().options(java.nio.file.StandardOpenOption.READ).open()) {
			assertThatExceptionOfType(JournalDamagedException.class).isThrownBy(() -> assertHolds(reading, 0, 55));
		}
		assertThat(JournalFiles.of(directory()).contents().keySet()).isEqualTo(files.contents().keySet());
	}

	/** Its life may have been lost with the power, as no record had it flushed. */
	@Test
	void segmentWithoutARecordAndWithoutALifeIsPassed() throws IOException {
		try (Journal journal = builder().open()) {
			appendTo(journal, 100);
		}
		JournalFiles files;
		try (Journal journal = builder().segmentSize(1 << 16).open()) {
			journal.appendAndSync(new byte[20_000]);
			assertThat(journal.segments()).hasSize(4);
			files = JournalFiles.of(directory());
		}
		byte[] empty = files.get(segment(3));
		Arrays.fill(empty, 512, empty.length, (byte) 0);
		JournalFiles lost = files.with(segment(3), empty);
		for (DamageAction action : DamageAction.values()) {
			lost.writeTo(directory());
			try (Journal journal = builder().whenDamaged(action).open(); JournalReader reader = journal.reader(0)) {
				for (int number = 0; number <= 100; number++) {
					assertThat(reader.next()).isTrue();
					assertThat(reader.record().sequence()).isEqualTo(number);
				}
				assertThat(journal.segments()).extracting(JournalSegment::firstSequence).endsWith(100L, 100L);
				journal.removeBefore(100);
				assertThat(journal.firstSequence()).isEqualTo(100);
			}
		}
	}

	@Test
	void positionBehindTheEndIsTakenBack() throws IOException {
		try (Journal journal = builder().open()) {
			appendTo(journal, 250);
			journal.sync();
			try (NamedReader reader = journal.reader("name")) {
				for (int i = 0; i < 250; i++) {
					assertThat(reader.next()).isTrue();
				}
				reader.moveTo(250);
			}
		}
		Files.delete(directory().resolve(segment(2)));
		Journal journal = open(builder().whenDamaged(DamageAction.KEEP_WHOLE_PREFIX));
		try (NamedReader reader = journal.reader("name")) {
			assertThat(reader.position()).isEqualTo(journal.nextSequence()).isLessThan(250);
		}
	}

	/** New records have the numbers of those that were given up. */
	@Test
	void namedReaderReadsWhatReplacesRecordsThatWereGivenUp() throws IOException {
		JournalFiles files = readTo(250);
		files.without(segment(2)).writeTo(directory());
		long end;
		try (Journal journal = builder().whenDamaged(DamageAction.KEEP_WHOLE_PREFIX).open()) {
			end = journal.nextSequence();
			assertThat(end).isLessThan(250);
			assertThat(journal.readerPositions()).containsEntry("name", end).containsEntry("behind", 0L);
			assertThat(this.logged.messages())
				.anySatisfy((message) -> assertThat(message).contains("'name'", "record 250", "before " + end));
			appendTo(journal, 300);
		}
		try (Journal journal = builder().open(); NamedReader reader = journal.reader("name")) {
			assertThat(reader.next()).isTrue();
			assertThat(reader.record().sequence()).isEqualTo(end);
		}
	}

	/** Returns a journal that a reader has read up to a number, and that has another. */
	private JournalFiles readTo(long number) throws IOException {
		try (Journal journal = builder().open()) {
			appendTo(journal, number);
			journal.sync();
			journal.reader("behind").close();
			try (NamedReader reader = journal.reader("name")) {
				while (reader.next()) {
					assertThat(reader.record().length()).isPositive();
				}
				reader.moveTo(number);
			}
			Files.copy(directory().resolve("name.reader"), directory().resolve("name (copy).reader"));
			return JournalFiles.of(directory());
		}
	}

	@Test
	void readerThatIsOpenKeepsRecordsFromBeingGivenUp() throws IOException {
		JournalFiles lost = readTo(250).without(segment(2));
		lost.writeTo(directory());
		Journal reading = open(builder().options(java.nio.file.StandardOpenOption.READ).whenDamaged(DamageAction.SKIP));
		Journal.Builder prefix = builder().whenDamaged(DamageAction.KEEP_WHOLE_PREFIX);
		try (NamedReader reader = reading.reader("name")) {
			assertThat(reader.position()).isEqualTo(250);
			assertThatExceptionOfType(FileLockedException.class).isThrownBy(prefix::open)
				.withMessageContaining("'name'")
				.withMessageContaining("Close the reader");
			assertThat(JournalFiles.of(directory())).isEqualTo(lost);
		}
		try (Journal journal = prefix.open()) {
			assertThat(journal.readerPositions()).containsEntry("name", journal.nextSequence());
		}
	}

}
