package dev.yammap.journal;

import java.io.IOException;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

import dev.yammap.journal.internal.file.ControlFile;
import dev.yammap.journal.internal.file.JournalDirectory;
import dev.yammap.journal.internal.read.ControlFromSegments;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What says that records were durable, or where a segment begins, where other signs of it
 * are lost: the slots of segments, the control file, later records.
 */
class WitnessTests extends AbstractRecoveryTests {

	private static final String CONTROL = "journal.control";

	private static final int SECTOR = 512;

	private static final int LIFE = 1536;

	private static final int DATA = 4096;

	private static final int LARGE = 1 << 20;

	private static JournalFiles zero(JournalFiles files, String name, int from, int to) {
		byte[] bytes = files.get(name);
		Arrays.fill(bytes, from, to, (byte) 0);
		return files.with(name, bytes);
	}

	private static JournalFiles withoutProgress(JournalFiles files, int segment) {
		return zero(files, segment(segment), SECTOR, LIFE);
	}

	private static JournalFiles withoutLife(JournalFiles files, int segment) {
		return zero(files, segment(segment), LIFE, DATA);
	}

	private void assertIsDamagedAt(long number) {
		assertThatExceptionOfType(JournalDamagedException.class).isThrownBy(() -> {
			try (Journal journal = builder().open()) {
				journal.forEach(0, (_) -> {
				});
			}
		}).satisfies((ex) -> assertThat(ex.sequence()).isEqualTo(number));
	}

	@Test
	void recordSaysThatThoseBeforeItsMarkWereDurableAndNoOther() throws IOException {
		JournalFiles files = withoutProgress(killed(20, 30), 1);
		files.zeroRecord(content(20)).writeTo(directory());
		try (Journal journal = builder().open()) {
			assertHolds(journal, 0, 20);
			assertThat(journal.recovery().wasTorn()).isTrue();
		}
		files.zeroRecord(content(19)).writeTo(directory());
		assertIsDamagedAt(19);
	}

	@Test
	void slotSaysThatThoseBeforeItWereDurableAndNoOther() throws IOException {
		JournalFiles files = killed(20, 21);
		files.zeroRecord(content(20)).writeTo(directory());
		try (Journal journal = builder().open()) {
			assertHolds(journal, 0, 20);
		}
		files.zeroRecord(content(20)).zeroRecord(content(19)).writeTo(directory());
		assertIsDamagedAt(19);
	}

	@Test
	void closeSaysWhatWasDurableThoughTheSlotsOfTheSegmentAreLost() throws IOException {
		try (Journal journal = builder().open()) {
			appendTo(journal, 20);
		}
		JournalFiles files = withoutProgress(JournalFiles.of(directory()), 1).zeroRecord(content(19));
		files.writeTo(directory());
		assertIsDamagedAt(19);
		files.writeTo(directory());
		try (Journal journal = builder().whenDamaged(DamageAction.KEEP_WHOLE_PREFIX).open()) {
			assertHolds(journal, 0, 19);
			assertThat(this.logged.messages()).anySatisfy((message) -> assertThat(message).contains("record 19"));
		}
	}

	@Test
	void closeTellsAnotherProcessWhatIsDurableThoughTheSlotsOfTheSegmentAreLost() throws IOException {
		try (Journal journal = builder().open()) {
			appendTo(journal, 20);
		}
		withoutProgress(JournalFiles.of(directory()), 1).writeTo(directory());
		try (Journal reading = builder().options(StandardOpenOption.READ).open()) {
			assertThat(reading.durableSequence()).isEqualTo(20);
		}
	}

	@Test
	void whatOpeningKeptIsDurableFromThenOn() throws IOException {
		killed(10, 20).writeTo(directory());
		JournalFiles files;
		try (Journal journal = builder().open()) {
			assertThat(journal.recovery().durableSequence()).isEqualTo(10);
			files = JournalFiles.of(directory());
		}
		files.zeroRecord(content(15)).writeTo(directory());
		assertIsDamagedAt(15);
		files.writeTo(directory());
		try (Journal journal = builder().open()) {
			assertThat(journal.recovery().durableSequence()).isEqualTo(20);
		}
	}

