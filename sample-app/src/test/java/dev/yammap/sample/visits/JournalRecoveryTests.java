package dev.yammap.sample.visits;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import dev.yammap.Mmap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link JournalRecovery}.
 */
@ExtendWith(OutputCaptureExtension.class)
class JournalRecoveryTests {

	@TempDir
	private Path directory;

	private Path path;

	@BeforeEach
	void setUp() {
		this.path = this.directory.resolve("journal.log");
	}

	@Test
	void newFileGetsAHeader() throws IOException {
		assertThat(recover()).isZero();
		assertThat(this.path).hasBinaryContent(JournalFormat.header());
	}

	@Test
	void wholeJournalIsLeftAsItIs(CapturedOutput output) throws IOException {
		byte[] whole = write(3);
		assertThat(recover()).isEqualTo(3);
		assertThat(this.path).hasBinaryContent(whole);
		assertThat(output).doesNotContain("Dropped");
	}

	@Test
	void lastRecordThatIsTornAnywhereIsDropped(CapturedOutput output) throws IOException {
		byte[] whole = write(3);
		for (int lost = 1; lost < 32; lost++) {
			Files.write(this.path, Arrays.copyOf(whole, whole.length - lost));
			assertThat(recover()).isEqualTo(2);
			assertThat(this.path).hasBinaryContent(Arrays.copyOf(whole, whole.length - 32));
			assertThat(output).contains("Dropped " + (32 - lost) + " bytes of torn records from the end of '"
					+ this.path + "', which has 2");
		}
	}

	@Test
	void zerosThatAPowerCutLeftAtTheEndAreDropped() throws IOException {
		byte[] whole = write(3);
		Files.write(this.path, Arrays.copyOf(whole, whole.length + 5 * 32 + 7));
		assertThat(recover()).isEqualTo(3);
		assertThat(this.path).hasBinaryContent(whole);
	}

	@Test
	void onlyRecordThatIsTornIsDropped() throws IOException {
		byte[] whole = write(1);
		Files.write(this.path, Arrays.copyOf(whole, whole.length - 1));
		assertThat(recover()).isZero();
		assertThat(this.path).hasBinaryContent(JournalFormat.header());
	}

	@Test
	void asManyRecordsAsCanBeUnderWayMayBeTorn() throws IOException {
		byte[] whole = write(2);
		Files.write(this.path, Arrays.copyOf(whole, whole.length + JournalRecovery.MAX_TORN * 32));
		assertThat(recover()).isEqualTo(2);
	}

	@Test
	void moreDamageThanACrashCanDoLeavesTheFileAlone() throws IOException {
		byte[] whole = write(2);
		byte[] damaged = Arrays.copyOf(whole, whole.length + (JournalRecovery.MAX_TORN + 1) * 32);
		Files.write(this.path, damaged);
		assertThatIOException().isThrownBy(this::recover).withMessageContaining("more than a crash can do");
		assertThat(this.path).hasBinaryContent(damaged);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 8, 31 })
	void headerThatIsTornIsWrittenAgain(int length) throws IOException {
		byte[] start = Arrays.copyOf(JournalFormat.header(), length);
		Files.write(this.path, start);
		assertThat(recover()).isZero();
		assertThat(this.path).hasBinaryContent(JournalFormat.header());
		Files.write(this.path, Arrays.copyOf(start, 32));
		assertThat(recover()).isZero();
		assertThat(this.path).hasBinaryContent(JournalFormat.header());
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "x", "short", "JYVISITS of another kind, just 32", "a text that is longer than a header is" })
	void fileThatIsNoJournalIsLeftAlone(String content) throws IOException {
		Files.writeString(this.path, content);
		assertThatIOException().isThrownBy(this::recover).withMessage("'" + this.path + "' is not a journal of visits");
		assertThat(this.path).hasContent(content);
	}

	private long recover() throws IOException {
		try (Mmap file = TestJournal.open(this.path)) {
			return new JournalRecovery(file).run();
		}
	}

	private byte[] write(int records) throws IOException {
		try (TestJournal journal = new TestJournal(this.path)) {
			journal.fill(records);
		}
		return Files.readAllBytes(this.path);
	}

}
