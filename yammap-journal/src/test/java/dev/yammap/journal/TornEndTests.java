package dev.yammap.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What follows the last whole record: all of it is kept aside, and nothing of it is left.
 */
class TornEndTests extends AbstractRecoveryTests {

	private static final int LARGE = 4 << 20;

	private static byte[] random(int length) {
		byte[] bytes = new byte[length];
		new Random(length).nextBytes(bytes);
		bytes[length - 1] = 1;
		return bytes;
	}

	private void assertIsKeptAndCut(byte[] kept) throws IOException {
		try (Journal journal = builder().open()) {
			RecoveryReport report = journal.recovery();
			assertThat(report.tornBytes()).isEqualTo(kept.length);
			assertThat(report.durableSequence()).isEqualTo(1);
			assertThat(report.nextSequence()).isEqualTo(2);
			assertThat(report.skippedRecords()).isZero();
			Path copy = report.putAside().getFirst();
			assertThat(copy).hasFileName(segment(1) + "." + END_OF_TWO + ".torn");
			assertThat(Arrays.equals(Files.readAllBytes(copy), kept)).isTrue();
			assertHolds(journal, 0, 2);
		}
		byte[] segment = JournalFiles.of(directory()).get(segment(1));
		assertThat(Arrays.equals(segment, END_OF_TWO, LARGE, new byte[LARGE], END_OF_TWO, LARGE)).isTrue();
		try (Journal again = builder().open()) {
			assertThat(again.recovery().wasTorn()).isFalse();
			assertHolds(again, 0, 2);
		}
	}

	/** Longer than what is copied at a time, and than what is looked at. */
	@Test
	void longEndIsKeptWhole() throws IOException {
		for (int length : new int[] { 1, 1 << 14, 1 << 16, 1 << 20, (1 << 20) + 1, (5 << 19) + 3,
				LARGE - END_OF_TWO }) {
			byte[] torn = random(length);
			leave(torn, END_OF_TWO, LARGE);
			assertIsKeptAndCut(torn);
			JournalFiles.remove(directory());
		}
	}

	/** As where the kernel wrote back later pages alone. */
	@Test
	void endBehindZerosIsKeptWithThem() throws IOException {
		for (int zeros : new int[] { 1, 4096, (1 << 16) + 8, (1 << 20) - 100, LARGE - END_OF_TWO - 5 }) {
			byte[] bytes = random(5);
			leave(bytes, END_OF_TWO + zeros, LARGE);
			byte[] kept = new byte[zeros + bytes.length];
			System.arraycopy(bytes, 0, kept, zeros, bytes.length);
			assertIsKeptAndCut(kept);
			JournalFiles.remove(directory());
		}
	}

	/** Records of which each is whole, and one before them is not. */
	@Test
	void wholeRecordsBehindATornOneDoNotComeBack() throws IOException {
		JournalFiles files = killed(10, 40).zeroRecord(content(20));
		files.writeTo(directory());
		JournalFiles killed;
		try (Journal journal = builder().open()) {
			assertThat(journal.nextSequence()).isEqualTo(20);
			// As long as the one that was lost: what follows would fit behind it.
			assertThat(journal.append(content(20))).isEqualTo(20);
			killed = JournalFiles.of(directory());
		}
		killed.writeTo(directory());
		try (Journal journal = builder().open()) {
			assertHolds(journal, 0, 21);
			assertThat(journal.recovery().wasTorn()).isFalse();
		}
	}

	@Test
	void nothingIsKeptWhereNothingIsTorn() throws IOException {
		killed(10, 40).writeTo(directory());
		try (Journal journal = builder().open()) {
			assertThat(journal.recovery().tornBytes()).isZero();
			assertThat(journal.recovery().putAside()).isEmpty();
		}
		assertThat(files()).noneMatch((name) -> name.endsWith(".torn"));
	}

}
