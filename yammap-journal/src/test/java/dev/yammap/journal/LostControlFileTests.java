package dev.yammap.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A control file that is missing, cut short or damaged: refused, or made anew from the
 * segments. And positions of named readers that are lost.
 */
class LostControlFileTests extends AbstractRecoveryTests {

	private static final String CONTROL = "journal.control";

	private static final long END = 250;

	private static final List<DamageAction> OPENING = List.of(DamageAction.KEEP_WHOLE_PREFIX, DamageAction.SKIP);

	private static byte[] flip(byte[] bytes, int... at) {
		for (int one : at) {
			bytes[one] ^= 1;
		}
		return bytes;
	}

	/** Returns files with control files of which nothing is left that is of use. */
	private static List<JournalFiles> lost(JournalFiles files) {
		byte[] control = files.get(CONTROL);
		byte[] garbage = new byte[control.length];
		Arrays.fill(garbage, (byte) 7);
		List<JournalFiles> all = new ArrayList<>();
		all.add(files.without(CONTROL));
		for (byte[] left : List.of(new byte[0], new byte[3], new byte[4096], garbage, Arrays.copyOf(control, 20),
				flip(control.clone(), 520, 1032), flip(control.clone(), 10, 520, 1032))) {
			all.add(files.with(CONTROL, left));
		}
		return all;
	}

	@Test
	void itsLossIsRefusedAndNothingIsChanged() throws IOException {
		JournalFiles files = killed(100, END);
		for (JournalFiles lost : lost(files)) {
			lost.writeTo(directory());
			for (Journal.Builder builder : List.of(builder(), builder().options(StandardOpenOption.WRITE), reading())) {
				assertThatExceptionOfType(JournalDamagedException.class).isThrownBy(builder::open).satisfies((ex) -> {
					assertThat(ex.ways()).containsExactlyElementsOf(OPENING);
					assertThat(ex.file()).hasFileName(CONTROL);
					assertThat(ex).hasMessageContaining("KEEP_WHOLE_PREFIX").hasMessageContaining("SKIP");
				});
			}
			assertIsUnchanged(lost);
		}
	}

	private Journal.Builder reading() {
		return builder().options(StandardOpenOption.READ);
	}

	private void assertIsUnchanged(JournalFiles files) {
		assertThat(JournalFiles.of(directory())).isEqualTo(files);
	}

	@Test
	void itIsMadeAnewFromTheSegments() throws IOException {
		for (JournalFiles lost : lost(killed(100, END))) {
			for (DamageAction action : OPENING) {
				lost.writeTo(directory());
				this.logged.messages().clear();
				try (Journal journal = builder().whenDamaged(action).open()) {
					assertHolds(journal, 0, END);
					assertThat(this.logged.messages()).first()
						.asString()
						.contains(CONTROL, "begins with record 0", "before or behind them is not known");
					appendTo(journal, END + 50);
				}
				assertIsInOrder(0, END + 50);
			}
		}
	}

	/** As any other journal: nothing of the damage is left. */
	private void assertIsInOrder(long from, long end) throws IOException {
		this.logged.messages().clear();
		try (Journal journal = builder().open()) {
			assertHolds(journal, from, end);
			assertThat(journal.recovery().putAside()).isEmpty();
			assertThat(journal.recovery().skippedRecords()).isZero();
		}
		assertThat(this.logged.messages()).isEmpty();
	}

	@Test
	void whatItHeldIsKept() throws IOException {
		JournalFiles files = killed(20, 30);
		byte[] control = flip(files.get(CONTROL), 520, 1032);
		files.with(CONTROL, control).writeTo(directory());
		try (Journal journal = builder().whenDamaged(DamageAction.SKIP).open()) {
			Path aside = directory().resolve(CONTROL + ".torn");
			assertThat(journal.recovery().putAside()).containsExactly(aside);
			assertThat(Files.readAllBytes(aside)).isEqualTo(control);
			assertThat(this.logged.messages()).singleElement().asString().contains(aside.toString());
		}
	}

