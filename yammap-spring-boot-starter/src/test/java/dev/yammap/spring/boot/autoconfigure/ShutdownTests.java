package dev.yammap.spring.boot.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.yammap.Mmap;
import dev.yammap.MmapListener;
import dev.yammap.spring.boot.MmapBuilderCustomizer;
import dev.yammap.spring.boot.Mmaps;
import dev.yammap.spring.boot.autoconfigure.metrics.YammapMetricsAutoConfiguration;
import dev.yammap.spring.boot.lifecycle.ResourceCloser;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for what is written while a context closes: everything that a singleton writes
 * until its own end is in the file, whatever Spring knows of its dependencies.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
@ExtendWith(OutputCaptureExtension.class)
class ShutdownTests {

	private static final int TASKS = 10;

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	private ApplicationContextRunner runner(Class<?>... configurations) {
		return new ApplicationContextRunner().withUserConfiguration(configurations)
			.withConfiguration(AutoConfigurations.of(TaskExecutionAutoConfiguration.class,
					TaskSchedulingAutoConfiguration.class, YammapAutoConfiguration.class))
			.withPropertyValues("yammap.base-dir=" + this.directory, "yammap.files.journal.path=journal.log",
					"yammap.files.journal.access=append");
	}

	@ParameterizedTest
	@ValueSource(strings = { "native", "portable" })
	void tasksOfTheApplicationsExecutorThatItAwaitsAreAllInTheFile(String backend) {
		runner(Gates.class, Writer.class)
			.withPropertyValues("spring.task.execution.shutdown.await-termination=true",
					"spring.task.execution.shutdown.await-termination-period=30s",
					"spring.task.execution.pool.core-size=1", "yammap.files.journal.backend=" + backend)
			.run((context) -> submit(context, "applicationTaskExecutor"));
		assertThatAllTasksWrote();
	}

	@Test
	void tasksOnVirtualThreadsThatTheExecutorAwaitsAreAllInTheFile() {
		runner(Gates.class, Writer.class)
			.withPropertyValues("spring.threads.virtual.enabled=true",
					"spring.task.execution.shutdown.await-termination=true",
					"spring.task.execution.shutdown.await-termination-period=30s")
			.run((context) -> {
				submit(context, "applicationTaskExecutor");
				// Spring awaits no task whose thread has not begun.
				context.getBean(Writer.class).begun.await();
			});
		assertThatAllTasksWrote();
	}

	@Test
	void asyncMethodsAreAllInTheFile() {
		runner(Gates.class, AsyncWriter.class)
			.withPropertyValues("spring.task.execution.shutdown.await-termination=true",
					"spring.task.execution.shutdown.await-termination-period=30s")
			.run((context) -> {
				AsyncWriter writer = context.getBean(AsyncWriter.class);
				for (int i = 0; i < TASKS; i++) {
					writer.write();
				}
			});
		assertThatAllTasksWrote();
	}

	@ParameterizedTest
	@ValueSource(classes = { OwnExecutor.class, OwnExecutorService.class })
	void tasksOfAnExecutorOfTheApplicationsOwnAreAllInTheFile(Class<?> configuration) {
		runner(configuration, Writer.class).run((context) -> submit(context, "executor"));
		assertThatAllTasksWrote();
	}

	@Test
	void scheduledTaskThatRunsWhenTheContextClosesIsInTheFile() {
		runner(ScheduledWriter.class)
			.withPropertyValues("spring.task.scheduling.shutdown.await-termination=true",
					"spring.task.scheduling.shutdown.await-termination-period=30s")
			.run((context) -> context.getBean(ScheduledWriter.class).awaitStart());
		assertThat(content()).isEqualTo("*");
	}

	@Test
	void beansThatSpringDoesNotKnowToUseTheFileMayWriteWhenTheyAreDestroyed() {
		runner(EarlyClients.class).run((context) -> assertThat(context).hasNotFailed());
		assertThat(content()).contains("[lazy]", "[provider]", "[registry]").hasSize(26);
	}

