package dev.yammap.journal.internal.write;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

import dev.yammap.Backend;
import dev.yammap.Mmap;
import dev.yammap.MmapListener;
import dev.yammap.journal.DamageAction;
import dev.yammap.journal.HeldUpAction;
import dev.yammap.journal.JournalFailedException;
import dev.yammap.journal.internal.file.ControlFile;
import dev.yammap.journal.internal.file.JournalDirectory;
import dev.yammap.journal.internal.file.SegmentFile;
import dev.yammap.journal.internal.file.SegmentHead;
import dev.yammap.journal.internal.file.Segments;
import dev.yammap.journal.internal.format.SlotState;
import dev.yammap.journal.internal.read.Chunk;
import dev.yammap.journal.internal.read.ControlFromSegments;
import dev.yammap.journal.internal.recovery.Recovered;
import dev.yammap.journal.internal.recovery.Recovery;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A thread that stalls between its claim and its publication, or fails there. The test
 * itself is that thread: it claims a place, and publishes or not.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class StalledPublisherTests {

	private static final byte[] CONTENT = { 1, 2, 3 };

	private static final long FRAME = 32;

	@TempDir
	private Path directory;

	private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

	/** Threads that wait look again only if somebody wakes them. */
	private final Waiters waiters = new Waiters(Long.MAX_VALUE);

	private final WriterState state = new WriterState(Path.of("journal"));

	/** What happens at the end of the next flush. */
	private Runnable whenSynced = () -> {
	};

	@SuppressWarnings("NullAway.Init")
	private ControlFile control;

	@SuppressWarnings("NullAway.Init")
	private Publication publication;

	@SuppressWarnings("NullAway.Init")
	private Durability durability;

	@SuppressWarnings("NullAway.Init")
	private Segments segments;

	@SuppressWarnings("NullAway.Init")
	private SegmentPipeline pipeline;

	@SuppressWarnings("NullAway.Init")
	private Rolling rolling;

	@SuppressWarnings("NullAway.Init")
	private Appender appender;

	@BeforeEach
	void open() throws IOException {
		JournalDirectory files = new JournalDirectory(this.directory, PosixFilePermissions.fromString("rw-------"),
				Backend.AUTO, new MmapListener() {

					@Override
					public void synced(Mmap file, Duration duration, @Nullable IOException failure) {
						Runnable action = StalledPublisherTests.this.whenSynced;
						StalledPublisherTests.this.whenSynced = () -> {
						};
						action.run();
					}

				});
		this.control = ControlFile.openToWrite(files, true, new ControlFromSegments(files, DamageAction.REFUSE));
		Recovered recovered = new Recovery(files, this.control, DamageAction.REFUSE, 1 << 20).run();
		this.segments = new Segments(recovered.segments());
		this.publication = new Publication(this.state, 0);
		this.durability = new Durability(this.state, this.publication, this.segments, this.waiters, 0);
		SealingClock clock = new SealingClock(InstantSource.system(), System::nanoTime, 0);
		Retention retention = new Retention(files, this.control, this.segments, this.durability::durable, clock,
				Long.MAX_VALUE, Long.MAX_VALUE, null, HeldUpAction.WARN);
		this.pipeline = new SegmentPipeline(files, this.control, retention, 1 << 20, null, 2);
		this.rolling = new Rolling(this.state, this.segments, this.pipeline, this.durability, clock, recovered.offset(),
				0);
		this.appender = new Appender(this.state, this.publication, this.durability, this.rolling, this.waiters, 1000);
	}

	@AfterEach
	void close() throws IOException {
		this.threads.shutdownNow();
		this.state.fail(new IOException("end of the test"));
		this.rolling.close();
		this.control.close();
	}

	/** Claims the next place, and does nothing else. */
	private long stall() {
		ActiveSegment active = this.rolling.active();
		long tail = active.tail();
		assertThat(active.move(tail, ActiveSegment.behind(tail, FRAME))).isTrue();
		return active.number(tail);
	}

	/** Says that the record of a claim is whole. All before it have the same length. */
	private void publish(long number) {
		this.publication.publish(number, SegmentFile.DATA + (number + 1) * FRAME);
	}

	private long append() throws IOException {
		return this.appender.append(CONTENT, 0, CONTENT.length);
	}

	private Future<Long> sync() {
		return this.threads.submit(() -> {
			long number = append();
			this.durability.sync(this.rolling);
			return number;
		});
	}

	@Test
	void noSyncReturnsBeforeStalledRecordIsWhole() throws Exception {
		append();
		this.durability.sync(this.rolling);
		long stalled = stall();
		Future<Long> first = sync();
		Future<Long> second = sync();
		assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> first.get(100, TimeUnit.MILLISECONDS));
		assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> second.get(10, TimeUnit.MILLISECONDS));
		assertThat(this.durability.durable()).isEqualTo(stalled);
		assertThat(this.publication.whole()).isEqualTo(stalled);
		publish(stalled);
		assertThat(first.get()).isBetween(stalled + 1, stalled + 2);
		assertThat(second.get()).isBetween(stalled + 1, stalled + 2);
		assertThat(this.durability.durable()).isEqualTo(stalled + 3);
	}

	@Test
	void syncOfOneRecordWaitsForNoLaterOne() throws Exception {
		long number = append();
		long stalled = stall();
		long last = append();
		this.durability.sync(this.rolling, number);
		assertThat(this.durability.durable()).isEqualTo(stalled);
		Future<?> later = this.threads.submit(() -> {
			this.durability.sync(this.rolling, last);
			return last;
		});
		assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> later.get(20, TimeUnit.MILLISECONDS));
		publish(stalled);
		later.get();
		assertThat(this.durability.durable()).isEqualTo(last + 1);
	}

	@Test
	void whoWaitsForARecordIsWokenByItsAppendAndByItsSync() throws Exception {
		FutureTask<Boolean> whole = waiting(() -> this.publication.whole() > 0);
		FutureTask<Boolean> durable = waiting(() -> this.durability.durable() > 0);
		append();
		assertThat(whole.get()).isTrue();
		assertThat(durable.isDone()).isFalse();
		this.durability.sync(this.rolling);
		assertThat(durable.get()).isTrue();
	}

	/** Returns when a thread waits for a condition. */
	private FutureTask<Boolean> waiting(BooleanSupplier condition) {
		FutureTask<Boolean> waiting = new FutureTask<>(() -> {
			this.waiters.await(condition, TimeUnit.HOURS.toNanos(1));
			return condition.getAsBoolean();
		});
		Thread thread = Thread.ofPlatform().daemon().start(waiting);
		while (thread.getState() != Thread.State.TIMED_WAITING) {
			Thread.onSpinWait();
		}
		return waiting;
	}

	/** Readers in other processes see what is durable by the slot alone. */
	@Test
	void syncWritesDownWhatIsDurableThoughALaterRecordIsHalfWritten() throws IOException {
		for (int i = 0; i < 3; i++) {
			long number = append();
			stall();
			this.durability.sync(this.rolling, number);
			assertWrittenDown(this.rolling.active().segment(), number + 1, SegmentFile.DATA + (number + 1) * FRAME);
			publish(number + 1);
		}
	}

	@Test
	void syncWritesDownWhatIsDurableInTheSegmentWhereARecordIsHalfWritten() throws IOException {
		append();
		SegmentFile first = this.rolling.active().segment();
		long number = append();
		long stalled = stall();
		this.rolling.roll();
		append();
		this.durability.sync(this.rolling, number);
		assertWrittenDown(first, stalled, SegmentFile.DATA + stalled * FRAME);
		publish(stalled);
		this.durability.sync(this.rolling);
		assertWrittenDown(this.rolling.active().segment(), stalled + 2, SegmentFile.DATA + FRAME);
	}

	@Test
	void syncWritesDownWhatIsDurableThoughTheFirstRecordOfASegmentIsHalfWritten() throws IOException {
		long number = append();
		this.rolling.roll();
		long stalled = stall();
		this.durability.sync(this.rolling, number);
		assertWrittenDown(this.rolling.active().segment(), stalled, SegmentFile.DATA);
	}

	/** A power cut could tear the other one. */
	@Test
	void slotOfAFullSegmentThatIsDurableStaysWhileTheNextOneIsWritten() throws IOException {
		long number = append();
		long second = stall();
		long third = stall();
		ActiveSegment full = this.rolling.active();
		this.rolling.roll();
		this.durability.sync(this.rolling, number);
		assertWrittenDown(full.segment(), second, SegmentFile.DATA + FRAME);
		byte[] before = head(full);
		publish(second);
		this.durability.sync(this.rolling, second);
		assertWrittenDown(full.segment(), third, SegmentFile.DATA + 2 * FRAME);
		byte[] after = head(full);
		assertThat(Arrays.equals(before, 512, 1024, after, 512, 1024)).isTrue();
	}

	private static void assertWrittenDown(SegmentFile segment, long number, long offset) throws IOException {
		assertThat(SegmentHead.read(segment.path())).extracting(SegmentHead::durable, SegmentHead::durableOffset)
			.containsExactly(number, offset);
	}

	/** A ring that was never written to holds no mark of the first numbers, either. */
	@Test
	void recordIsNotWholeBeforeItIsPublished() {
		for (long first : new long[] { 0, 5, Publication.RING - 1, (1L << 32) - 1, (1L << 32) - 2 }) {
			Publication fresh = new Publication(this.state, first);
			assertThat(fresh.whole()).isEqualTo(first);
			assertThat(fresh.endBefore(first)).isEqualTo(-1);
			for (long number = first; number < first + 2L * Publication.RING; number++) {
				assertThat(fresh.whole()).isEqualTo(number);
				fresh.publish(number, (8L << 30) - 8 * (number - first));
			}
			assertThat(fresh.whole()).isEqualTo(first + 2L * Publication.RING);
			assertThat(fresh.endBefore(first + 1)).isEqualTo(-1);
			assertThat(fresh.endBefore(first + 2L * Publication.RING))
				.isEqualTo((8L << 30) - 8 * (2L * Publication.RING - 1));
		}
	}

	/**
	 * What a failed write left is gone before its place is given back, or with the close.
	 */
	@Test
	void whatAFailedWriteLeftIsErased() throws IOException {
		append();
		ActiveSegment active = this.rolling.active();
		long end = ActiveSegment.offset(active.tail());
		byte[] left = new byte[10_000];
		Arrays.fill(left, (byte) 7);
		active.file().writeAt(left, end);
		active.erase(end, end + left.length - 5000);
		assertThat(contentEnd(active, end)).isEqualTo(end + left.length);
		active.erase(end, end + left.length);
		assertThat(contentEnd(active, end)).isEqualTo(end);
		active.file().writeAt(left, end);
		this.state.close();
		this.rolling.close();
		assertThat(JournalDirectory.read(active.segment().path(), end, left.length)).containsOnly(0);
	}

	private static long contentEnd(ActiveSegment active, long from) throws IOException {
		return new Chunk().endOfContent(active.file(), active.segment(), from, active.size());
	}

	@Test
	void interruptedThreadsThatWaitLeaveTheirCarriersToOthers() throws Exception {
		long stalled = stall();
		List<Future<Boolean>> waiting = new ArrayList<>();
		CountDownLatch begun = new CountDownLatch(4 * Runtime.getRuntime().availableProcessors());
		for (long i = begun.getCount(); i > 0; i--) {
			waiting.add(this.threads.submit(() -> {
				Thread.currentThread().interrupt();
				begun.countDown();
				this.durability.sync(this.rolling);
				return Thread.interrupted();
			}));
		}
		begun.await();
		this.threads.submit(() -> publish(stalled)).get();
		for (Future<Boolean> one : waiting) {
			assertThat(one.get()).isTrue();
		}
	}

	@Test
	void syncFailsWhenStalledRecordNeverComes() throws Exception {
		stall();
		Future<Long> sync = sync();
		assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> sync.get(20, TimeUnit.MILLISECONDS));
		this.state.fail(new IOException("a fault"));
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(sync::get)
			.withCauseInstanceOf(JournalFailedException.class)
			.withStackTraceContaining("a fault");
		assertThat(this.durability.durable()).isZero();
		assertThatExceptionOfType(JournalFailedException.class).isThrownBy(this::append);
		assertThatExceptionOfType(JournalFailedException.class).isThrownBy(() -> this.durability.sync(this.rolling));
	}

	@Test
	void appendsWaitForThreadThatIsWholeRingBehind() throws Exception {
		long stalled = stall();
		for (int i = 1; i < Publication.RING; i++) {
			append();
		}
		CountDownLatch started = new CountDownLatch(1);
		Future<Long> next = this.threads.submit(() -> {
			started.countDown();
			return append();
		});
		started.await();
		assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> next.get(50, TimeUnit.MILLISECONDS));
		publish(stalled);
		assertThat(next.get()).isEqualTo(Publication.RING);
		assertThat(this.publication.whole()).isEqualTo(Publication.RING + 1);
	}

	@Test
	void appendsThatWaitForAStalledThreadEndWhereTheJournalFails() throws Exception {
		stall();
		for (int i = 1; i < Publication.RING; i++) {
			append();
		}
		Future<Long> next = this.threads.submit(this::append);
		assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> next.get(20, TimeUnit.MILLISECONDS));
		this.state.fail(new IOException("a fault"));
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(next::get)
			.withCauseInstanceOf(JournalFailedException.class)
			.withStackTraceContaining("a fault");
	}

	/** The hole would let every sync wait for ever. */
	@Test
	void recordThatCannotBeWrittenAfterALaterNumberWasTakenEndsAppendsAndSyncs() throws Exception {
		append();
		this.rolling.active().file().close();
		List<Future<?>> failing = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			failing.add(this.threads.submit(() -> {
				while (this.state.failure() == null) {
					assertThatExceptionOfType(IOException.class).isThrownBy(this::append);
				}
				return null;
			}));
		}
		for (Future<?> one : failing) {
			one.get();
		}
		assertThatExceptionOfType(JournalFailedException.class).isThrownBy(this::append);
		assertThatExceptionOfType(JournalFailedException.class).isThrownBy(() -> this.durability.sync(this.rolling));
	}

	@Test
	void recordThatCannotBeWrittenGivesItsNumberBack() throws IOException {
		append();
		this.rolling.active().file().close();
		for (int i = 0; i < 3; i++) {
			assertThatExceptionOfType(IOException.class).isThrownBy(this::append);
			assertThat(this.rolling.nextNumber()).isEqualTo(1);
			assertThat(this.state.failure()).isNull();
		}
	}

	@Test
	void syncDoesNotWaitForNumberThatIsGivenBack() throws Exception {
		append();
		ActiveSegment active = this.rolling.active();
		long before = active.tail();
		stall();
		long behind = active.tail();
		Future<?> sync = this.threads.submit(() -> {
			this.durability.sync(this.rolling);
			return true;
		});
		assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> sync.get(20, TimeUnit.MILLISECONDS));
		assertThat(active.giveBack(behind, before)).isTrue();
		sync.get();
		assertThat(this.durability.durable()).isEqualTo(1);
		assertThat(append()).isEqualTo(1);
	}

	/**
	 * A number that was given back may have had another place, behind which others begin
	 * elsewhere.
	 */
	@Test
	void placeThatWasGivenBackIsNotWrittenDown() throws Exception {
		append();
		this.durability.sync(this.rolling);
		ActiveSegment active = this.rolling.active();
		long before = active.tail();
		long stalled = stall();
		long behind = active.tail();
		assertThat(active.giveBack(behind, before)).isTrue();
		byte[] longer = new byte[500];
		assertThat(this.appender.append(longer, 0, longer.length)).isEqualTo(stalled);
		this.durability.sync(active, behind, stalled + 1);
		assertThat(this.durability.durable()).isEqualTo(stalled + 1);
		this.rolling.close();
		Recovered recovered = new Recovery(new JournalDirectory(this.directory, Set.of(), Backend.AUTO), this.control,
				DamageAction.REFUSE, 1 << 20)
			.run();
		assertThat(recovered.next()).isEqualTo(stalled + 1);
		assertThat(recovered.offset()).isEqualTo(ActiveSegment.offset(active.tail()));
	}

	/** As where retention is faster than a copy of the journal. */
	@Test
	void endThatIsHeldIsReadThoughItsSegmentIsRemoved() throws IOException {
		append();
		ActiveSegment active = this.rolling.active();
		Rolling.HeldEnd end = this.rolling.syncToEnd();
		assertThat(end).isEqualTo(new Rolling.HeldEnd(active.segment(), 1, ActiveSegment.offset(active.tail())));
		this.rolling.roll();
		append();
		this.durability.sync(this.rolling);
		end.segment().delete();
		assertThat(end.segment().acquire()).isSameAs(active.file());
		end.segment().release();
		end.segment().release();
		assertThat(end.segment().mappedSize()).isZero();
	}

	/** As a copy needs it: the record at the end may be another one by then. */
	@Test
	void endIsNotThatOfARecordThatWasGivenBack() throws Exception {
		append();
		ActiveSegment active = this.rolling.active();
		Rolling.HeldEnd first = this.rolling.syncToEnd();
		assertThat(first).isEqualTo(new Rolling.HeldEnd(active.segment(), 1, ActiveSegment.offset(active.tail())));
		first.segment().release();
		long before = active.tail();
		long stalled = stall();
		long behind = active.tail();
		Future<Rolling.HeldEnd> end = this.threads.submit(this.rolling::syncToEnd);
		assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> end.get(20, TimeUnit.MILLISECONDS));
		assertThat(active.giveBack(behind, before)).isTrue();
		byte[] longer = new byte[500];
		long number = this.appender.append(longer, 0, longer.length);
		assertThat(number).isBetween(stalled, stalled + 1);
		Rolling.HeldEnd found = end.get();
		found.segment().release();
		ActiveSegment last = this.rolling.active();
		assertThat(last).isNotSameAs(active);
		// All numbers of the segment before have one place.
		assertThat(found.segment()).isSameAs(last.segment());
		assertThat(found.offset()).isEqualTo(SegmentFile.DATA + (found.number() - last.segment().first()) * 528);
	}

	/**
	 * One sync begins before the other writes its slot, and ends behind it: no power cut
	 * may tear both slots, but other processes must see what is durable.
	 */
	@Test
	void lastOfSeveralSyncsWritesDownWhatIsDurable() throws IOException {
		for (int i = 0; i < 3; i++) {
			append();
			this.durability.sync(this.rolling);
		}
		ActiveSegment active = this.rolling.active();
		byte[] before = head(active);
		append();
		long tail = active.tail();
		append();
		this.whenSynced = () -> {
			try {
				this.durability.sync(active, tail, 4);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		};
		this.durability.sync(this.rolling);
		assertThat(this.durability.durable()).isEqualTo(5);
		assertThat(SegmentHead.read(active.segment().path())).extracting(SegmentHead::durable).isEqualTo(5L);
		byte[] after = head(active);
		assertThat(IntStream.of(512, 1024)
			.filter((slot) -> Arrays.equals(before, slot, slot + 512, after, slot, slot + 512))).hasSize(1);
	}

	/** Until it is flushed, the one before may be the only one on the disk. */
	@Test
	void slotThatIsNotFlushedIsLeftToASyncThatIsUnderWay() throws Exception {
		SegmentFile segment = this.rolling.active().segment();
		List<CountDownLatch> ends = new ArrayList<>();
		List<Future<?>> syncs = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			ends.add(new CountDownLatch(1));
			syncs.add(syncThatEndsAfter(ends.get(i)));
		}
		for (long written : new long[] { 1, 1, 3 }) {
			ends.removeFirst().countDown();
			syncs.removeFirst().get();
			assertThat(this.durability.durable()).isEqualTo(3 - ends.size());
			assertWrittenDown(segment, written, SegmentFile.DATA + written * FRAME);
		}
	}

	/**
	 * Appends and syncs a record. Returns when it is flushed, and the sync goes on later.
	 */
	private Future<?> syncThatEndsAfter(CountDownLatch end) throws Exception {
		long number = append();
		CountDownLatch flushed = new CountDownLatch(1);
		this.whenSynced = () -> {
			flushed.countDown();
			try {
				end.await();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		};
		Future<?> sync = this.threads.submit(() -> {
			this.durability.sync(this.rolling, number);
			return true;
		});
		flushed.await();
		return sync;
	}

	/** A power cut may tear the one that is being written. */
	@Test
	void slotThatMayBeTheOnlyOneOnTheDiskIsNotWrittenOver() throws IOException {
		long before = 0;
		for (int i = 0; i < 8; i++) {
			ActiveSegment active = this.rolling.active();
			append();
			byte[] flushed = head(active);
			SlotState last = Objects.requireNonNull(SegmentHead.read(active.segment().path())).progress();
			this.durability.sync(this.rolling);
			assertThat(SegmentHead.read(active.segment().path())).extracting(SegmentHead::durable).isEqualTo(i + 1L);
			if (last != null) {
				assertThat(last.value(0)).isEqualTo(before);
				int slot = (int) (512 * (1 + (last.turn() & 1)));
				assertThat(Arrays.equals(head(active), slot, slot + 512, flushed, slot, slot + 512)).isTrue();
			}
			before = i + 1L;
			if (i == 3) {
				this.rolling.roll();
			}
		}
	}

	private static byte[] head(ActiveSegment active) throws IOException {
		return JournalDirectory.read(active.segment().path(), 0, SegmentFile.DATA);
	}

	/** The next writer may have the files by then. */
	@Test
	void nothingIsWrittenAfterTheCloseOfAJournalThatFailed() throws IOException {
		append();
		stall();
		ActiveSegment sealed = this.rolling.active();
		sealed.segment().acquire();
		this.rolling.roll();
		stall();
		ActiveSegment active = this.rolling.active();
		active.segment().acquire();
		this.state.fail(new IOException("a fault"));
		this.state.close();
		this.rolling.close();
		for (ActiveSegment one : List.of(sealed, active)) {
			assertThatExceptionOfType(ClosedChannelException.class)
				.isThrownBy(() -> one.file().writeAt(CONTENT, SegmentFile.DATA));
			one.segment().writeProgressIfHeld(1, SegmentFile.DATA, false);
			one.segment().release();
		}
	}

	@Test
	void failedFlushEndsAppendsAndSyncs() throws IOException {
		append();
		this.rolling.active().file().close();
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> this.durability.sync(this.rolling));
		assertThat(this.state.failure()).isNotNull();
		assertThatExceptionOfType(JournalFailedException.class).isThrownBy(this::append);
		assertThatExceptionOfType(JournalFailedException.class).isThrownBy(() -> this.durability.sync(this.rolling));
		assertThatExceptionOfType(JournalFailedException.class).isThrownBy(() -> this.durability.sync(this.rolling, 0));
		assertThat(this.durability.durable()).isZero();
	}

	/** Whether the segment is appended to or was left. */
	@Test
	void flushThatTheDiskRefusesEndsAppendsAndSyncs() throws IOException {
		append();
		ActiveSegment refused = withFile(this.rolling.active(), new IOException("Input/output error"));
		for (boolean isLeft : new boolean[] { false, true }) {
			WriterState failing = new WriterState(Path.of("journal"));
			Durability one = new Durability(failing, this.publication, new Segments(List.of()), this.waiters, 0);
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> {
				if (isLeft) {
					one.flush(refused);
				}
				else {
					one.sync(refused, refused.tail(), 1);
				}
			}).withMessage("Input/output error");
			assertThat(one.durable()).isZero();
			assertThatExceptionOfType(JournalFailedException.class).isThrownBy(failing::check)
				.withMessageContaining("Input/output error");
		}
	}

	/** Returns the same segment with a file all of whose calls fail. */
	private static ActiveSegment withFile(ActiveSegment active, Throwable failure) {
		Mmap failing = (Mmap) Proxy.newProxyInstance(Mmap.class.getClassLoader(), new Class<?>[] { Mmap.class },
				(_, _, _) -> {
					throw failure;
				});
		long tail = active.tail();
		return new ActiveSegment(active.segment(), failing, ActiveSegment.offset(tail), active.number(tail));
	}

	@Test
	void firstFailureIsTheOneThatIsNamed() {
		this.state.fail(new IOException("the first"));
		this.state.fail(new IOException("the second"));
		assertThatExceptionOfType(JournalFailedException.class).isThrownBy(this::append)
			.withMessageContaining("the first")
			.havingCause()
			.withMessage("the first");
	}

	/**
	 * Memory or stack is what one thread lacks. Nothing was flushed, and nothing lost.
	 */
	@Test
	void syncThatLacksStackFailsAlone() throws IOException {
		append();
		ActiveSegment same = withFile(this.rolling.active(), new StackOverflowError());
		assertThatExceptionOfType(StackOverflowError.class)
			.isThrownBy(() -> this.durability.sync(same, same.tail(), 1));
		assertThat(this.state.failure()).isNull();
		this.durability.sync(this.rolling);
		assertThat(this.durability.durable()).isEqualTo(append());
	}

	/**
	 * As a close does whose own flush failed, just before the flush of another thread.
	 */
	@Test
	void syncDoesNotSucceedWhereSegmentWasReleasedBeforeItWasDurable() throws IOException {
		append();
		ActiveSegment first = this.rolling.active();
		this.rolling.roll();
		append();
		first.segment().release();
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> this.durability.sync(this.rolling));
		assertThat(this.durability.durable()).isZero();
		assertThat(this.state.failure()).isNotNull();
		first.segment().acquire();
	}

	@Test
	void syncSucceedsWhereAnotherOneMeanwhileMadeAllDurable() throws IOException {
		for (int i = 0; i < 2; i++) {
			append();
			this.rolling.roll();
		}
		this.whenSynced = () -> {
			try {
				this.durability.sync(this.rolling);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		};
		this.durability.sync(this.rolling);
		assertThat(this.durability.durable()).isEqualTo(2);
		assertThat(this.state.failure()).isNull();
	}

	@Test
	void segmentIsUnmappedAsSoonAsAllOfItIsDurable() throws IOException {
		append();
		SegmentFile first = this.rolling.active().segment();
		this.rolling.roll();
		assertThat(first.mappedSize()).isPositive();
		this.durability.sync(this.rolling);
		assertThat(first.mappedSize()).isZero();
	}

	@Test
	void segmentIsMappedUntilTheLastOfItsRecordsIsDurable() throws IOException {
		long number = append();
		this.rolling.roll();
		SegmentFile second = this.rolling.active().segment();
		long stalled = stall();
		this.rolling.roll();
		this.durability.sync(this.rolling, number);
		assertThat(second.mappedSize()).isPositive();
		this.publication.publish(stalled, SegmentFile.DATA + FRAME);
		this.durability.sync(this.rolling);
		assertThat(second.mappedSize()).isZero();
	}

	@Test
	void syncThatACloseOvertakesFailsNothing() throws IOException {
		append();
		ActiveSegment active = this.rolling.active();
		active.file().close();
		this.state.close();
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> this.durability.syncAnyway(active));
		assertThat(this.state.failure()).isNull();
	}

	@Test
	void closeEndsBeforeAnAppendThatFailsMeanwhile() throws Exception {
		append();
		ActiveSegment active = this.rolling.active();
		long before = active.tail();
		stall();
		long behind = active.tail();
		Future<Rolling.End> close = close(active);
		assertThat(active.giveBack(behind, before)).isTrue();
		assertThat(close.get()).isEqualTo(new Rolling.End(1, 1, ActiveSegment.offset(before)));
		assertThat(this.durability.durable()).isEqualTo(1);
		assertThat(this.state.failure()).isNull();
		assertThat(active.segment().mappedSize()).isZero();
	}

	/** Whose append has returned is told that his record is lost. */
	@Test
	void closeNamesAnAppendThatFailsMeanwhileBeforeOthers() throws Exception {
		ActiveSegment active = this.rolling.active();
		long before = active.tail();
		stall();
		long behind = active.tail();
		append();
		Future<Rolling.End> close = close(active);
		assertThat(active.giveBack(behind, before)).isFalse();
		this.state.fail(new IOException("a fault"));
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(close::get)
			.withCauseInstanceOf(JournalFailedException.class)
			.withStackTraceContaining("a fault");
		assertThat(active.segment().mappedSize()).isZero();
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(this::append);
	}

	@Test
	void syncThatACloseOvertakesNamesWhatFailed() throws Exception {
		stall();
		ActiveSegment active = this.rolling.active();
		Future<?> sync = this.threads.submit(() -> {
			this.durability.syncAnyway(active);
			return true;
		});
		assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> sync.get(20, TimeUnit.MILLISECONDS));
		this.state.close();
		this.state.fail(new IOException("a fault"));
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(sync::get)
			.withCauseInstanceOf(JournalFailedException.class)
			.withStackTraceContaining("a fault");
	}

	@Test
	void flushThatACloseOvertakesNamesWhatFailed() throws Exception {
		append();
		ActiveSegment active = this.rolling.active();
		active.file().close();
		this.state.fail(new IOException("a fault"));
		this.state.close();
		assertThatExceptionOfType(JournalFailedException.class).isThrownBy(() -> this.durability.syncAnyway(active))
			.withMessageContaining("a fault");
	}

	/** The next writer may make a segment of the same name. */
	@Test
	void noSegmentIsBegunAfterTheClose() throws IOException {
		append();
		this.state.close();
		this.rolling.close();
		Path next = new JournalDirectory(this.directory, Set.of(), Backend.AUTO).segment(2);
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(this.rolling::roll);
		assertThat(next).doesNotExist();
	}

	/** A roll has told the next segment where it begins. */
	@Test
	void numberBeforeARollIsNotGivenBack() throws Exception {
		append();
		ActiveSegment active = this.rolling.active();
		long before = active.tail();
		stall();
		long behind = active.tail();
		this.rolling.roll();
		assertThat(active.giveBack(behind, before)).isFalse();
	}

	/** All of them are done again, and the segment is there already. */
	@Test
	void rollThatRanOutOfMemoryBeforeItsLastStepsLosesAndDoublesNoSegment() throws IOException {
		long number = append();
		SegmentFile first = this.rolling.active().segment();
		SegmentFile next = this.pipeline.await();
		first.seal(1);
		next.begin(number + 1);
		this.segments.add(next);
		this.rolling.roll();
		assertThat(append()).isEqualTo(number + 1);
		this.rolling.roll();
		assertThat(append()).isEqualTo(number + 2);
		assertThat(this.segments.list()).extracting(SegmentFile::index).containsExactly(1L, 2L, 3L);
		assertThat(this.segments.list()).extracting(SegmentFile::first).containsExactly(number, number + 1, number + 2);
		this.durability.sync(this.rolling);
		assertThat(first.mappedSize()).isZero();
		assertThat(next.mappedSize()).isZero();
	}

	private Future<Rolling.End> close(ActiveSegment active) {
		Future<Rolling.End> close = this.threads.submit(() -> {
			this.state.close();
			return this.rolling.close();
		});
		while (!ActiveSegment.isSealed(active.tail())) {
			Thread.onSpinWait();
		}
		assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> close.get(20, TimeUnit.MILLISECONDS));
		return close;
	}

	@Test
	void clockThatJumpsRemovesNothingEarly() {
		long[] wall = { 1_000_000 };
		long[] nanos = { 0 };
		SealingClock clock = new SealingClock(() -> java.time.Instant.ofEpochMilli(wall[0]), () -> nanos[0], 2_000_000);
		assertThat(clock.sealing()).isEqualTo(2_000_000);
		wall[0] += Duration.ofDays(365).toMillis();
		assertThat(clock.now()).isEqualTo(1_000_000);
		wall[0] = 0;
		nanos[0] = Duration.ofHours(1).toNanos();
		assertThat(clock.now()).isZero();
		assertThat(clock.sealing()).isEqualTo(1_000_000 + 3_600_000);
	}

	/** Where its count passes the greatest long, for example. */
	@Test
	void steadyClockMayBeginAnywhere() {
		for (long start : new long[] { -5, 5, Long.MAX_VALUE - 5 }) {
			long[] nanos = { start };
			SealingClock clock = new SealingClock(() -> java.time.Instant.ofEpochMilli(7_000_000), () -> nanos[0], 0);
			assertThat(clock.sealing()).isEqualTo(7_000_000);
			nanos[0] += Duration.ofHours(1).toNanos();
			assertThat(clock.sealing()).isEqualTo(7_000_000 + 3_600_000);
		}
		// The wall clock jumps by a year, and only an hour has passed.
		long[] wall = { 7_000_000 };
		long[] nanos = { Long.MAX_VALUE - 5 };
		SealingClock clock = new SealingClock(() -> java.time.Instant.ofEpochMilli(wall[0]), () -> nanos[0], 0);
		wall[0] += Duration.ofDays(365).toMillis();
		nanos[0] += Duration.ofHours(1).toNanos();
		assertThat(clock.now()).isEqualTo(7_000_000 + 3_600_000);
	}

}