	/** A power cut that tears the newer slot must not bring the older one back. */
	@Test
	void keptPrefixLeavesNoSlotThatSaysMore() throws IOException {
		killed(20, 20).zeroRecord(content(19)).writeTo(directory());
		JournalFiles files;
		try (Journal journal = builder().whenDamaged(DamageAction.KEEP_WHOLE_PREFIX).open()) {
			assertHolds(journal, 0, 19);
			files = JournalFiles.of(directory());
		}
		for (int slot = SECTOR; slot < LIFE; slot += SECTOR) {
			zero(files, segment(1), slot, slot + SECTOR).writeTo(directory());
			try (Journal journal = builder().open()) {
				assertHolds(journal, 0, 19);
			}
		}
	}

	@Test
	void controlFileSaysWhereTheFirstSegmentBeginsThoughNothingElseDoes() throws IOException {
		JournalFiles files = withoutLife(killed(0, 10), 1);
		withoutProgress(files, 1).zeroRecord(content(0)).writeTo(directory());
		try (Journal journal = builder().open()) {
			assertThat(journal.nextSequence()).isZero();
			appendTo(journal, 10);
			assertHolds(journal, 0, 10);
		}
		try (Journal journal = builder().open()) {
			assertHolds(journal, 0, 10);
		}
	}

	@Test
	void closeSaysWhereASegmentWithoutRecordsBegins() throws IOException {
		try (Journal journal = builder().open()) {
			appendTo(journal, 20);
			journal.roll();
		}
		withoutLife(JournalFiles.of(directory()), 2).writeTo(directory());
		try (Journal journal = builder().open()) {
			assertHolds(journal, 0, 20);
			assertThat(journal.segments()).extracting(JournalSegment::nextSequence).containsExactly(20L, 20L);
			appendTo(journal, 40);
		}
		try (Journal journal = builder().open()) {
			assertHolds(journal, 0, 40);
		}
	}

	/** As where the disk tears the state that was being written. */
	@Test
	void recordsInSegmentsOfWhichTheControlFileDoesNotKnowStay() throws IOException {
		byte[] older;
		JournalFiles files;
		try (Journal journal = builder().segmentSize(1 << 16).open()) {
			older = JournalFiles.of(directory()).get(CONTROL);
			appendTo(journal, 10);
			journal.roll();
			appendTo(journal, 20);
			journal.roll();
			appendTo(journal, 30);
			files = JournalFiles.of(directory());
		}
		assertThat(files.contents()).containsKey(segment(3));
		files.with(CONTROL, older).writeTo(directory());
		assertThat(ready()).isEqualTo(1);
		try (Journal journal = builder().open()) {
			assertHolds(journal, 0, 30);
			assertThat(journal.recovery().putAside()).isEmpty();
			appendTo(journal, 40);
		}
		try (Journal journal = builder().open()) {
			assertHolds(journal, 0, 40);
		}
		files.with(CONTROL, older).without(segment(1)).writeTo(directory());
		try (Journal journal = builder().whenDamaged(DamageAction.KEEP_WHOLE_PREFIX).open()) {
			assertThat(journal.nextSequence()).isZero();
			assertThat(journal.recovery().putAside()).extracting((file) -> file.getFileName().toString())
				.contains(segment(2) + ".torn", segment(3) + ".torn");
			appendTo(journal, 40);
		}
		assertHolds(open(), 0, 40);
	}