	@Test
	void beansMayWriteWhenTheyAreDestroyedAlsoIfTheirFileWasOpenedLate() {
		runner(EarlyClients.class)
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> {
				assertThat(this.directory).isEmptyDirectory();
				context.getBean("provider");
				context.getBean("registry");
				context.getBean(Mmaps.class).get("journal");
				context.getBean("journal");
			});
		assertThat(content()).contains("[provider]", "[registry]");
	}

	@Test
	void listenersAndLifecycleBeansMayWriteWhateverTheirOrder() {
		runner(LateWriters.class).run((context) -> assertThat(context).hasNotFailed());
		assertThat(content()).isEqualTo("[event][last phase]");
	}

	@Test
	void beansMayWriteAlsoIfTheStartFailsHalfWay() {
		runner(EarlyClients.class, FailingStart.class).run((context) -> assertThat(context).hasFailed());
		assertThat(content()).contains("[provider]", "[registry]");
	}

	@Test
	void collaboratorsOfCustomizersMayBeGoneAtTheLastSync(CapturedOutput output) {
		runner(ListeningCustomizer.class).run((context) -> context.getBean(Mmap.class).write(new byte[] { '*' }));
		assertThat(content()).isEqualTo("*");
		assertThat(output).contains("A listener of", "is destroyed", "Synced and closed file 'journal'");
	}

	@Test
	void metersSeeTheLastSync() {
		MeterRegistry registry = new SimpleMeterRegistry();
		List<Long> syncs = new ArrayList<>();
		registry.config().onMeterRemoved((meter) -> {
			if (meter instanceof Timer timer && "success".equals(timer.getId().getTag("outcome"))) {
				syncs.add(timer.count());
			}
		});
		runner().withConfiguration(AutoConfigurations.of(YammapMetricsAutoConfiguration.class))
			.withBean(MeterRegistry.class, () -> registry)
			.run((context) -> context.getBean(Mmap.class).write(new byte[] { '*' }));
		assertThat(syncs).containsExactly(2L);
		assertThat(registry.getMeters()).isEmpty();
	}

	@Test
	void filesAreClosedOnceIfSeveralThreadsCloseTheContext(CapturedOutput output) {
		runner().run((context) -> {
			ConfigurableApplicationContext source = context.getSourceApplicationContext();
			try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
				List<Future<?>> closes = new ArrayList<>();
				for (int i = 0; i < 4; i++) {
					closes.add(threads.submit(source::close));
				}
				for (Future<?> close : closes) {
					close.get();
				}
			}
		});
		assertThat(output.getOut().split("Synced and closed file", -1)).hasSize(2);
	}

	@Test
	void whatClosesTheFilesDrawsNothingInEarly() {
		List<String> created = new ArrayList<>();
		runner().withBean("customizer", MmapBuilderCustomizer.class, () -> {
			created.add("customizer");
			return (name, path, builder) -> {
			};
		}).withInitializer((context) -> context.addBeanFactoryPostProcessor((beanFactory) -> {
			// Called before the post-processors that are beans.
			assertThat(beanFactory.containsSingleton("mmaps")).isFalse();
		}))
			.run((context) -> assertThat(context.getBeanFactory().getDependenciesForBean("yammapResourceCloser"))
				.isEmpty());
		assertThat(created).containsExactly("customizer");
	}

	@Test
	void secondCallOfTheEndDoesNothing() throws IOException {
		AtomicInteger calls = new AtomicInteger();
		ResourceCloser closer = new ResourceCloser();
		closer.enlist(calls::incrementAndGet);
		closer.destroy();
		closer.destroy();
		assertThat(calls).hasValue(1);
	}

	@Test
	void everythingIsClosedWhateverFails() {
		List<String> calls = new ArrayList<>();
		ResourceCloser closer = new ResourceCloser();
		closer.enlist(() -> {
			throw new IOException("first");
		});
		closer.enlist(() -> {
			throw new IllegalStateException("second");
		});
		closer.enlist(() -> calls.add("third"));
		assertThatException().isThrownBy(closer::destroy)
			.withMessage("2 of 3 registries could not be closed")
			.satisfies((failure) -> assertThat(failure.getSuppressed()).extracting(Throwable::getMessage)
				.containsExactly("first", "second"));
		assertThat(calls).containsExactly("third");
	}

	private static void submit(ConfigurableApplicationContext context, String executor) {
		Writer writer = context.getBean(Writer.class);
		Executor tasks = context.getBean(executor, Executor.class);
		for (int i = 0; i < TASKS; i++) {
			tasks.execute(writer::write);
		}
	}

	private void assertThatAllTasksWrote() {
		assertThat(content()).isEqualTo("*".repeat(TASKS));
	}

	private String content() {
		try {
			return Files.readString(this.directory.resolve("journal.log"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void write(Mmap file, String text) {
		try {
			file.write(text.getBytes(StandardCharsets.UTF_8));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Lets tasks go on once it is destroyed: after the registry, which is created later,
	 * and before the executor, which it depends on.
	 */
	static class Gate implements DisposableBean {

		private final CountDownLatch open = new CountDownLatch(1);

		void await() {
			try {
				this.open.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

		@Override
		public void destroy() {
			this.open.countDown();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Gates {

		@Bean
		@DependsOn("applicationTaskExecutor")
		static Gate gate() {
			return new Gate();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnExecutor {

		@Bean
		static ThreadPoolTaskExecutor executor() {
			ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
			executor.setCorePoolSize(1);
			executor.setWaitForTasksToCompleteOnShutdown(true);
			executor.setAwaitTerminationSeconds(30);
			return executor;
		}

		@Bean
		@DependsOn("executor")
		static Gate gate() {
			return new Gate();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnExecutorService {

		// Spring closes it, which waits for its tasks.
		@Bean
		static ExecutorService executor() {
			return Executors.newVirtualThreadPerTaskExecutor();
		}

		@Bean
		@DependsOn("executor")
		static Gate gate() {
			return new Gate();
		}

	}

	static class Writer {

		private final CountDownLatch begun = new CountDownLatch(TASKS);

		private final Gate gate;

		private final Mmap journal;

		// The gate comes first, and before it the executor: both before the registry.
		Writer(Gate gate, Mmap journal) {
			this.gate = gate;
			this.journal = journal;
		}

		void write() {
			this.begun.countDown();
			this.gate.await();
			ShutdownTests.write(this.journal, "*");
		}

	}

	@EnableAsync(proxyTargetClass = true)
	@Configuration(proxyBeanMethods = false)
	static class AsyncWriter {

		private final @Nullable Gate gate;

		private final @Nullable Mmap journal;

		AsyncWriter(Gate gate, Mmap journal) {
			this.gate = gate;
			this.journal = journal;
		}

		@Async
		void write() {
			Gate gate = this.gate;
			Mmap journal = this.journal;
			if (gate != null && journal != null) {
				gate.await();
				ShutdownTests.write(journal, "*");
			}
		}

	}

	@EnableScheduling
	@Configuration(proxyBeanMethods = false)
	static class ScheduledWriter {

		private final CountDownLatch started = new CountDownLatch(1);

		private final ObjectProvider<Mmap> journal;

		private final Gate gate = new Gate();

		ScheduledWriter(ObjectProvider<Mmap> journal) {
			this.journal = journal;
		}

		@Bean
		@DependsOn("taskScheduler")
		Gate gate() {
			return this.gate;
		}

		@Scheduled(fixedDelay = 1, timeUnit = TimeUnit.DAYS)
		void write() {
			Mmap file = this.journal.getObject();
			this.started.countDown();
			this.gate.await();
			ShutdownTests.write(file, "*");
		}

		void awaitStart() throws InterruptedException {
			this.started.await();
		}

	}

	/**
	 * Clients that are created before the registry.
	 */
	@Configuration(proxyBeanMethods = false)
	static class EarlyClients {

		@Bean
		static DisposableBean lazy(@Lazy Mmap journal) {
			return () -> write(journal, "[lazy]");
		}

		@Bean
		static DisposableBean provider(ObjectProvider<Mmap> journal) {
			return () -> write(journal.getObject(), "[provider]");
		}

		@Bean
		static DisposableBean registry(ObjectProvider<Mmaps> mmaps) {
			return () -> write(mmaps.getObject().get("journal"), "[registry]");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LateWriters {

		private final ObjectProvider<Mmap> journal;

		LateWriters(ObjectProvider<Mmap> journal) {
			this.journal = journal;
		}

		@EventListener(ContextClosedEvent.class)
		void closing() {
			write(this.journal.getObject(), "[event]");
		}

		@Bean
		SmartLifecycle lastPhase() {
			return new LastPhase(this.journal);
		}

	}

	static class LastPhase implements SmartLifecycle {

		private final ObjectProvider<Mmap> journal;

		private boolean running;

		LastPhase(ObjectProvider<Mmap> journal) {
			this.journal = journal;
		}

		@Override
		public void start() {
			this.running = true;
		}

		@Override
		public void stop() {
			write(this.journal.getObject(), "[last phase]");
			this.running = false;
		}

		@Override
		public boolean isRunning() {
			return this.running;
		}

		@Override
		public int getPhase() {
			return Integer.MIN_VALUE;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class FailingStart {

		@Bean
		static Object failing(Mmap journal) {
			throw new IllegalStateException("no start for " + journal.name());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ListeningCustomizer {

		@Bean
		static Collaborator collaborator() {
			return new Collaborator();
		}

		@Bean
		static MmapBuilderCustomizer customizer(Collaborator collaborator) {
			return (name, path, builder) -> builder.listener(collaborator);
		}

	}

	static class Collaborator implements MmapListener, DisposableBean {

		private boolean destroyed;

		@Override
		public void synced(Mmap file, Duration duration, @Nullable IOException failure) {
			if (this.destroyed) {
				throw new IllegalStateException("is destroyed");
			}
		}

		@Override
		public void destroy() {
			this.destroyed = true;
		}

	}

}
