package dev.yammap.internal.sync;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.yammap.faults.ChildJvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests of {@link GroupCommit}: who shares a flush with whom, and what becomes of it.
 */
@NullMarked
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GroupCommitTests {

	private static final String REMEMBERED = "an earlier sync failed";

	private final FakeDevice device = new FakeDevice();

	private final GroupCommit group = new GroupCommit(Path.of("journal"), this.device);

	@AfterEach
	void letEveryoneGo() {
		this.device.letAllEnd();
	}

	static List<ThreadFactory> threads() {
		return List.of(Thread.ofPlatform().name("platform").factory(), Thread.ofVirtual().name("virtual").factory());
	}

	@Test
	void loneCallerFlushesItself() throws Exception {
		this.device.letAllEnd();
		this.group.commit(0, 10);
		this.group.commit(10, 20);
		assertThat(this.device.ranges).containsExactly("0-10", "10-20");
		assertThat(this.device.events).containsExactly("1", "1");
	}

	@ParameterizedTest
	@MethodSource("threads")
	void callersThatComeWhileAFlushRunsShareTheNext(ThreadFactory threads) throws Exception {
		Call first = start(threads);
		this.device.awaitFlush();
		List<Call> others = startWaiting(threads, 20);
		this.device.letEnd();
		first.get();
		this.device.awaitFlush();
		this.device.letEnd();
		for (Call other : others) {
			other.get();
		}
		assertThat(this.device.ranges).hasSize(2);
		assertThat(this.device.events).containsExactlyInAnyOrder("1", "20");
	}

	@ParameterizedTest
	@MethodSource("threads")
	void flushThatBeganBeforeTheCallDoesNotServeIt(ThreadFactory threads) throws Exception {
		Call first = start(threads);
		this.device.awaitFlush();
		Call second = startWaiting(threads, 1).getFirst();
		this.device.letEnd();
		first.get();
		this.device.awaitFlush();
		Call third = startWaiting(threads, 1).getFirst();
		assertThat(second.isDone()).isFalse();
		this.device.letEnd();
		second.get();
		this.device.awaitFlush();
		assertThat(third.isDone()).isFalse();
		this.device.letEnd();
		third.get();
		assertThat(this.device.ranges).hasSize(3);
	}

	@Test
	void oneFlushCoversTheRangesOfAllItServes() throws Exception {
		Call first = start(() -> this.group.commit(0, 1));
		this.device.awaitFlush();
		List<Call> others = List.of(start(() -> this.group.commit(500, 600)), start(() -> this.group.commit(40, 50)),
				start(() -> this.group.commit(70, 80)));
		awaitWaiting(3);
		this.device.letAllEnd();
		first.get();
		for (Call other : others) {
			other.get();
		}
		assertThat(this.device.ranges).containsExactly("0-1", "40-600");
	}

	@ParameterizedTest
	@MethodSource("threads")
	void failureReachesAllThatTheFlushServedAndAllLaterOnes(ThreadFactory threads) throws Exception {
		IOException failure = new IOException("disk on fire");
		Call first = start(threads);
		this.device.awaitFlush();
		List<Call> others = startWaiting(threads, 5);
		this.device.letEnd();
		first.get();
		this.device.awaitFlush();
		this.device.failOnce(failure);
		this.device.letEnd();
		List<@Nullable Throwable> thrown = new ArrayList<>();
		for (Call other : others) {
			thrown.add(other.failure());
		}
		assertThat(thrown).allSatisfy((ex) -> assertThat(ex).isInstanceOf(IOException.class).hasMessage("disk on fire"))
			.doesNotHaveDuplicates()
			.filteredOn((ex) -> !failure.equals(ex))
			.hasSize(4)
			.allSatisfy((ex) -> assertThat(ex).hasCause(failure));
		assertThatIOException().isThrownBy(() -> this.group.commit(0, 1))
			.withMessageContaining("journal")
			.withMessageContaining(REMEMBERED)
			.withCause(failure);
		assertThatIOException().isThrownBy(this.group::requireNoFailure).withMessageContaining(REMEMBERED);
		assertThat(this.device.ranges).hasSize(2);
		assertThat(this.device.events).containsExactlyInAnyOrder("1", "5 failed");
	}

	@ParameterizedTest
	@MethodSource("threads")
	void callersThatWaitForTheNextFlushWhenOneFailsAreRefused(ThreadFactory threads) throws Exception {
		IOException failure = new IOException("disk on fire");
		Call first = start(threads);
		this.device.awaitFlush();
		List<Call> others = startWaiting(threads, 5);
		this.device.failOnce(failure);
		this.device.letEnd();
		assertThat(first.failure()).isSameAs(failure);
		for (Call other : others) {
			assertThat(other.failure()).isInstanceOf(IOException.class)
				.hasMessageContaining(REMEMBERED)
				.hasCause(failure);
		}
		assertThat(this.device.ranges).hasSize(1);
		assertThat(this.device.events).containsExactly("1 failed");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void whateverElseAFlushThrowsIsAFailureToo(boolean error) throws Exception {
		Throwable failure = error ? new OutOfMemoryError("none left") : new IllegalStateException("none left");
		Call first = start(threads().getFirst());
		this.device.awaitFlush();
		List<Call> others = startWaiting(threads().getFirst(), 2);
		this.device.letEnd();
		first.get();
		this.device.awaitFlush();
		this.device.failOnce(failure);
		this.device.letEnd();
		assertThat(Stream.of(others.getFirst(), others.getLast()).map(Call::failure).toList()).contains(failure)
			.filteredOn((ex) -> !failure.equals(ex))
			.singleElement()
			.satisfies((ex) -> assertThat(ex).isInstanceOf(IOException.class)
				.hasMessageContaining("journal")
				.hasMessageContaining("none left")
				.hasCause(failure));
		assertThatIOException().isThrownBy(() -> this.group.commit(0, 1)).withMessageContaining(REMEMBERED);
	}

	@ParameterizedTest
	@MethodSource("threads")
	void closeEndsTheWaitOfAllAndIsNotRemembered(ThreadFactory threads) throws Exception {
		Call first = start(threads);
		this.device.awaitFlush();
		List<Call> others = startWaiting(threads, 5);
		this.device.letEnd();
		first.get();
		this.device.awaitFlush();
		this.device.failOnce(new ClosedChannelException());
		this.device.letEnd();
		List<@Nullable Throwable> thrown = new ArrayList<>();
		for (Call other : others) {
			thrown.add(other.failure());
		}
		assertThat(thrown).hasOnlyElementsOfType(ClosedChannelException.class).doesNotHaveDuplicates();
		this.group.requireNoFailure();
		this.device.failOnce(new ClosedChannelException());
		this.device.letAllEnd();
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> this.group.commit(0, 1));
		assertThat(this.device.events).containsExactly("1");
	}

	@ParameterizedTest
	@MethodSource("threads")
	void interruptEndsNoWaitAndIsKept(ThreadFactory threads) throws Exception {
		Call first = start(threads);
		this.device.awaitFlush();
		List<Call> others = startWaiting(threads, 3);
		others.forEach((other) -> other.thread.interrupt());
		this.device.letEnd();
		first.get();
		this.device.awaitFlush();
		assertThat(others).noneMatch(Call::isDone);
		others.forEach((other) -> other.thread.interrupt());
		this.device.letEnd();
		for (Call other : others) {
			assertThat(other.get()).as("still interrupted").isTrue();
		}
		assertThat(first.get()).isFalse();
	}

	@Test
	void interruptedThreadCanSync() throws Exception {
		this.device.letAllEnd();
		Thread.currentThread().interrupt();
		this.group.commit(0, 1);
		assertThat(Thread.interrupted()).isTrue();
		assertThat(this.device.events).containsExactly("1");
	}

	@Test
	void oneHelperLeadsForVirtualThreadsAsLongAsTheyCome() throws Exception {
		ThreadFactory threads = Thread.ofVirtual().factory();
		Call first = start(threads);
		this.device.awaitFlush();
		List<Call> others = startWaiting(threads, 5);
		this.device.letEnd();
		first.get();
		this.device.awaitFlush();
		List<Call> more = startWaiting(threads, 5);
		this.device.letAllEnd();
		for (Call call : Stream.concat(others.stream(), more.stream()).toList()) {
			call.get();
		}
		assertThat(this.device.leaders).hasSize(3).noneMatch(Thread::isVirtual);
		assertThat(Set.copyOf(this.device.leaders)).hasSize(1);
	}

	@Test
	void platformThreadsAndVirtualOnesShareFlushes() throws Exception {
		Call first = start(threads().getFirst());
		this.device.awaitFlush();
		List<Call> calls = new ArrayList<>(startWaiting(threads().getLast(), 5));
		for (int i = 0; i < 6; i++) {
			calls.add(start(threads().getFirst()));
		}
		awaitWaiting(11);
		this.device.letEnd();
		first.get();
		this.device.awaitFlush();
		calls.addAll(startWaiting(threads().getLast(), 5));
		this.device.letAllEnd();
		for (Call call : calls) {
			call.get();
		}
		assertThat(this.device.events).containsExactlyInAnyOrder("1", "11", "5");
		assertThat(this.device.leaders).noneMatch(Thread::isVirtual);
	}

	@ParameterizedTest
	@MethodSource("threads")
	void failureTellsWhoWantedTheFlush(ThreadFactory threads) throws Exception {
		IOException failure = new IOException("disk on fire");
		failure.setStackTrace(new StackTraceElement[0]);
		GroupCommit other = new GroupCommit(Path.of("journal"), this.device);
		Call call = start(threads, () -> commitOutOf(other));
		this.device.awaitFlush();
		this.device.failOnce(failure);
		this.device.letEnd();
		assertThat(call.failure()).isSameAs(failure);
		if (this.device.leaders.getFirst() != call.thread) {
			assertThat(failure.getStackTrace()).anyMatch((frame) -> frame.getMethodName().equals("commitOutOf"));
		}
	}

	private static void commitOutOf(GroupCommit group) throws IOException {
		group.commit(0, 1);
	}

	@Test
	void callerLeadsWhereNoHelperCanBeStarted() throws Exception {
		GroupCommit alone = new GroupCommit(Path.of("journal"), this.device, new CommitDelay(), System::nanoTime,
				new NoHelpers());
		List<Call> calls = new ArrayList<>();
		calls.add(start(() -> alone.commit(0, 1)));
		this.device.awaitFlush();
		calls.add(start(() -> alone.commit(0, 1)));
		calls.add(start(() -> alone.commit(0, 1)));
		while (alone.waiting() < 2) {
			Thread.onSpinWait();
		}
		this.device.letAllEnd();
		for (Call call : calls) {
			call.get();
		}
		assertThat(this.device.leaders).isSubsetOf(calls.stream().map((call) -> call.thread).toList());
		assertThat(this.device.events).containsExactlyInAnyOrder("1", "2");
	}

	/** Otherwise nobody would lead, and all would wait forever. */
	@Test
	void callerLeadsWhereMemoryIsTooShortToAskForAHelper() throws IOException {
		this.device.letAllEnd();
		GroupCommit alone = new GroupCommit(Path.of("journal"), this.device, new CommitDelay(), System::nanoTime,
				new NoMemory());
		alone.commit(0, 1);
		alone.commit(0, 1);
		assertThat(this.device.events).containsExactly("1", "1");
	}

	/** What fails is the clock, which a helper asks before it leads, and between. */
	@Test
	void helperThatFailsLeavesTheGroupUsable() throws Exception {
		this.device.letAllEnd();
		for (int failing = 1; failing <= 12; failing++) {
			AtomicInteger looks = new AtomicInteger(-failing);
			CommitDelay patience = new CommitDelay();
			patience.flushed(TimeUnit.MILLISECONDS.toNanos(10), 1, 1);
			GroupCommit group = new GroupCommit(Path.of("journal"), this.device, patience, () -> {
				if (looks.incrementAndGet() == 0) {
					throw new IllegalStateException("as it was");
				}
				return System.nanoTime();
			}, new Quiet());
			for (int i = 0; i < 4; i++) {
				Throwable thrown = start(threads().getLast(), () -> group.commit(0, 1)).failure();
				if (thrown != null) {
					assertThat(thrown).hasStackTraceContaining("as it was");
				}
			}
		}
	}

	@Test
	void othersCanCommitWhileAFlushIsToldOf() throws Exception {
		AtomicReference<@Nullable Call> other = new AtomicReference<>();
		AtomicReference<@Nullable GroupCommit> told = new AtomicReference<>();
		GroupCommit telling = new GroupCommit(Path.of("journal"), new GroupCommit.Target() {

			@Override
			public void flush(long from, long to, int callers) {
			}

			@Override
			public void flushed(long nanos, int callers, @Nullable Throwable failure) {
				GroupCommit own = told.getAndSet(null);
				if (own != null) {
					Call call = start(() -> own.commit(0, 1));
					other.set(call);
					assertThat(call.failure()).isNull();
				}
			}

		});
		told.set(telling);
		telling.commit(0, 1);
		assertThat(other.get()).isNotNull();
	}

	@Test
	void flushThatLeavesNoMemoryIsOver(@TempDir Path directory) throws Exception {
		new ChildJvm(ShortOfMemoryProgram.class, directory).flags(List.of("-XX:+UseSerialGC", "-Xms16m", "-Xmx16m"))
			.run();
	}

	/**
	 * At each depth from which the stack ends somewhere within a commit. That caller may
	 * be told anything, but no later one waits for ever.
	 */
	@Test
	void callerAtTheEndOfItsStackLeavesTheGroupUsable() throws Exception {
		this.device.letAllEnd();
		GroupCommit[] groups = new GroupCommit[100];
		Arrays.setAll(groups, (_) -> new GroupCommit(Path.of("journal"), this.device));
		AtomicInteger next = new AtomicInteger();
		Thread deep = new Thread(null, () -> commitOnTheWayBack(groups, next), "deep", 512 << 10);
		deep.start();
		deep.join();
		assertThat(next).hasValueGreaterThanOrEqualTo(groups.length);
		for (GroupCommit group : groups) {
			Throwable thrown = start(() -> group.commit(0, 1)).failure();
			if (thrown != null) {
				assertThat(thrown).isInstanceOf(IOException.class).hasMessageContaining(REMEMBERED);
			}
		}
	}

	/** Goes down until the stack is at its end. */
	@SuppressWarnings("InfiniteRecursion")
	private static void commitOnTheWayBack(GroupCommit[] groups, AtomicInteger next) {
		try {
			commitOnTheWayBack(groups, next);
		}
		catch (StackOverflowError error) {
			// This is the way back.
		}
		try {
			int depth = next.getAndIncrement();
			if (depth < groups.length) {
				groups[depth].commit(0, 1);
			}
		}
		catch (IOException | StackOverflowError ex) {
			// What counts is what others find.
		}
	}

	private Call start(ThreadFactory threads) {
		return start(threads, () -> this.group.commit(0, 1));
	}

	private Call start(Commit commit) {
		return start(threads().getFirst(), commit);
	}

	private static Call start(ThreadFactory threads, Commit commit) {
		Call call = new Call(threads, () -> {
			commit.run();
			return Thread.currentThread().isInterrupted();
		});
		call.thread.start();
		return call;
	}

	/** Starts so many more, and returns when all are waiting for the next flush. */
	private List<Call> startWaiting(ThreadFactory threads, int count) {
		List<Call> calls = IntStream.range(0, count).mapToObj((number) -> start(threads)).toList();
		awaitWaiting(count);
		return calls;
	}

	private void awaitWaiting(int count) {
		while (this.group.waiting() < count) {
			Thread.onSpinWait();
		}
	}

	/**
	 * A commit of another thread; its result is whether that was interrupted in the end.
	 */
	private static final class Call extends FutureTask<Boolean> {

		private final Thread thread;

		Call(ThreadFactory threads, Callable<Boolean> body) {
			super(body);
			this.thread = threads.newThread(this);
		}

		@Nullable Throwable failure() {
			return catchThrowable(() -> {
				try {
					get();
				}
				catch (ExecutionException ex) {
					throw ex.getCause();
				}
			});
		}

	}

	/** There are none. */
	private static final class NoHelpers implements Helpers {

		@Override
		public boolean areNeeded() {
			return true;
		}

		@Override
		public boolean start(Runnable help) {
			return false;
		}

	}

	/** Memory ends when one is asked for. */
	private static final class NoMemory implements Helpers {

		@Override
		public boolean areNeeded() {
			return true;
		}

		@Override
		public boolean start(Runnable help) {
			throw new OutOfMemoryError("as it was");
		}

	}

	/** Says nothing of what a helper fails with. */
	private static final class Quiet implements Helpers {

		@Override
		public boolean areNeeded() {
			return true;
		}

		@Override
		public boolean start(Runnable help) {
			Thread.ofPlatform().uncaughtExceptionHandler((thread, ex) -> {
			}).start(help);
			return true;
		}

	}

	/**
	 * A call that may fail.
	 */
	private interface Commit {

		void run() throws IOException;

	}

}
