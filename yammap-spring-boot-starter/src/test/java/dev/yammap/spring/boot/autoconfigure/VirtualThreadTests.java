package dev.yammap.spring.boot.autoconfigure;

import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.support.Threads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.task.AsyncTaskExecutor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for files of an application with {@code spring.threads.virtual.enabled}.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class VirtualThreadTests {

	private static final int TASKS = 500;

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	private ApplicationContextRunner contextRunner() {
		return new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(TaskExecutionAutoConfiguration.class, YammapAutoConfiguration.class))
			.withPropertyValues("spring.threads.virtual.enabled=true", "yammap.base-dir=" + this.directory,
					"yammap.files.journal.path=journal.log", "yammap.files.journal.access=append",
					"yammap.files.counters.path=counters", "yammap.files.counters.size=4KB");
	}

	@Test
	void hundredsOfTasksAppendCountAndSyncAtOnce() throws Exception {
		contextRunner().run((context) -> {
			Mmap journal = context.getBean("journal", Mmap.class);
			Mmap counters = context.getBean("counters", Mmap.class);
			inVirtualThreads(context.getBean("applicationTaskExecutor", AsyncTaskExecutor.class), (number) -> {
				journal.write(ByteBuffer.allocate(Integer.BYTES).putInt(0, number));
				counters.atomics().getAndAddLong(8L * (number % 16), 1);
				journal.sync();
				return Thread.currentThread().isVirtual();
			});
			long count = IntStream.range(0, 16)
				.mapToLong((i) -> counters.get(ValueLayout.JAVA_LONG_UNALIGNED, 8L * i))
				.sum();
			assertThat(count).isEqualTo(TASKS);
		});
		ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(this.directory.resolve("journal.log")));
		List<Integer> numbers = new ArrayList<>();
		while (content.hasRemaining()) {
			numbers.add(content.getInt());
		}
		assertThat(numbers).containsExactlyInAnyOrderElementsOf(IntStream.range(0, TASKS).boxed().toList());
	}

	@Test
	void interruptedTasksCloseNoFile() {
		contextRunner().run((context) -> {
			Mmap journal = context.getBean("journal", Mmap.class);
			inVirtualThreads(context.getBean("applicationTaskExecutor", AsyncTaskExecutor.class), (number) -> {
				Thread.currentThread().interrupt();
				journal.write(new byte[1]);
				journal.sync();
				return Thread.currentThread().isInterrupted();
			});
			assertThat(journal.isOpen()).isTrue();
			assertThat(journal.size()).isEqualTo(TASKS);
		});
	}

	@Test
	void threadsOfTheStarterArePlatformThreads() {
		contextRunner().withPropertyValues("yammap.files.journal.sync.interval=1ms").run((context) -> {
			Mmap journal = context.getBean("journal", Mmap.class);
			journal.write(new byte[1]);
			Threads.await(() -> !journal.isDirty());
			// This lists platform threads alone.
			assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName).contains("yammap-sync");
		});
	}

	private static void inVirtualThreads(AsyncTaskExecutor executor, Task task) {
		List<CompletableFuture<Boolean>> results = IntStream.range(0, TASKS)
			.mapToObj((number) -> executor.submitCompletable(() -> task.run(number)))
			.toList();
		assertThat(results).allSatisfy((result) -> assertThat(result.join()).isTrue());
	}

	@FunctionalInterface
	private interface Task {

		boolean run(int number) throws Exception;

	}

}
