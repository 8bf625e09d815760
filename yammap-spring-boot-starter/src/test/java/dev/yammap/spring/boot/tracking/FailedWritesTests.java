package dev.yammap.spring.boot.tracking;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

import dev.yammap.FailureCause;
import dev.yammap.Mmap;
import dev.yammap.MmapListener.WriteOperation;
import dev.yammap.spring.boot.settings.ResourceKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FailedWrites}.
 */
@ExtendWith(OutputCaptureExtension.class)
class FailedWritesTests {

	private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 10);

	private final FailedWrites writes = new FailedWrites(ResourceKind.FILE, "'journal'", this.nanos::get);

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	@SuppressWarnings("NullAway.Init")
	private Mmap file;

	@BeforeEach
	void open() throws IOException {
		this.file = Mmap.create(this.directory.resolve("file"), 100);
	}

	@AfterEach
	void close() throws IOException {
		this.file.close();
	}

	private void fail(String message) {
		fail(WriteOperation.APPEND, FailureCause.NO_SPACE, message);
	}

	private void fail(WriteOperation operation, FailureCause cause, String message) {
		this.writes.failed(this.file.size(), this.file.isDirty(), operation, cause, new IOException(message));
	}

	/** The engine asks for one sync more than there was a write. */
	private void syncAll() throws IOException {
		while (this.file.isDirty()) {
			this.file.sync();
		}
	}

	@Test
	void noProblemBeforeAFailure() {
		assertThat(this.writes.problem(this.file.size())).isNull();
		assertThat(this.writes.count()).isZero();
	}

	@Test
	void failureIsAProblemAndCounts() {
		fail("full");
		fail("still full");
		fail(WriteOperation.APPEND, FailureCause.IO_ERROR, "broken");
		fail(WriteOperation.TRUNCATE, FailureCause.IO_ERROR, "still broken");
		assertThat(this.writes.problem(this.file.size())).isEqualTo("A write failed: still broken");
		assertThat(this.writes.count(WriteOperation.APPEND, FailureCause.NO_SPACE)).isEqualTo(2);
		assertThat(this.writes.count(WriteOperation.APPEND, FailureCause.IO_ERROR)).isOne();
		assertThat(this.writes.count(WriteOperation.TRUNCATE, FailureCause.IO_ERROR)).isOne();
		assertThat(this.writes.count(WriteOperation.TRUNCATE, FailureCause.NO_SPACE)).isZero();
		assertThat(this.writes.count()).isEqualTo(4);
	}

	@Test
	void causesThatTellAnOperatorNoMoreCountAsOther() {
		for (FailureCause cause : FailureCause.values()) {
			fail(WriteOperation.GROWTH, cause, "refused");
		}
		assertThat(this.writes.count()).isEqualTo(FailureCause.values().length);
		assertThat(FailedWrites.CAUSES.stream()
			.mapToLong((cause) -> this.writes.count(WriteOperation.GROWTH, cause))
			.sum()).isEqualTo(this.writes.count());
		assertThat(this.writes.count(WriteOperation.GROWTH, FailureCause.READ_ONLY)).isOne();
		assertThat(this.writes.count(WriteOperation.GROWTH, FailureCause.OTHER)).isGreaterThan(1);
	}

	@Test
	void writeThatMakesTheFileLongerEndsIt() throws IOException {
		fail("full");
		this.file.writeAt(new byte[10], 100);
		assertThat(this.writes.problem(this.file.size())).isNull();
		assertThat(this.writes.count()).isOne();
	}

	@Test
	void syncOfWhatWasWrittenEndsIt() throws IOException {
		this.file.writeAt(new byte[10], 0);
		fail("full");
		this.writes.synced();
		assertThat(this.writes.problem(this.file.size())).isNull();
	}

	@Test
	void syncOfNothingEndsNothing() throws IOException {
		syncAll();
		fail("full");
		this.writes.synced();
		assertThat(this.writes.problem(this.file.size())).isEqualTo("A write failed: full");
	}

	@Test
	void problemEndsAMinuteAfterTheLastFailure() throws IOException {
		syncAll();
		fail("full");
		this.nanos.addAndGet(FailedWrites.MEMORY.toNanos() - 1);
		fail("full");
		this.nanos.addAndGet(FailedWrites.MEMORY.toNanos() - 1);
		assertThat(this.writes.problem(this.file.size())).isEqualTo("A write failed: full");
		this.nanos.incrementAndGet();
		assertThat(this.writes.problem(this.file.size())).isNull();
	}

	@Test
	void eachChangeOfTheStateIsLoggedOnce(CapturedOutput output) throws IOException {
		syncAll();
		for (int i = 0; i < 100; i++) {
			fail("the disk is full");
		}
		assertThat(output.getOut().lines().filter((line) -> line.contains("'journal'"))).singleElement()
			.asString()
			.contains("WARN", "Writes to file 'journal' are refused: the disk is full");
		this.file.truncate(200);
		this.nanos.addAndGet(FailedWrites.MEMORY.toNanos());
		fail("full again");
		this.file.truncate(300);
		this.writes.problem(this.file.size());
		this.writes.problem(this.file.size());
		assertThat(output.getOut()
			.lines()
			.filter((line) -> line.contains("'journal'"))
			.map((line) -> line.contains("WARN") ? "refused" : "ended"))
			.containsExactly("refused", "ended", "refused", "ended");
	}

	@Test
	void writesThatSucceedNowAndThenDoNotFloodTheLog(CapturedOutput output) throws IOException {
		syncAll();
		for (int i = 0; i < 100; i++) {
			fail("the disk is full");
			this.file.truncate(this.file.size() + 1);
			assertThat(this.writes.problem(this.file.size())).isNull();
		}
		fail("the disk is full");
		assertThat(this.writes.problem(this.file.size())).isEqualTo("A write failed: the disk is full");
		assertThat(output.getOut().lines().filter((line) -> line.contains("'journal'"))).hasSize(2);
	}

	@Test
	void outageThatFollowsAShortOneIsLoggedAfterAMinuteAtTheLatest(CapturedOutput output) throws IOException {
		fail("for a moment");
		this.file.truncate(200);
		assertThat(this.writes.problem(this.file.size())).isNull();
		for (int second = 0; second < 120; second++) {
			this.nanos.addAndGet(1_000_000_000);
			fail("for hours");
		}
		assertThat(output.getOut().lines().filter((line) -> line.contains("for hours"))).hasSize(1);
	}

	@Test
	void failureOfAFileThatWasOpenedAgainIsLogged(CapturedOutput output) {
		fail("before");
		this.writes.reopened();
		this.nanos.addAndGet(FailedWrites.MEMORY.toNanos());
		fail("after");
		assertThat(output).contains("refused: before").contains("refused: after");
	}

}
