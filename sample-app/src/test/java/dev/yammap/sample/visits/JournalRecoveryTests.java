package dev.yammap.sample.visits;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import dev.yammap.Mmap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.AdditionalAnswers;
import org.mockito.InOrder;
import org.mockito.Mockito;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.BDDMockito.willReturn;

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
		assertThat(output).doesNotContain("Cutting");
		assertThat(kept()).isEmpty();
	}

	@Test
	void lastRecordThatIsTornAnywhereIsDropped(CapturedOutput output) throws IOException {
		byte[] whole = write(3);
		for (int lost = 1; lost < 32; lost++) {
			byte[] torn = Arrays.copyOf(whole, whole.length - lost);
			Files.write(this.path, torn);
			assertThat(recover()).isEqualTo(2);
			assertThat(this.path).hasBinaryContent(Arrays.copyOf(whole, whole.length - 32));
			assertThat(output).contains("Cutting the torn end of '" + this.path + "', " + (32 - lost)
					+ " bytes from offset 96 on, which are kept in '");
			assertThat(kept()).singleElement()
				.satisfies((copy) -> assertThat(copy).hasBinaryContent(Arrays.copyOfRange(torn, 96, torn.length)));
			Files.delete(kept().getFirst());
		}
	}

	@Test
	void tornEndIsKeptBeforeItIsCutAndTheCutIsDurableAtTheEnd() throws IOException {
		byte[] whole = write(3);
		byte[] torn = Arrays.copyOf(whole, whole.length - 1);
		Files.write(this.path, torn);
		List<Path> keptAtTheCut = new ArrayList<>();
		try (Mmap file = TestJournal.open(this.path)) {
			Mmap watched = Mockito.mock(Mmap.class, AdditionalAnswers.delegatesTo(file));
			willAnswer((invocation) -> {
				keptAtTheCut.addAll(kept());
				file.truncate(invocation.getArgument(0));
				return null;
			}).given(watched).truncate(anyLong());
			new JournalRecovery(watched).run();
			InOrder order = Mockito.inOrder(watched);
			order.verify(watched).truncate(96);
			order.verify(watched).sync();
			order.verifyNoMoreInteractions();
		}
		assertThat(keptAtTheCut).singleElement()
			.satisfies((copy) -> assertThat(copy).hasBinaryContent(Arrays.copyOfRange(torn, 96, torn.length)));
	}

	@Test
	void tornEndThatCannotBeKeptIsNotCut() throws IOException {
		byte[] whole = write(3);
		byte[] torn = Arrays.copyOf(whole, whole.length - 1);
		Files.write(this.path, torn);
		try (Mmap file = TestJournal.open(this.path)) {
			Mmap elsewhere = Mockito.mock(Mmap.class, AdditionalAnswers.delegatesTo(file));
			willReturn(this.directory.resolve("missing/journal.log")).given(elsewhere).path();
			assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> new JournalRecovery(elsewhere).run());
		}
		assertThat(this.path).hasBinaryContent(torn);
	}

	@Test
	void damagedRecordThatAWholeOneFollowsStopsTheStart() throws IOException {
		byte[] whole = write(4);
		for (int at = 32; at < whole.length - 32; at++) {
			byte[] damaged = whole.clone();
			damaged[at] ^= 1;
			Files.write(this.path, damaged);
			assertThatIOException().isThrownBy(this::recover)
				.withMessageStartingWith("The record of visit " + (at / 32 - 1) + ", at offset " + at / 32 * 32)
				.withMessageContaining("Restore the journal from a backup");
			assertThat(this.path).hasBinaryContent(damaged);
		}
		assertThat(kept()).isEmpty();
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

	/** Returns the copies of torn ends. */
	private List<Path> kept() throws IOException {
		try (Stream<Path> files = Files.list(this.directory)) {
			return files.filter((file) -> file.getFileName().toString().startsWith("journal.log.torn-")).toList();
		}
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
