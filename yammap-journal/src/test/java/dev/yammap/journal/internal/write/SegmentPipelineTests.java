package dev.yammap.journal.internal.write;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;

import dev.yammap.Backend;
import dev.yammap.journal.DamageAction;
import dev.yammap.journal.HeldUpAction;
import dev.yammap.journal.Journal;
import dev.yammap.journal.internal.file.ControlFile;
import dev.yammap.journal.internal.file.JournalDirectory;
import dev.yammap.journal.internal.file.SegmentFile;
import dev.yammap.journal.internal.file.Segments;
import dev.yammap.journal.internal.format.RecordFormat;
import dev.yammap.journal.internal.read.ControlFromSegments;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The next segment: made ahead, or when it is needed.
 */
@Timeout(1_800)
class SegmentPipelineTests {

	private static final int SEGMENT = 8192;

	@TempDir
	private Path directory;

	@SuppressWarnings("NullAway.Init")
	private ControlFile control;

	@SuppressWarnings("NullAway.Init")
	private JournalDirectory files;

	private final SealingClock clock = new SealingClock(InstantSource.system(), System::nanoTime, 0);

	@SuppressWarnings("NullAway.Init")
	private SegmentPipeline pipeline;

	@BeforeEach
	void open() throws IOException {
		this.files = new JournalDirectory(this.directory, PosixFilePermissions.fromString("rw-------"), Backend.AUTO);
		this.control = ControlFile.openToWrite(this.files, true,
				new ControlFromSegments(this.files, DamageAction.REFUSE));
		Retention retention = new Retention(this.files, this.control, new Segments(List.of()), () -> 0, this.clock,
				Long.MAX_VALUE, Long.MAX_VALUE, null, HeldUpAction.WARN);
		this.pipeline = new SegmentPipeline(this.files, this.control, retention, SEGMENT, null, 1);
	}

	@AfterEach
	void close() throws IOException {
		this.pipeline.close();
		this.control.close();
	}

	private Path segment(int index) {
		return this.directory.resolve("%016d.segment".formatted(index));
	}

	private void prepareAndWait() throws InterruptedException {
		this.pipeline.prepare();
		awaitThreads();
	}

	/** Waits for threads that make segments. */
	private static void awaitThreads() throws InterruptedException {
		for (Thread thread : Thread.getAllStackTraces().keySet()) {
			if (thread.getName().startsWith("yammap-journal-segment-")) {
				thread.join();
			}
		}
	}

	@Test
	void segmentIsMadeAheadOnceHalfOfTheOneBeforeIsFull() throws Exception {
		Path other = this.directory.resolve("other");
		Path next = other.resolve(segment(2).getFileName());
		try (Journal journal = Journal.builder(other).segmentSize(1 << 16).open()) {
			byte[] content = new byte[1024 - RecordFormat.HEADER];
			for (int end = SegmentFile.DATA; end < 1 << 15; end += 1024) {
				journal.append(content);
			}
			awaitThreads();
			assertThat(next).doesNotExist();
			journal.append(content);
			awaitThreads();
			assertThat(next).exists();
		}
	}

	@Test
	void segmentIsMadeAheadWhereTheLastOneIsMoreThanHalfFull() throws Exception {
		SegmentFile last = SegmentFile.create(this.files, this.control.journalId(), 9, 1 << 16);
		last.begin(0);
		Segments segments = new Segments(List.of(last));
		WriterState state = new WriterState(this.directory);
		Durability durability = new Durability(state, new Publication(state, 0), segments, new Waiters(), 0);
		for (int offset : new int[] { 1 << 15, (1 << 15) + 8 }) {
			assertThat(segment(1)).doesNotExist();
			Rolling _ = new Rolling(state, segments, this.pipeline, durability, this.clock, offset, 0);
			awaitThreads();
			last.release();
		}
		assertThat(segment(1)).exists();
	}

	@Test
	void segmentIsReadyBeforeItIsNeeded() throws Exception {
		prepareAndWait();
		assertThat(Files.size(segment(1))).isEqualTo(SEGMENT);
		assertThat(this.control.state().ready()).isEqualTo(1);
		SegmentFile made = this.pipeline.await();
		assertThat(made.path()).isEqualTo(segment(1));
		made.release();
		this.pipeline.used();
		SegmentFile next = this.pipeline.await();
		assertThat(next.path()).isEqualTo(segment(2));
		assertThat(this.control.state().ready()).isEqualTo(2);
	}

	/** Nobody is told of what was in the way a while ago. */
	@Test
	void whatCouldNotBeMadeAheadIsTriedAgainWhenItIsNeeded() throws Exception {
		Files.writeString(segment(1), "x".repeat(SEGMENT));
		prepareAndWait();
		Files.delete(segment(1));
		assertThat(this.pipeline.await().path()).isEqualTo(segment(1));
	}

	@Test
	void whatCannotBeMadeFailsEachTime() throws Exception {
		Files.writeString(segment(1), "x".repeat(SEGMENT));
		for (int i = 0; i < 3; i++) {
			prepareAndWait();
			assertThatExceptionOfType(IOException.class).isThrownBy(this.pipeline::await)
				.withCauseInstanceOf(FileAlreadyExistsException.class);
		}
		assertThat(this.control.state().ready()).isZero();
	}

	/**
	 * Or a power cut could leave a journal that says it is ready, and it is not there.
	 */
	@Test
	void segmentThatMayBeReadyIsNotMadeAnew() throws Exception {
		this.control.close();
		assertThatExceptionOfType(IOException.class).isThrownBy(this.pipeline::await);
		byte[] made = Files.readAllBytes(segment(1));
		Object key = Files.readAttributes(segment(1), BasicFileAttributes.class).fileKey();
		for (int i = 0; i < 3; i++) {
			assertThatExceptionOfType(IOException.class).isThrownBy(this.pipeline::await);
		}
		assertThat(Files.readAttributes(segment(1), BasicFileAttributes.class).fileKey()).isEqualTo(key);
		assertThat(Files.readAllBytes(segment(1))).isEqualTo(made);
	}

	@Test
	void interruptedThreadGetsTheSegmentAndStaysInterrupted() throws IOException {
		Thread.currentThread().interrupt();
		SegmentFile made = this.pipeline.await();
		assertThat(Thread.interrupted()).isTrue();
		assertThat(made.path()).isEqualTo(segment(1)).exists();
	}

	@Test
	void segmentThatWasNotUsedIsUnmappedAtTheEnd() throws IOException {
		SegmentFile made = this.pipeline.await();
		assertThat(made.mappedSize()).isPositive();
		this.pipeline.close();
		assertThat(made.mappedSize()).isZero();
	}

	@Test
	void nothingIsMadeAfterTheEnd() throws Exception {
		this.pipeline.close();
		prepareAndWait();
		assertThat(segment(1)).doesNotExist();
	}

}
