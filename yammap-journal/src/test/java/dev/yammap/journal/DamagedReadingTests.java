package dev.yammap.journal;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Readers that meet damage: where they stop, and where they go on with
 * {@link DamageAction#SKIP}. By the process that writes, and by another one.
 */
class DamagedReadingTests extends AbstractRecoveryTests {

	private static final long END = 250;

	/** Makes a journal in three segments, all of it durable. */
	private JournalFiles durable() throws IOException {
		try (Journal journal = builder().open()) {
			appendTo(journal, END);
			assertThat(journal.segments()).hasSizeGreaterThan(2);
		}
		return JournalFiles.of(directory());
	}

	/** Returns the same with a record lost, and what follows it in its segment. */
	private static JournalFiles zeroFrom(JournalFiles files, long number) {
		JournalFiles lost = files.zeroRecord(content(number));
		for (String name : files.contents().keySet()) {
			int at = Arrays.mismatch(files.get(name), lost.get(name));
			if (at >= 0) {
				byte[] bytes = files.get(name);
				Arrays.fill(bytes, at & -Long.BYTES, bytes.length, (byte) 0);
				return files.with(name, bytes);
			}
		}
		throw new AssertionError("Nothing was lost");
	}

	private Journal.Builder reading() {
		return builder().options(StandardOpenOption.READ);
	}

	private static List<Long> numbers(Journal journal, long from) throws IOException {
		List<Long> numbers = new ArrayList<>();
		journal.forEach(from, (record) -> {
			assertThat(record.toByteArray()).isEqualTo(content(record.sequence()));
			numbers.add(record.sequence());
		});
		return numbers;
	}

	private long firstOf(int segment) throws IOException {
		try (Journal journal = reading().open()) {
			return journal.segments().get(segment - 1).firstSequence();
		}
	}

	@Test
	void skipGoesOnInTheNextSegmentWhereTheRestOfOneIsDamaged() throws IOException {
		JournalFiles files = durable();
		long second = firstOf(2);
		zeroFrom(files, 20).writeTo(directory());
		Long[] left = LongStream.concat(LongStream.range(0, 20), LongStream.range(second, END))
			.boxed()
			.toArray(Long[]::new);
		Journal other = open(reading().whenDamaged(DamageAction.SKIP));
		assertThat(numbers(other, 0)).containsExactly(left);
		other.close();
		Journal journal = open(builder().whenDamaged(DamageAction.SKIP));
		assertThat(numbers(journal, 0)).containsExactly(left);
		try (JournalReader reader = journal.reader(25)) {
			assertThat(reader.next()).isTrue();
			assertThat(reader.record().sequence()).isEqualTo(second);
		}
	}

	@Test
	void skipEndsWhereTheRestOfTheLastSegmentIsDamaged() throws IOException {
		JournalFiles files = durable();
		zeroFrom(files, END - 5).writeTo(directory());
		Journal other = open(reading().whenDamaged(DamageAction.SKIP));
		assertThat(numbers(other, END - 10)).containsExactly(END - 10, END - 9, END - 8, END - 7, END - 6);
		other.close();
		Journal journal = open(builder().whenDamaged(DamageAction.SKIP));
		assertThat(numbers(journal, END - 10)).containsExactly(END - 10, END - 9, END - 8, END - 7, END - 6);
		assertThat(journal.append(content(END))).isEqualTo(END);
		assertThat(numbers(journal, END - 6)).containsExactly(END - 6, END);
	}

	@Test
	void damageInTheLastSegmentIsRefused() throws IOException {
		JournalFiles files = durable();
		zeroFrom(files, END - 5).writeTo(directory());
		for (Journal.Builder builder : List.of(reading(), builder())) {
			try (Journal journal = builder.open(); JournalReader reader = journal.reader(END - 6)) {
				assertThat(reader.next()).isTrue();
				assertThatExceptionOfType(JournalDamagedException.class).isThrownBy(reader::next)
					.satisfies((ex) -> assertThat(ex.sequence()).isEqualTo(END - 5))
					.satisfies((ex) -> assertThat(ex.ways()).containsExactly(DamageAction.SKIP));
				// It stays there.
				assertThat(reader.nextSequence()).isEqualTo(END - 5);
				assertThatExceptionOfType(JournalDamagedException.class).isThrownBy(reader::next);
			}
		}
	}

	@Test
	void recordIsFoundBehindBrokenHeaders() throws IOException {
		durable().zeroRecord(content(12)).zeroRecord(content(14)).writeTo(directory());
		for (Journal.Builder builder : List.of(reading(), builder())) {
			try (Journal journal = builder.open()) {
				assertThat(numbers(journal, 15)).hasSize((int) END - 15);
				assertThatExceptionOfType(JournalDamagedException.class).isThrownBy(() -> numbers(journal, 13))
					.satisfies((ex) -> assertThat(ex.sequence()).isEqualTo(14));
			}
		}
	}

	/** That those before it are damaged says nothing of it. */
	@Test
	void recordThatIsNotDurableYetIsFoundBehindABrokenHeader() throws IOException {
		killed(50, 60).zeroRecord(content(12)).writeTo(directory());
		Journal other = open(reading());
		assertThat(other.nextSequence()).isEqualTo(60);
		assertThat(numbers(other, 55)).containsExactly(55L, 56L, 57L, 58L, 59L);
	}

	@Test
	void brokenRecordBehindBrokenHeaderIsDamage() throws IOException {
		durable().zeroRecord(content(12)).zeroRecord(content(20)).writeTo(directory());
		for (Journal.Builder builder : List.of(reading(), builder())) {
			try (Journal journal = builder.open(); JournalReader reader = journal.reader(20)) {
				assertThatExceptionOfType(JournalDamagedException.class).isThrownBy(reader::next)
					.satisfies((ex) -> assertThat(ex.sequence()).isEqualTo(20));
			}
		}
	}

	@Test
	void readerOfAnotherProcessWaitsForRecordThatIsNotThereYet() throws Exception {
		JournalFiles files;
		try (Journal journal = builder().open()) {
			appendTo(journal, 50);
			journal.sync();
			appendTo(journal, 60);
			files = JournalFiles.of(directory());
		}
		files.zeroRecord(content(55)).writeTo(directory());
		Journal other = open(reading());
		try (JournalReader reader = other.reader(50); JournalReader durable = other.durableReader(45)) {
			for (int number = 50; number < 55; number++) {
				assertThat(reader.next()).isTrue();
				assertThat(durable.next()).isTrue();
			}
			assertThat(reader.next()).isFalse();
			assertThat(durable.next()).isFalse();
			assertThat(reader.next(Duration.ofMillis(1))).isFalse();
			files.writeTo(directory());
			assertThat(reader.next(Duration.ofSeconds(Long.MAX_VALUE))).isTrue();
			assertThat(reader.record().sequence()).isEqualTo(55);
		}
	}

	@Test
	void segmentThatIsGoneIsNoRemoval() throws IOException {
		durable();
		long first = firstOf(2);
		Journal other = open(reading());
		try (JournalReader reader = other.reader(first - 1)) {
			assertThat(reader.next()).isTrue();
			Files.delete(directory().resolve(segment(2)));
			assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(reader::next);
		}
	}

	@Test
	void closedReaderReadsNothing() throws IOException {
		durable();
		Journal journal = open();
		JournalReader reader = journal.reader(0);
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(reader::record);
		assertThat(reader.next()).isTrue();
		reader.close();
		reader.close();
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(reader::next);
		JournalReader unused = journal.reader(0);
		unused.close();
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(unused::next);
	}

}