	@Test
	void itIsMadeAnewInItsWholeSizeThoughNoneMayBeCreated() throws IOException {
		for (JournalFiles lost : lost(killed(20, 30))) {
			lost.writeTo(directory());
			try (Journal journal = builder().options(StandardOpenOption.WRITE).whenDamaged(DamageAction.SKIP).open()) {
				assertThat(directory().resolve(CONTROL)).hasSize(4096);
				assertHolds(journal, 0, 30);
			}
		}
	}

	@Test
	void damageIsSaidToBeWhereItIs() throws IOException {
		JournalFiles files = killed(20, 30);
		byte[] control = files.get(CONTROL);
		assertIsDamagedAt(0, files.with(CONTROL, flip(control.clone(), 9)));
		assertIsDamagedAt(512, files.with(CONTROL, flip(control.clone(), 520, 1032)));
	}

	private void assertIsDamagedAt(long offset, JournalFiles files) throws IOException {
		files.writeTo(directory());
		assertThatExceptionOfType(JournalDamagedException.class).isThrownBy(this::open)
			.satisfies((ex) -> assertThat(ex.offset()).isEqualTo(offset));
	}

	@Test
	void slotIsUsedWhateverBecameOfTheHeader() throws IOException {
		JournalFiles files;
		try (Journal journal = builder().open()) {
			appendTo(journal, END);
			journal.sync();
			journal.removeBefore(200);
			files = JournalFiles.of(directory());
		}
		files.with(CONTROL, flip(files.get(CONTROL), 9)).writeTo(directory());
		assertThatExceptionOfType(JournalDamagedException.class).isThrownBy(this::open).withMessageContaining("header");
		try (Journal journal = builder().whenDamaged(DamageAction.SKIP).open()) {
			assertHolds(journal, journal.firstSequence(), END);
			assertThat(this.logged.messages()).first().asString().contains("from what is left of it");
		}
	}

	@Test
	void journalWhoseFirstSegmentsWereRemovedBeginsWithTheFirstThatIsLeft() throws IOException {
		long first;
		JournalFiles files;
		try (Journal journal = builder().open()) {
			appendTo(journal, END);
			journal.sync();
			first = journal.removeBefore(200);
			assertThat(first).isPositive();
			files = JournalFiles.of(directory());
		}
		for (DamageAction action : OPENING) {
			files.without(CONTROL).writeTo(directory());
			try (Journal journal = builder().whenDamaged(action).open()) {
				assertThat(journal.firstSequence()).isEqualTo(first);
				assertHolds(journal, first, END);
			}
			assertIsInOrder(first, END);
		}
	}

	@Test
	void tornEndIsCutAndDamageToldAsEver() throws IOException {
		JournalFiles files = killed(100, END).without(CONTROL);
		files.zeroRecord(content(120)).writeTo(directory());
		try (Journal journal = builder().whenDamaged(DamageAction.SKIP).open()) {
			assertHolds(journal, 0, 120);
		}
		assertIsInOrder(0, 120);
		files.zeroRecord(content(20)).writeTo(directory());
		try (Journal journal = builder().whenDamaged(DamageAction.KEEP_WHOLE_PREFIX).open()) {
			assertHolds(journal, 0, 20);
		}
		assertIsInOrder(0, 20);
	}

	/** All that is left says less than what was there, but nothing wrong. */
	@Test
	void firstNumberIsThatOfTheFirstSegmentThatSaysSo() throws IOException {
		JournalFiles files = killed(END, END).without(CONTROL).without(segment(1));
		byte[] second = files.get(segment(2));
		Arrays.fill(second, 512, 4096, (byte) 0);
		files.with(segment(2), second).writeTo(directory());
		try (Journal journal = builder().whenDamaged(DamageAction.SKIP).open()) {
			assertThat(journal.firstSequence()).isBetween(50L, 150L);
			assertHolds(journal, journal.firstSequence(), END);
		}
		Arrays.fill(second, 4096, second.length, (byte) 0);
		files.with(segment(2), second).writeTo(directory());
		try (Journal journal = builder().whenDamaged(DamageAction.SKIP).open()) {
			assertHolds(journal, journal.firstSequence(), END);
			assertThat(files()).contains(segment(2));
		}
		files.only(segment(2)).with(segment(2), second).writeTo(directory());
		assertCannotBeMadeAnew("which number");
	}

