package dev.yammap.journal.internal.write;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import dev.yammap.Backend;
import dev.yammap.Mmap;
import dev.yammap.journal.DamageAction;
import dev.yammap.journal.EndOfStack;
import dev.yammap.journal.HeldUpAction;
import dev.yammap.journal.internal.file.ControlFile;
import dev.yammap.journal.internal.file.JournalDirectory;
import dev.yammap.journal.internal.file.Segments;
import dev.yammap.journal.internal.read.ControlFromSegments;
import dev.yammap.journal.internal.recovery.Recovered;
import dev.yammap.journal.internal.recovery.Recovery;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A thread whose stack ends where it takes a lock or gives it back. It must not keep the
 * lock, as others would wait for ever.
 */
class EndOfStackTests {

	private static final int SEGMENT = 8192;

	@TempDir
	private Path directory;

	private final WriterState state = new WriterState(Path.of("journal"));

	private final Waiters waiters = new Waiters();

	private volatile boolean asked;

	@SuppressWarnings("NullAway.Init")
	private ControlFile control;

	@SuppressWarnings("NullAway.Init")
	private Durability durability;

	@SuppressWarnings("NullAway.Init")
	private SegmentPipeline pipeline;

	@SuppressWarnings("NullAway.Init")
	private Rolling rolling;

	@SuppressWarnings("NullAway.Init")
	private Appender appender;

	@BeforeEach
	void open() throws IOException {
		JournalDirectory files = new JournalDirectory(this.directory, PosixFilePermissions.fromString("rw-------"),
				Backend.AUTO);
		this.control = ControlFile.openToWrite(files, true, new ControlFromSegments(files, DamageAction.REFUSE));
		Recovered recovered = new Recovery(files, this.control, DamageAction.REFUSE, SEGMENT).run();
		Segments segments = new Segments(recovered.segments());
		Publication publication = new Publication(this.state, 0);
		this.durability = new Durability(this.state, publication, segments, this.waiters, 0);
		SealingClock clock = new SealingClock(InstantSource.system(), System::nanoTime, 0);
		Retention retention = new Retention(files, this.control, segments, this.durability::durable, clock,
				Long.MAX_VALUE, Long.MAX_VALUE, null, HeldUpAction.WARN);
		this.pipeline = new SegmentPipeline(files, this.control, retention, SEGMENT, null, 2);
		this.rolling = new Rolling(this.state, segments, this.pipeline, this.durability, clock, recovered.offset(), 0);
		this.appender = new Appender(this.state, publication, this.durability, this.rolling, this.waiters, 1000);
	}

	@AfterEach
	void close() throws Exception {
		this.state.fail(new IOException("end of the test"));
		inAnotherThread(this.rolling::close);
		this.control.close();
	}

	private long append() throws IOException {
		return this.appender.append(new byte[64], 0, 64);
	}

	/** Calls with enough stack. Fails if the call does not end. */
	private static <T> T inAnotherThread(Callable<T> call) throws Exception {
		FutureTask<T> task = new FutureTask<>(call);
		Thread.ofPlatform().daemon().start(task);
		return task.get(10, TimeUnit.MINUTES);
	}

	@Test
	void changeOfSegmentsKeepsNoLock() throws Exception {
		ActiveSegment left = this.rolling.active();
		append();
		this.rolling.roll();
		// Takes the lock, and finds nothing to do.
		this.rolling.roll(left);
		assertThat(EndOfStack.call(() -> this.rolling.roll(left))).isPositive();
		assertThat(inAnotherThread(() -> {
			this.rolling.roll(left);
			return this.rolling.active().segment().index();
		})).isEqualTo(2);
	}

	@Test
	void endThatIsHeldKeepsNoLock() throws Exception {
		append();
		this.rolling.syncToEnd().segment().release();
		assertThat(EndOfStack.call(() -> this.rolling.syncToEnd().segment().release())).isPositive();
		assertThat(inAnotherThread(() -> {
			Rolling.HeldEnd end = this.rolling.syncToEnd();
			end.segment().release();
			return end.number();
		})).isOne();
	}

	@Test
	void segmentThatIsPreparedKeepsNoLock() throws Exception {
		this.pipeline.prepare();
		assertThat(EndOfStack.call(this.pipeline::prepare)).isPositive();
		assertThat(inAnotherThread(this.pipeline::await).index()).isEqualTo(2);
	}

	@Test
	void syncKeepsNoLock() throws Exception {
		Thread appending = Thread.ofPlatform().daemon().start(() -> appendWhenAsked());
		appendAndSync();
		assertThat(EndOfStack.call(this::appendAndSync)).isPositive();
		this.state.requireNotFailed();
		assertThat(inAnotherThread(() -> {
			appendAndSync();
			return this.durability.durable();
		})).isEqualTo(this.rolling.nextNumber());
		this.state.close();
		appending.join();
	}

	@Test
	void wakingKeepsNoLock() throws Exception {
		FutureTask<Boolean> waiting = new FutureTask<>(() -> {
			this.waiters.await(this.state::isClosed, TimeUnit.HOURS.toNanos(1));
			return this.state.isClosed();
		});
		Thread thread = Thread.ofPlatform().daemon().start(waiting);
		while (thread.getState() != Thread.State.TIMED_WAITING) {
			Thread.onSpinWait();
		}
		this.waiters.wake();
		assertThat(EndOfStack.call(this.waiters::wake)).isPositive();
		this.state.close();
		assertThat(inAnotherThread(() -> {
			this.waiters.wake();
			return waiting.get();
		})).isTrue();
	}

	@Test
	void waitingKeepsNoLock() throws Exception {
		waitShortly();
		assertThat(EndOfStack.call(this::waitShortly)).isPositive();
		assertThat(inAnotherThread(() -> {
			waitShortly();
			return true;
		})).isTrue();
	}

	/** The record comes from a thread that has enough stack. */
	private void appendAndSync() throws IOException {
		this.asked = this.durability.durable() == this.rolling.nextNumber();
		while (this.asked) {
			Thread.onSpinWait();
		}
		this.durability.sync(this.rolling);
	}

	private void appendWhenAsked() {
		while (!this.state.isClosed()) {
			if (this.asked) {
				try {
					append();
				}
				catch (IOException ex) {
					this.state.fail(ex);
				}
				this.asked = false;
			}
			Thread.onSpinWait();
		}
	}

	private void waitShortly() throws IOException {
		try {
			this.waiters.await(() -> false, 1);
		}
		catch (InterruptedException ex) {
			throw new IOException(ex);
		}
	}

	/** An append goes on where its stack ends here: it has succeeded. */
	@Test
	void pagesThatAreTouchedAheadKeepNoLock() throws Exception {
		try (Mmap file = Mmap.builder(this.directory.resolve("pages"))
			.options(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)
			.size(4L * Pretoucher.WINDOW)
			.open()) {
			Pretoucher pretoucher = new Pretoucher();
			pretoucher.filled(file, Pretoucher.WINDOW, 0, 0);
			pretoucher.filled(file, Pretoucher.WINDOW, 0, 0);
			assertThat(EndOfStack.call(() -> pretoucher.filled(file, Pretoucher.WINDOW, 0, 0))).isPositive();
			assertThat(inAnotherThread(() -> {
				pretoucher.filled(file, Pretoucher.WINDOW, 0, 0);
				return true;
			})).isTrue();
		}
	}

}
