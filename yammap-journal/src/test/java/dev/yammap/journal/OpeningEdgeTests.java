package dev.yammap.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.yammap.journal.internal.format.SlotFormat;
import dev.yammap.journal.internal.format.SlotKind;
import dev.yammap.journal.internal.format.SlotState;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Journals opened and closed beside other files, with slots that were lost, by threads
 * that are interrupted, and while others append.
 */
class OpeningEdgeTests extends AbstractRecoveryTests {

	private static final int LIFE = 1536;

	private static final int DATA = 4096;

	private Journal.Builder reading() {
		return builder().options(StandardOpenOption.READ);
	}

	private static JournalFiles zero(JournalFiles files, String name, int from, int to) {
		byte[] bytes = files.get(name);
		Arrays.fill(bytes, from, to, (byte) 0);
		return files.with(name, bytes);
	}

	@Test
	void filesOfOthersAreLeftAlone() throws IOException {
		killed(20, 30);
		List<String> others = List.of("1.segment", "00000000000000x1.segment", "::::::::::::::::.segment",
				"................segment", "notes.txt");
		for (String name : others) {
			Files.writeString(directory().resolve(name), "not ours");
		}
		try (Journal journal = builder().open()) {
			assertHolds(journal, 0, 30);
			assertThat(journal.segments()).hasSize(1);
		}
		assertThat(files()).containsAll(others);
	}

	@Test
	void segmentFarBeyondWhatIsReadyNeverHadARecord() throws IOException {
		JournalFiles files = killed(20, 30);
		files.with(segment(9), new byte[SEGMENT]).writeTo(directory());
		try (Journal journal = builder().open()) {
			assertHolds(journal, 0, 30);
			assertThat(files()).doesNotContain(segment(9));
			appendTo(journal, 250);
		}
		assertHolds(open(), 0, 250);
	}

	@Test
	void segmentUnderTheNameOfAnotherIsDamage() throws IOException {
		JournalFiles files = killed(250, 250);
		files.with(segment(2), files.get(segment(1))).writeTo(directory());
		assertThatExceptionOfType(JournalDamagedException.class).isThrownBy(() -> builder().open())
			.satisfies((ex) -> assertThat(ex.file()).hasFileName(segment(2)));
	}

	@Test
	void skipGoesOnBehindSegmentThatIsMissing() throws IOException {
		JournalFiles files = killed(250, 250);
		files.without(segment(2)).writeTo(directory());
		Journal journal = open(builder().whenDamaged(DamageAction.SKIP));
		List<Long> numbers = new ArrayList<>();
		journal.forEach(0, (record) -> numbers.add(record.sequence()));
		assertThat(numbers).startsWith(0L, 1L).endsWith(248L, 249L).isSorted().doesNotHaveDuplicates();
		assertThat(numbers).hasSizeBetween(100, 249);
		assertThat(journal.append(content(250))).isEqualTo(250);
	}

	@Test
	void firstRecordSaysWhereASegmentBeginsWhoseSlotsWereLost() throws IOException {
		JournalFiles files = zero(killed(10, 250), segment(2), LIFE, DATA);
		files.writeTo(directory());
		try (Journal other = reading().open()) {
			assertHolds(other, 0, 250);
		}
		long second;
		try (Journal journal = builder().open()) {
			assertHolds(journal, 0, 250);
			second = journal.segments().get(1).firstSequence();
		}
		// And where that record was lost as well, nothing is known of the segment.
		files.zeroRecord(content(second)).writeTo(directory());
		try (Journal other = reading().open()) {
			assertThat(other.segments()).hasSize(1);
			assertHolds(other, 0, second);
		}
		try (Journal journal = builder().open()) {
			assertHolds(journal, 0, second);
			assertThat(files()).contains(segment(2) + ".torn", segment(3) + ".torn");
			appendTo(journal, second + 150);
		}
		assertHolds(open(), 0, second + 150);
	}

	@Test
	void lifeThatWasLostIsWrittenAnew() throws IOException {
		JournalFiles killed = killed(10, 250);
		try (Journal journal = builder().open()) {
			assertThat(journal.nextSequence()).isEqualTo(250);
		}
		for (JournalFiles files : List.of(killed, JournalFiles.of(directory()))) {
			String last = segment(4);
			assertThat(life(files.get(last))).isNotNegative();
			zero(files, last, LIFE, DATA).writeTo(directory());
			try (Journal journal = builder().open()) {
				assertHolds(journal, 0, 250);
			}
			assertThat(life(JournalFiles.of(directory()).get(last))).isEqualTo(life(files.get(last)));
		}
	}

