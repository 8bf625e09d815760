package dev.yammap.journal.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import dev.yammap.Backend;
import dev.yammap.journal.DamageAction;
import dev.yammap.journal.HeldUpAction;
import dev.yammap.journal.Journal;
import dev.yammap.journal.NamedReader;
import dev.yammap.journal.RecordsRemovedException;
import dev.yammap.journal.internal.file.ControlFile;
import dev.yammap.journal.internal.file.JournalDirectory;
import dev.yammap.journal.internal.file.ReaderPosition;
import dev.yammap.journal.internal.file.Segments;
import dev.yammap.journal.internal.read.ControlFromSegments;
import dev.yammap.journal.internal.read.RecordSource;
import dev.yammap.journal.internal.read.StatedSource;
import dev.yammap.journal.internal.recovery.Recovery;
import dev.yammap.journal.internal.write.Retention;
import dev.yammap.journal.internal.write.SealingClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A named reader that moves back while segments are removed: either it is told, or what
 * it names stays.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class MovingBackTests {

	private static final int SEGMENT = 8192;

	private static final int RECORDS = 12;

	@TempDir
	private Path directory;

	/** Called when a removal has read the positions of readers. */
	private LongSupplier durable = () -> RECORDS;

	@SuppressWarnings("NullAway.Init")
	private ControlFile control;

	@SuppressWarnings("NullAway.Init")
	private Segments segments;

	@SuppressWarnings("NullAway.Init")
	private Retention retention;

	@SuppressWarnings("NullAway.Init")
	private ReaderPosition position;

	@BeforeEach
	void open() throws IOException {
		try (Journal journal = Journal.builder(this.directory).segmentSize(SEGMENT).open()) {
			for (int i = 0; i < RECORDS; i++) {
				journal.append(new byte[1000]);
			}
		}
		JournalDirectory files = new JournalDirectory(this.directory, PosixFilePermissions.fromString("rw-------"),
				Backend.AUTO);
		this.control = ControlFile.openToWrite(files, false, new ControlFromSegments(files, DamageAction.REFUSE));
		this.segments = new Segments(new Recovery(files, this.control, DamageAction.REFUSE, SEGMENT).run().segments());
		assertThat(this.segments.list()).hasSizeGreaterThan(2);
		this.retention = new Retention(files, this.control, this.segments, () -> this.durable.getAsLong(),
				new SealingClock(InstantSource.system(), System::nanoTime, 0), Long.MAX_VALUE, Long.MAX_VALUE, null,
				HeldUpAction.WARN);
		this.position = ReaderPosition.open(files, this.control.journalId(), "billing", 0);
		this.position.move(RECORDS);
	}

	@AfterEach
	void close() throws IOException {
		this.position.close();
		this.control.close();
	}

	private long first() {
		return this.segments.first().first();
	}

	/** A journal of which only the first number changes. */
	private static RecordSource source(LongSupplier first, Object removalLock) {
		return new StatedSource(first, RECORDS, RECORDS, removalLock);
	}

	@Test
	void readerThatMovesBackWhileSegmentsAreRemovedIsTold() throws Exception {
		NamedReader reader = new NamedCursor(source(this::first, this.retention), "billing", this.position);
		FutureTask<Long> move = new FutureTask<>(() -> {
			reader.moveTo(0);
			return reader.position();
		});
		this.durable = () -> {
			this.durable = () -> RECORDS;
			Thread thread = Thread.ofPlatform().start(move);
			while (thread.isAlive() && thread.getState() != Thread.State.BLOCKED) {
				Thread.onSpinWait();
			}
			return RECORDS;
		};
		this.retention.removeBefore(RECORDS);
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(move::get)
			.withCauseInstanceOf(RecordsRemovedException.class);
		assertThat(first()).isPositive();
		assertThat(reader.position()).isEqualTo(RECORDS);
	}

	@Test
	void nothingIsRemovedBehindAPositionThatHasMovedBack() throws IOException {
		NamedReader reader = new NamedCursor(source(this::first, this.retention), "billing", this.position);
		reader.moveTo(0);
		this.retention.removeBefore(RECORDS);
		assertThat(first()).isZero();
		reader.moveTo(RECORDS);
		this.retention.removeBefore(RECORDS);
		assertThat(first()).isPositive();
	}

	/** As a writer in another process does that has read the position before. */
	@Test
	void positionStaysWhereAnotherProcessRemovesWhatItMovesTo() throws IOException {
		LongSupplier first = () -> (this.position.position() < RECORDS) ? 5 : 0;
		NamedReader reader = new NamedCursor(source(first, this), "billing", this.position);
		assertThatExceptionOfType(RecordsRemovedException.class).isThrownBy(() -> reader.moveTo(4))
			.satisfies((ex) -> assertThat(ex.sequence()).isEqualTo(4));
		assertThat(reader.position()).isEqualTo(RECORDS);
		reader.moveTo(5);
		assertThat(reader.position()).isEqualTo(5);
	}

}