	@Test
	void journalThatWasNeverSyncedIsReadFromItsOneSegment() throws IOException {
		killed(0, 10).without(CONTROL).without(segment(2)).writeTo(directory());
		try (Journal reading = reading().whenDamaged(DamageAction.SKIP).open()) {
			assertHolds(reading, 0, 10);
		}
		try (Journal journal = builder().whenDamaged(DamageAction.SKIP).open()) {
			assertHolds(journal, 0, 10);
		}
		assertIsInOrder(0, 10);
	}

	/** Its records may have been durable, so none of their numbers is given again. */
	@Test
	void lastSegmentsThatLostTheirHeadersTooCountAsSegments() throws IOException {
		long first;
		int last;
		JournalFiles files;
		try (Journal journal = builder().open()) {
			appendTo(journal, END);
			journal.sync();
			last = journal.segments().size();
			first = journal.segments().get(last - 2).firstSequence();
			files = JournalFiles.of(directory());
		}
		JournalFiles lost = files.without(CONTROL).without(segment(last + 1));
		for (int index = last - 1; index <= last; index++) {
			lost = lost.with(segment(index), flip(files.get(segment(index)), 20));
		}
		lost.writeTo(directory());
		try (Journal reading = reading().whenDamaged(DamageAction.SKIP).open()) {
			assertThat(reading.segments()).hasSize(last - 2);
		}
		try (Journal journal = builder().whenDamaged(DamageAction.SKIP).open()) {
			assertThat(journal.nextSequence()).isGreaterThan(END);
			assertThat(journal.recovery().skippedRecords()).isEqualTo(journal.nextSequence() - first);
			assertThat(journal.recovery().putAside()).contains(directory().resolve(segment(last - 1) + ".torn"),
					directory().resolve(segment(last) + ".torn"));
		}
	}

	@Test
	void fileBehindTheLastSegmentThatNeverHadARecordCountsAsNone() throws IOException {
		JournalFiles other = killed(20, 20);
		other.only("nothing").writeTo(directory());
		JournalFiles files = killed(20, 20);
		JournalFiles lost = files.with(CONTROL, flip(files.get(CONTROL), 520, 1032));
		for (byte[] content : List.of(new byte[0], new byte[SEGMENT], other.get(segment(1)))) {
			lost.with(segment(2), content).without(segment(3)).writeTo(directory());
			try (Journal reading = reading().whenDamaged(DamageAction.SKIP).open()) {
				assertHolds(reading, 0, 20);
			}
			try (Journal journal = builder().whenDamaged(DamageAction.SKIP).open()) {
				assertHolds(journal, 0, 20);
				assertThat(journal.recovery().skippedRecords()).isZero();
			}
		}
	}

	@Test
	void segmentsOfSeveralJournalsAreNotMixed() throws IOException {
		JournalFiles other = killed(END, END);
		other.only("nothing").writeTo(directory());
		JournalFiles files = killed(END, END);
		files.without(CONTROL).with(segment(3), other.get(segment(3))).writeTo(directory());
		assertCannotBeMadeAnew("several journals");
		files.only(segment(2)).with(segment(2), new byte[SEGMENT]).writeTo(directory());
		assertCannotBeMadeAnew("which journal");
	}

	private void assertCannotBeMadeAnew(String reason) {
		JournalFiles files = JournalFiles.of(directory());
		for (DamageAction action : DamageAction.values()) {
			for (Journal.Builder builder : List.of(builder(), reading())) {
				assertThatExceptionOfType(JournalDamagedException.class).isThrownBy(builder.whenDamaged(action)::open)
					.withMessageContaining(reason)
					.satisfies((ex) -> assertThat(ex.ways()).isEmpty());
			}
		}
		assertIsUnchanged(files);
	}

