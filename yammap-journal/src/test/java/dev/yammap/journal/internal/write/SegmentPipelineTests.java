package dev.yammap.journal.internal.write;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

import dev.yammap.Backend;
import dev.yammap.journal.DamageAction;
import dev.yammap.journal.HeldUpAction;
import dev.yammap.journal.internal.file.ControlFile;
import dev.yammap.journal.internal.file.JournalDirectory;
import dev.yammap.journal.internal.file.SegmentFile;
import dev.yammap.journal.internal.file.Segments;
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
@Timeout(60)
class SegmentPipelineTests {

	private static final int SEGMENT = 8192;

	@TempDir
	private Path directory;

	@SuppressWarnings("NullAway.Init")
	private ControlFile control;

	@SuppressWarnings("NullAway.Init")
	private SegmentPipeline pipeline;

	@BeforeEach
	void open() throws IOException {
		JournalDirectory files = new JournalDirectory(this.directory, PosixFilePermissions.fromString("rw-------"),
				Backend.AUTO);
		this.control = ControlFile.openToWrite(files, true, new ControlFromSegments(files, DamageAction.REFUSE));
		Retention retention = new Retention(files, this.control, new Segments(List.of()), () -> 0,
				new SealingClock(InstantSource.system(), System::nanoTime, 0), Long.MAX_VALUE, Long.MAX_VALUE, null,
				HeldUpAction.WARN);
		this.pipeline = new SegmentPipeline(files, this.control, retention, SEGMENT, null, 1);
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
		Set<Thread> before = Thread.getAllStackTraces().keySet();
		this.pipeline.prepare();
		for (Thread thread : Thread.getAllStackTraces().keySet()) {
			if (!before.contains(thread) && thread.getName().startsWith("yammap-journal-segment-")) {
				thread.join();
			}
		}
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
