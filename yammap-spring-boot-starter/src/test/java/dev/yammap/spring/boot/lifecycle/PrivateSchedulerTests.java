package dev.yammap.spring.boot.lifecycle;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import dev.yammap.spring.boot.support.Threads;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PrivateScheduler}.
 */
@Timeout(1_800)
@ExtendWith(OutputCaptureExtension.class)
class PrivateSchedulerTests {

	private static final Duration SHORT = Duration.ofMillis(1);

	private final PrivateScheduler thread = new PrivateScheduler("test-background");

	@AfterEach
	void stop() {
		this.thread.stop();
	}

	@Test
	void tasksAreDoneAgainAndAgainOnOneDaemonPlatformThreadOfThatName() {
		AtomicInteger first = new AtomicInteger();
		AtomicInteger second = new AtomicInteger();
		AtomicReference<@Nullable Thread> thread = new AtomicReference<>();
		this.thread.start();
		this.thread.every(SHORT, first::incrementAndGet);
		this.thread.every(SHORT, () -> {
			second.incrementAndGet();
			thread.set(Thread.currentThread());
		});
		Threads.await(() -> first.get() > 2 && second.get() > 2);
		assertThat(thread.get()).isNotNull().satisfies((it) -> {
			assertThat(it.getName()).isEqualTo("test-background");
			assertThat(it.isDaemon()).isTrue();
			assertThat(it.isVirtual()).isFalse();
		});
		assertThat(threads()).isOne();
	}

	@Test
	void taskThatFailsIsLoggedAndDoneAgain(CapturedOutput output) {
		AtomicInteger count = new AtomicInteger();
		this.thread.start();
		this.thread.every(SHORT, () -> {
			if (count.incrementAndGet() == 1) {
				throw new AssertionError("first");
			}
		});
		Threads.await(() -> count.get() > 2);
		assertThat(output).contains("test-background goes on after a failure", "AssertionError: first");
	}

	@Test
	void nothingIsDoneAfterStopAndTheThreadIsGone() {
		AtomicInteger count = new AtomicInteger();
		this.thread.start();
		this.thread.every(SHORT, count::incrementAndGet);
		Threads.await(() -> count.get() > 0);
		this.thread.stop();
		assertThat(threads()).isZero();
		int last = count.get();
		this.thread.every(SHORT, count::incrementAndGet);
		assertThat(threads()).isZero();
		assertThat(count).hasValue(last);
	}

	@Test
	void stopWaitsForWhatIsBeingDone() throws InterruptedException {
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch mayEnd = new CountDownLatch(1);
		AtomicInteger ended = new AtomicInteger();
		this.thread.start();
		this.thread.every(SHORT, () -> {
			begun.countDown();
			awaitUninterruptibly(mayEnd);
			ended.incrementAndGet();
		});
		begun.await();
		Thread stopper = Thread.ofPlatform().start(this.thread::stop);
		Threads.await(() -> stopper.getState() == Thread.State.TIMED_WAITING);
		assertThat(ended).hasValue(0);
		mayEnd.countDown();
		stopper.join();
		assertThat(ended).hasValue(1);
	}

	@Test
	void taskMayStopItsOwnThread() {
		CountDownLatch stopped = new CountDownLatch(1);
		this.thread.start();
		this.thread.every(SHORT, () -> {
			this.thread.stop();
			stopped.countDown();
		});
		Threads.await(() -> stopped.getCount() == 0 && threads() == 0);
	}

	@Test
	void threadCanBeStartedAgain() {
		this.thread.start();
		this.thread.stop();
		AtomicInteger count = new AtomicInteger();
		this.thread.start();
		this.thread.start();
		this.thread.every(SHORT, count::incrementAndGet);
		Threads.await(() -> count.get() > 0);
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

	private static long threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals("test-background"))
			.count();
	}

}