	/** Returns the first number of a segment, as its life says, or -1. */
	private static long life(byte[] segment) {
		long id = ByteBuffer.wrap(segment).order(ByteOrder.LITTLE_ENDIAN).getLong(16);
		SlotState life = SlotFormat.decode(segment, LIFE, SlotKind.LIFE, id);
		return (life != null) ? life.value(0) : -1;
	}

	@Test
	void fileOfFixedSizeToWhichSomebodyAddedIsNamed() throws IOException {
		JournalFiles files;
		try (Journal journal = builder().open()) {
			appendTo(journal, 20);
			journal.reader("billing").close();
			files = JournalFiles.of(directory());
		}
		files.with("journal.control", Arrays.copyOf(files.get("journal.control"), 5000)).writeTo(directory());
		for (DamageAction action : DamageAction.values()) {
			assertThatExceptionOfType(JournalDamagedException.class)
				.isThrownBy(() -> builder().whenDamaged(action).open())
				.withMessageContaining("journal.control is damaged at offset 4096: it is 5000 bytes long")
				.withMessageContaining("Cut off what is behind its first 4096 bytes");
		}
		files.with("billing.reader", Arrays.copyOf(files.get("billing.reader"), 2049)).writeTo(directory());
		Journal journal = open();
		assertThatExceptionOfType(JournalDamagedException.class).isThrownBy(() -> journal.reader("billing"))
			.withMessageContaining("billing.reader is damaged at offset 2048: it is 2049 bytes long");
	}

	@Test
	void nothingIsDurableAsFarAsAnotherProcessKnowsBeforeTheFirstSync() throws IOException {
		JournalFiles files;
		try (Journal journal = builder().open()) {
			appendTo(journal, 20);
			files = JournalFiles.of(directory());
		}
		zero(files, segment(1), 512, LIFE).writeTo(directory());
		Journal other = open(reading());
		assertThat(other.durableSequence()).isZero();
		assertHolds(other, 0, 20);
	}

	@Test
	void interruptChangesNothing() throws IOException {
		Thread.currentThread().interrupt();
		try (Journal journal = builder().open()) {
			appendTo(journal, 250);
			journal.roll();
			journal.sync();
			journal.removeBefore(100);
			assertThat(journal.appendAndSync(content(250))).isEqualTo(250);
		}
		assertThat(Thread.interrupted()).isTrue();
		Journal journal = open();
		assertHolds(journal, journal.firstSequence(), 251);
	}

	@Test
	void interruptEndsAWaitForARecord() throws IOException {
		Journal journal = open();
		Journal other = open(reading());
		for (Journal one : List.of(journal, other)) {
			try (JournalReader reader = one.reader(0)) {
				Thread.currentThread().interrupt();
				assertThatExceptionOfType(InterruptedException.class)
					.isThrownBy(() -> reader.next(Duration.ofSeconds(60)));
				assertThat(Thread.currentThread().isInterrupted()).isFalse();
			}
		}
	}

	@Test
	void recordWhoseSyncReturnedIsThereAfterACloseThatCameBetween() throws Exception {
		try (ExecutorService threads = Executors.newCachedThreadPool()) {
			long next = 0;
			for (int round = 0; round < 20; round++) {
				Journal journal = builder().open();
				Queue<Long> durable = new ConcurrentLinkedQueue<>();
				List<Future<?>> committers = new ArrayList<>();
				for (int i = 0; i < 4; i++) {
					boolean interrupted = i == 3;
					committers.add(threads.submit(() -> commit(journal, durable, interrupted)));
				}
				while (durable.size() < 8) {
					Thread.onSpinWait();
				}
				journal.close();
				for (Future<?> committer : committers) {
					committer.get();
				}
				try (Journal again = builder().open()) {
					long end = again.nextSequence();
					assertThat(durable).allMatch((number) -> number < end);
					assertThat(end).isGreaterThanOrEqualTo(next + durable.size());
					assertThat(again.recovery().wasTorn()).isFalse();
					next = end;
				}
			}
		}
	}

	private static Void commit(Journal journal, Queue<Long> durable, boolean interrupted) throws IOException {
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
		try {
			while (true) {
				durable.add(journal.appendAndSync(new byte[8]));
			}
		}
		catch (ClosedChannelException ex) {
			assertThat(journal.isOpen()).isFalse();
			assertThat(Thread.interrupted()).isEqualTo(interrupted);
			return null;
		}
	}

}
