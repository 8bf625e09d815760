package dev.yammap.spring.boot.autoconfigure;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import dev.yammap.journal.Journal;
import dev.yammap.journal.JournalReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.task.AsyncTaskExecutor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what is appended while a context closes: everything that a singleton appends
 * until its own end is in the journal.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
@ExtendWith(OutputCaptureExtension.class)
class JournalShutdownTests {

	private static final int TASKS = 10;

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	private ApplicationContextRunner runner() {
		return new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(TaskExecutionAutoConfiguration.class, YammapAutoConfiguration.class))
			.withPropertyValues("yammap.base-dir=" + this.directory, "yammap.journals.orders.path=orders",
					"yammap.journals.orders.segment-size=64KB");
	}

	private long records() throws IOException {
		try (Journal journal = Journal.open(this.directory.resolve("orders"))) {
			assertThat(journal.recovery().wasTorn()).isFalse();
			return journal.nextSequence();
		}
	}

	private static void append(Journal journal) {
		try {
			journal.append(new byte[1]);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void tasksThatTheExecutorAwaitsAreAllInTheJournal() throws IOException {
		CountDownLatch closing = new CountDownLatch(1);
		runner().withPropertyValues("spring.task.execution.shutdown.await-termination=true",
				"spring.task.execution.shutdown.await-termination-period=30s", "spring.task.execution.pool.core-size=1")
			.withBean("last", DisposableBean.class, () -> closing::countDown)
			.run((context) -> {
				Journal journal = context.getBean(Journal.class);
				AsyncTaskExecutor executor = context.getBean("applicationTaskExecutor", AsyncTaskExecutor.class);
				executor.execute(() -> {
					try {
						closing.await();
					}
					catch (InterruptedException ex) {
						Thread.currentThread().interrupt();
					}
				});
				for (int i = 0; i < TASKS; i++) {
					executor.execute(() -> append(journal));
				}
			});
		assertThat(records()).isEqualTo(TASKS);
	}

	@Test
	void whatABeanAppendsThatSpringKnowsNoUserOfIsInTheJournal() throws IOException {
		runner().withBean(LastWords.class).run((context) -> context.getBean(LastWords.class));
		assertThat(records()).isOne();
	}

	@Test
	void readerThatWaitsEndsWithTheJournal() {
		try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
			runner().run((context) -> {
				JournalReader reader = context.getBean(Journal.class).reader(0);
				var _ = executor.submit(() -> {
					try (reader) {
						return reader.next(Duration.ofMinutes(10));
					}
				});
			});
		}
	}

	@Test
	void journalIsSyncedBeforeBeansAreGone() {
		runner().run((context) -> {
			Journal journal = context.getBean(Journal.class);
			append(journal);
			context.stop();
			assertThat(journal.durableSequence()).isOne();
			assertThat(journal.isOpen()).isTrue();
		});
	}

	@Test
	void journalIsNotSyncedBeforeItsCloseIfItIsNotTo() throws IOException {
		runner().withPropertyValues("yammap.journals.orders.sync.on-shutdown=false").run((context) -> {
			Journal journal = context.getBean(Journal.class);
			append(journal);
			context.stop();
			assertThat(journal.durableSequence()).isZero();
		});
		assertThat(records()).isOne();
	}

	@Test
	void journalThatTheApplicationClosedDoesNotKeepOthersOpen(CapturedOutput output) throws IOException {
		runner().withPropertyValues("yammap.journals.visits.path=visits").run((context) -> {
			context.getBean("visits", Journal.class).close();
			append(context.getBean("orders", Journal.class));
		});
		assertThat(records()).isOne();
		assertThat(output).contains(
				"Opened journal 'orders' (" + this.directory.resolve("orders")
						+ "), read-write, 1 segment, next record 0",
				"Journal 'visits' (" + this.directory.resolve("visits") + ") was closed before",
				"Synced and closed journal 'orders' (" + this.directory.resolve("orders")
						+ "), read-write, next record 1");
	}

	@Test
	void startThatFailsClosesWhatWasOpened() throws IOException {
		runner().withBean("failing", Object.class, () -> {
			throw new IllegalStateException("expected");
		}).run((context) -> assertThat(context).hasFailed());
		assertThat(records()).isZero();
	}

	@Test
	void contextsOneAfterTheOtherHaveTheSameJournal() throws IOException {
		for (int i = 0; i < 3; i++) {
			runner().run((context) -> append(context.getBean(Journal.class)));
		}
		assertThat(records()).isEqualTo(3);
	}

	/**
	 * Appends while it is destroyed.
	 */
	static class LastWords implements DisposableBean {

		private final Journal journal;

		LastWords(@Lazy Journal journal) {
			this.journal = journal;
		}

		@Override
		public void destroy() {
			append(this.journal);
		}

	}

}