	/** One that follows shows that it was used, though none of its bytes came down. */
	@Test
	void segmentThatOthersFollowIsNotTakenForAnUnusedOne() throws IOException {
		byte[] older;
		JournalFiles files;
		try (Journal journal = builder().segmentSize(1 << 16).open()) {
			appendTo(journal, 10);
			journal.roll();
			older = JournalFiles.of(directory()).get(CONTROL);
			appendTo(journal, 20);
			journal.roll();
			appendTo(journal, 30);
			files = JournalFiles.of(directory());
		}
		zero(files, segment(2), SECTOR, 1 << 16).with(CONTROL, older).writeTo(directory());
		assertThat(ready()).isEqualTo(2);
		try (Journal journal = builder().open()) {
			assertHolds(journal, 0, 10);
			assertThat(journal.recovery().putAside()).extracting((file) -> file.getFileName().toString())
				.containsExactlyInAnyOrder(segment(2) + ".torn", segment(3) + ".torn");
			appendTo(journal, 40);
		}
		assertHolds(open(), 0, 40);
	}

	private long ready() throws IOException {
		JournalDirectory files = new JournalDirectory(directory(), Set.of(), this.backend);
		return ControlFile.read(files, new ControlFromSegments(files, DamageAction.REFUSE)).state().ready();
	}

	/** What a later record leaves in it would follow the first that is appended. */
	@Test
	void segmentWithBytesFarBehindItsBeginningIsNotTakenForAnUnusedOne() throws IOException {
		JournalFiles files;
		try (Journal journal = builder().segmentSize(LARGE).open()) {
			appendTo(journal, 10);
			journal.roll();
			files = JournalFiles.of(directory());
		}
		byte[] second = files.get(segment(2));
		Arrays.fill(second, SECTOR, DATA, (byte) 0);
		second[LARGE / 2] = 1;
		files.with(segment(2), second).writeTo(directory());
		try (Journal journal = builder().segmentSize(LARGE).open()) {
			assertThat(journal.recovery().putAside()).containsExactly(directory().resolve(segment(2) + ".torn"));
			assertHolds(journal, 0, 10);
			journal.roll();
			appendTo(journal, 20);
		}
		assertHolds(open(), 0, 20);
	}

	@Test
	void segmentThatIsReadyIsSoAfterTheEndWasCut() throws IOException {
		try (Journal journal = builder().open()) {
			appendTo(journal, 60);
		}
		JournalFiles files = JournalFiles.of(directory());
		assertThat(files.contents()).containsKey(segment(2)).doesNotContainKey(segment(3));
		files.zeroRecord(content(12)).writeTo(directory());
		try (Journal journal = builder().whenDamaged(DamageAction.KEEP_WHOLE_PREFIX).open()) {
			assertHolds(journal, 0, 12);
			assertThat(ready()).isEqualTo(2);
			assertThat(files()).contains(segment(2));
		}
	}

	@Test
	void firstRecordSaysWhereRecordsBeginIfTheSegmentsBeforeItAreLost() throws IOException {
		JournalFiles files;
		List<JournalSegment> segments;
		try (Journal journal = builder().open()) {
			appendTo(journal, 250);
			segments = journal.segments();
			files = JournalFiles.of(directory()).without(segment(1));
		}
		long first = segments.get(1).firstSequence();
		withoutLife(files, 2).writeTo(directory());
		try (Journal journal = builder().whenDamaged(DamageAction.SKIP).open()) {
			assertThat(journal.recovery().skippedRecords()).isEqualTo(first);
			assertThat(journal.nextSequence()).isEqualTo(250);
			try (JournalReader reader = journal.reader(0)) {
				assertThat(reader.next()).isTrue();
				assertThat(reader.record().sequence()).isEqualTo(first);
			}
		}
	}

	@Test
	void closeSaysWhichNumberIsNextWhereOnlyAnUnusedSegmentIsLeft() throws IOException {
		try (Journal journal = builder().open()) {
			appendTo(journal, 20);
			journal.roll();
		}
		zero(JournalFiles.of(directory()), segment(2), SECTOR, SEGMENT).without(segment(1)).writeTo(directory());
		try (Journal journal = builder().whenDamaged(DamageAction.SKIP).open();
				JournalReader reader = journal.reader(0)) {
			assertThat(journal.append(content(20))).isEqualTo(20);
			assertThat(reader.next()).isTrue();
			assertThat(reader.record().sequence()).isEqualTo(20);
		}
	}

}