	@Test
	void anotherProcessReadsWithoutIt() throws IOException {
		for (JournalFiles lost : lost(killed(100, END))) {
			lost.writeTo(directory());
			for (DamageAction action : OPENING) {
				try (Journal reading = reading().whenDamaged(action).open()) {
					assertHolds(reading, 0, END);
				}
			}
			assertIsUnchanged(lost);
		}
	}

	@Test
	void positionsOfNamedReadersStay() throws IOException {
		try (Journal journal = builder().open()) {
			appendTo(journal, END);
			journal.sync();
			read(journal, 70);
		}
		JournalFiles.of(directory()).without(CONTROL).writeTo(directory());
		try (Journal journal = builder().whenDamaged(DamageAction.SKIP).open();
				NamedReader reader = journal.reader("billing")) {
			assertThat(reader.position()).isEqualTo(70);
			assertThat(reader.next()).isTrue();
			assertThat(reader.record().sequence()).isEqualTo(70);
		}
	}

	private static void read(Journal journal, long end) throws IOException {
		try (NamedReader reader = journal.reader("billing")) {
			while (reader.nextSequence() < end && reader.next()) {
				reader.moveTo(reader.nextSequence());
			}
		}
	}

	@Test
	void positionThatIsLostIsSaidAndNotGuessed() throws IOException {
		JournalFiles files;
		try (Journal journal = builder().open()) {
			appendTo(journal, 100);
			journal.sync();
			read(journal, 70);
			files = JournalFiles.of(directory());
		}
		byte[] position = files.get("billing.reader");
		byte[] garbage = new byte[position.length];
		Arrays.fill(garbage, (byte) 7);
		for (byte[] left : List.of(flip(position.clone(), 520, 1032), garbage,
				Arrays.copyOf(flip(position.clone(), 520), 1000))) {
			files.with("billing.reader", left).writeTo(directory());
			try (Journal journal = builder().open()) {
				assertThatExceptionOfType(JournalDamagedException.class).isThrownBy(() -> journal.reader("billing"))
					.withMessageContaining("position of the reader is lost")
					.satisfies((ex) -> assertThat(ex.file()).hasFileName("billing.reader"));
				assertThat(Files.readAllBytes(directory().resolve("billing.reader"))).isEqualTo(left);
				assertThat(journal.readerPositions()).containsEntry("billing", 0L);
				Files.move(directory().resolve("billing.reader"), directory().resolve("billing.lost"));
				try (NamedReader reader = journal.reader("billing")) {
					assertThat(reader.position()).isZero();
				}
			}
		}
		// One slot counts as long as it is whole.
		files.with("billing.reader", flip(position.clone(), 9, 520)).writeTo(directory());
		try (NamedReader reader = open().reader("billing")) {
			assertThat(reader.position()).isBetween(69L, 70L);
		}
	}

	@Test
	void positionInAnotherJournalIsNone() throws IOException {
		try (Journal journal = builder().open()) {
			appendTo(journal, 10);
			journal.reader("billing").close();
		}
		byte[] position = JournalFiles.of(directory()).get("billing.reader");
		JournalFiles.of(directory()).only("nothing").writeTo(directory());
		Journal journal = open();
		Files.write(directory().resolve("billing.reader"), position);
		assertThatExceptionOfType(JournalDamagedException.class).isThrownBy(() -> journal.reader("billing"))
			.withMessageContaining("another journal");
		// Where its first position was being stored, there is none to lose.
		for (byte[] begun : List.of(new byte[0], new byte[2048], new byte[10], flip(Arrays.copyOf(position, 20), 3))) {
			Files.write(directory().resolve("billing.reader"), begun);
			try (NamedReader reader = journal.reader("billing")) {
				assertThat(reader.position()).isZero();
			}
		}
	}

}
