package dev.yammap.internal.sync;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Many threads that write and commit in a loop: each finds its write durable, on every
 * schedule, and nobody sleeps for ever.
 */
@NullMarked
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GroupCommitStressTests {

	@ParameterizedTest
	@CsvSource({ "2, false, INSTANT", "16, false, INSTANT", "16, false, SHORT", "16, false, BRIEF", "7, false, LONG",
			"2, true, INSTANT", "64, true, INSTANT", "64, true, SHORT", "64, true, BRIEF", "500, true, LONG" })
	void everyCommitCoversTheWriteBeforeIt(int writers, boolean virtual, Speed speed) throws Exception {
		int each = speed.commits / writers;
		Disk disk = new Disk(writers, speed, Integer.MAX_VALUE);
		List<Integer> commits = race(writers, virtual, disk, each);
		assertThat(commits).hasSize(writers).containsOnly(each);
		assertThat(disk.served.get()).isEqualTo(writers * each);
	}

	@ParameterizedTest
	@EnumSource(Speed.class)
	void platformThreadsAndVirtualOnesCommitTogether(Speed speed) throws Exception {
		int each = speed.commits / 160;
		Disk disk = new Disk(32, speed, Integer.MAX_VALUE);
		AtomicInteger count = new AtomicInteger();
		List<Integer> commits = race(32, Executors.newThreadPerTaskExecutor((task) -> {
			boolean virtual = count.getAndIncrement() % 2 == 0;
			return virtual ? Thread.ofVirtual().unstarted(task) : Thread.ofPlatform().unstarted(task);
		}), disk, each);
		assertThat(commits).hasSize(32).containsOnly(each);
		assertThat(disk.served.get()).isEqualTo(32 * each);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void wakeUpsThatMeanNothingChangeNothing(boolean virtual) throws Exception {
		Disk disk = new Disk(32, Speed.SHORT, Integer.MAX_VALUE);
		AtomicBoolean done = new AtomicBoolean();
		Thread disturber = Thread.ofPlatform().start(() -> {
			while (!done.get()) {
				disk.disturbHalf();
			}
		});
		List<Integer> commits = race(32, virtual, disk, 5_000);
		done.set(true);
		disturber.join();
		assertThat(commits).hasSize(32).containsOnly(5_000);
	}

	@ParameterizedTest
	@EnumSource(Speed.class)
	void nobodyIsToldOfSuccessAfterAFailure(Speed speed) throws Exception {
		for (int round = 1; round <= 50; round++) {
			Disk failing = new Disk(8, speed, round);
			List<Integer> commits = race(8, round % 2 == 0, failing, 1000);
			assertThat(commits).allMatch((count) -> count < failing.failing);
			assertThat(failing.flushes).isEqualTo(round);
		}
	}

	/** Returns how many commits of each writer succeeded before one failed. */
	private static List<Integer> race(int writers, boolean virtual, Disk disk, int commits) throws Exception {
		return race(writers,
				virtual ? Executors.newVirtualThreadPerTaskExecutor() : Executors.newFixedThreadPool(writers), disk,
				commits);
	}

	private static List<Integer> race(int writers, ExecutorService threads, Disk disk, int commits) throws Exception {
		GroupCommit group = new GroupCommit(Path.of("journal"), disk);
		CyclicBarrier start = new CyclicBarrier(writers);
		List<Integer> results = new ArrayList<>();
		try (ExecutorService executor = threads) {
			List<Future<Integer>> futures = new ArrayList<>();
			for (int writer = 0; writer < writers; writer++) {
				int slot = writer;
				futures.add(executor.submit(() -> {
					start.await();
					return writeAndCommit(disk, group, slot, commits);
				}));
			}
			for (Future<Integer> future : futures) {
				results.add(future.get());
			}
		}
		return results;
	}

	private static int writeAndCommit(Disk disk, GroupCommit group, int slot, int commits) {
		disk.writers.set(slot, Thread.currentThread());
		for (int i = 1; i <= commits; i++) {
			disk.memory[slot] = i;
			try {
				group.commit(slot, slot + 1);
			}
			catch (IOException ex) {
				return i - 1;
			}
			if (disk.durable[slot] != i) {
				throw new AssertionError("Commit " + i + " of " + slot + " returned, durable is " + disk.durable[slot]);
			}
		}
		return commits;
	}

	/** How long a flush takes. */
	enum Speed {

		INSTANT(500_000), SHORT(2_000_000), BRIEF(100_000), LONG(6_000);

		private final int commits;

		Speed(int commits) {
			this.commits = commits;
		}

		void take() {
			switch (this) {
				case INSTANT -> Thread.onSpinWait();
				case SHORT -> spin(5);
				case BRIEF -> LockSupport.parkNanos(1);
				case LONG -> LockSupport.parkNanos(50_000);
			}
		}

		private static void spin(int times) {
			for (int i = 0; i < times; i++) {
				Thread.onSpinWait();
			}
		}

	}

	/**
	 * A flush copies what was written. Nothing here is volatile: that a flush sees the
	 * writes, and each writer the copy, is the group's doing.
	 */
	private static final class Disk implements GroupCommit.Target {

		private final int[] memory;

		private final int[] durable;

		private final AtomicReferenceArray<@Nullable Thread> writers;

		private final Speed speed;

		private final int failing;

		private int flushes;

		private boolean flushing;

		private final AtomicInteger served = new AtomicInteger();

		Disk(int writers, Speed speed, int failing) {
			this.memory = new int[writers];
			this.durable = new int[writers];
			this.writers = new AtomicReferenceArray<>(writers);
			this.speed = speed;
			this.failing = failing;
		}

		/** The other half must be woken by those. */
		void disturbHalf() {
			for (int i = 0; i < this.writers.length(); i += 2) {
				LockSupport.unpark(this.writers.get(i));
			}
		}

		@Override
		public void flush(long from, long to, int callers) throws IOException {
			if (this.flushing) {
				throw new AssertionError("Two flushes at a time");
			}
			this.flushing = true;
			int[] seen = new int[(int) (to - from)];
			System.arraycopy(this.memory, (int) from, seen, 0, seen.length);
			this.speed.take();
			this.flushing = false;
			this.flushes++;
			if (this.flushes == this.failing) {
				throw new IOException("Flush " + this.flushes);
			}
			System.arraycopy(seen, 0, this.durable, (int) from, seen.length);
		}

		@Override
		public void flushed(long nanos, int callers, @Nullable Throwable failure) {
			this.served.addAndGet(callers);
		}

	}

}
