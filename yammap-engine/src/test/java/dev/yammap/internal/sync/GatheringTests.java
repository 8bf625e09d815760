package dev.yammap.internal.sync;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How long the first caller of a {@link GroupCommit} waits for company, by a clock that
 * goes on when the test says so.
 */
@NullMarked
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GatheringTests {

	/** A flush that is worth the longest wait. */
	private static final long SLOW = 10_000_000_000L;

	private static final long LONGEST_WAIT = 1_000_000;

	private final AtomicLong now = new AtomicLong();

	private final AtomicInteger looks = new AtomicInteger();

	private final List<String> flushes = new CopyOnWriteArrayList<>();

	private final CommitDelay patience = new CommitDelay();

	private final GroupCommit group = new GroupCommit(Path.of("journal"), new Device(), this.patience, this::look,
			new Helpers.PlatformThreads());

	private long look() {
		this.looks.incrementAndGet();
		return this.now.get();
	}

	private Call start(long from, long to) {
		FutureTask<Boolean> task = new FutureTask<>(() -> {
			this.group.commit(from, to);
			return true;
		});
		return new Call(task, Thread.ofPlatform().start(task));
	}

	/** Starts a caller that waits, and looks at the clock more than once meanwhile. */
	private Call startGathering(long from, long to) {
		int before = this.looks.get();
		Call call = start(from, to);
		while (this.looks.get() < before + 3) {
			Thread.onSpinWait();
		}
		return call;
	}

	private Call startWaiting(long from, long to) {
		Call call = start(from, to);
		while (call.thread.getState() != Thread.State.WAITING) {
			Thread.onSpinWait();
		}
		return call;
	}

	@Test
	void callerWaitsForAsManyAsAreExpected() throws Exception {
		this.patience.flushed(SLOW, 2, 0);
		Call first = startGathering(0, 10);
		assertThat(this.flushes).isEmpty();
		Call second = start(10, 20);
		first.task.get();
		second.task.get();
		assertThat(this.flushes).containsExactly("0-20", "2 in 7 ns");
	}

	@Test
	void callerFlushesForAllThatCameWhenItsTimeIsUp() throws Exception {
		this.patience.flushed(SLOW, 3, 0);
		Call first = startGathering(0, 10);
		Call second = startWaiting(10, 20);
		assertThat(this.flushes).isEmpty();
		this.now.addAndGet(LONGEST_WAIT);
		first.task.get();
		second.task.get();
		assertThat(this.flushes).containsExactly("0-20", "2 in 7 ns");
		assertThat(this.patience.isEnough(1)).isFalse();
		assertThat(this.patience.isEnough(2)).isTrue();
	}

	@Test
	void waitingIsLeftOffWhereItWasInVain() throws Exception {
		for (int i = 0; i < 2; i++) {
			this.patience.flushed(SLOW, 5, 0);
			assertThat(this.patience.nanos()).isEqualTo(LONGEST_WAIT);
			Call call = startGathering(0, 10);
			this.now.addAndGet(LONGEST_WAIT);
			call.task.get();
		}
		assertThat(this.flushes).containsExactly("0-10", "1 in 7 ns", "0-10", "1 in 7 ns");
		assertThat(this.patience.nanos()).isZero();
	}

	/**
	 * A call of another thread.
	 */
	private record Call(FutureTask<Boolean> task, Thread thread) {

	}

	/**
	 * Takes 7 ns for each flush.
	 */
	private final class Device implements GroupCommit.Target {

		@Override
		public void flush(long from, long to, int callers) {
			GatheringTests.this.flushes.add(from + "-" + to);
			GatheringTests.this.now.addAndGet(7);
		}

		@Override
		public void flushed(long nanos, int callers, @Nullable Throwable failure) {
			GatheringTests.this.flushes.add(callers + " in " + nanos + " ns");
		}

	}

}
