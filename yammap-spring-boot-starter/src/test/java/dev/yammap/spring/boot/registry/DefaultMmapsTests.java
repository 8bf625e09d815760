package dev.yammap.spring.boot.registry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.MmapBuilderCustomizer;
import dev.yammap.spring.boot.Mmaps;
import dev.yammap.spring.boot.support.Contexts;
import dev.yammap.spring.boot.support.EventLog;
import dev.yammap.spring.boot.support.StubMmap;
import dev.yammap.spring.boot.tracking.TrackedFile;
import jakarta.annotation.PreDestroy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.context.metrics.buffering.BufferingApplicationStartup;
import org.springframework.boot.context.metrics.buffering.StartupTimeline.TimelineEvent;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.metrics.StartupStep;
import org.springframework.core.metrics.StartupStep.Tag;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

/**
 * Tests for the life of files in {@link DefaultMmaps}.
 */
@ExtendWith(OutputCaptureExtension.class)
class DefaultMmapsTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	private final EventLog log = new EventLog();

	private ApplicationContextRunner contextRunner;

	@BeforeEach
	void useDirectoryAndLog() {
		this.contextRunner = Contexts.in(this.directory).withBean(EventLog.class, () -> this.log);
	}

	@Test
	void preDestroyOfDependentMayWriteAndIsSynced() {
		this.contextRunner.withPropertyValues("yammap.files.journal.path=journal.log")
			.withUserConfiguration(LastWordOfDependent.class)
			.run((context) -> assertThat(context).hasSingleBean(LastWordOfDependent.class));
		assertThat(this.log.events).containsExactly("synced journal.log", "last word", "synced journal.log",
				"closed journal.log");
		assertThat(this.directory.resolve("journal.log")).hasContent("last word");
	}

	@Test
	void preDestroyOfBeanThatAsksTheRegistryMayWriteAndIsSynced() {
		// Created before the file's own bean, so it is destroyed after it.
		this.contextRunner.withUserConfiguration(LastWordOfRegistryUser.class)
			.withPropertyValues("yammap.files.journal.path=journal.log")
			.run((context) -> assertThat(context).hasSingleBean(LastWordOfRegistryUser.class));
		assertThat(this.log.events).containsExactly("synced journal.log", "last word", "synced journal.log",
				"closed journal.log");
		assertThat(this.directory.resolve("journal.log")).hasContent("last word");
	}

	@Test
	void stopSyncsAndLeavesFilesOpen() {
		this.contextRunner.withPropertyValues("yammap.files.journal.path=journal.log").run((context) -> {
			Mmap journal = context.getBean(Mmap.class);
			context.stop();
			assertThat(this.log.events).containsExactly("synced journal.log");
			assertThat(journal.isOpen()).isTrue();
			context.start();
			assertThat(context.getBean(DefaultMmaps.class).isRunning()).isTrue();
		});
	}

	@Test
	void stopComesAfterWritersOfEveryUsualPhase() {
		this.contextRunner.withPropertyValues("yammap.files.journal.path=journal.log")
			.withBean("writer", Writer.class, () -> new Writer(this.log, Integer.MIN_VALUE + 1001))
			.run((context) -> context.stop());
		assertThat(this.log.events).startsWith("writer stopped", "synced journal.log");
	}

	@Test
	void registryIsNotPauseable() {
		this.contextRunner.withPropertyValues("yammap.files.journal.path=journal.log").run((context) -> {
			DefaultMmaps mmaps = context.getBean(DefaultMmaps.class);
			assertThat(mmaps.isPauseable()).isFalse();
			assertThat(mmaps.getPhase()).isEqualTo(Integer.MIN_VALUE + 1000);
		});
	}

	@Test
	void filesCloseInReverseOrder() {
		this.contextRunner.withPropertyValues("yammap.files.a.path=a", "yammap.files.b.path=b").run((context) -> {
			this.log.events.clear();
			context.getBean(DefaultMmaps.class).destroy();
			assertThat(this.log.events).containsExactly("synced b", "closed b", "synced a", "closed a");
		});
	}

	@Test
	void readOnlyAndPrivateFilesAreClosedUnsynced(CapturedOutput output) throws IOException {
		Files.writeString(this.directory.resolve("file"), "content");
		Files.writeString(this.directory.resolve("other"), "content");
		this.contextRunner
			.withPropertyValues("yammap.files.a.path=file", "yammap.files.a.access=read-only",
					"yammap.files.b.path=other", "yammap.files.b.access=private")
			.run((context) -> context.getBean("b", Mmap.class).set(ValueLayout.JAVA_BYTE, 0, (byte) 'C'));
		assertThat(this.log.events).containsExactly("closed other", "closed file");
		assertThat(output).doesNotContain("Synced")
			.contains("Closed file 'a' (" + this.directory.resolve("file") + "), read-only, 7 bytes")
			.contains("Closed file 'b' (" + this.directory.resolve("other") + "), private, 7 bytes");
		assertThat(this.directory.resolve("other")).hasContent("content");
	}

	@Test
	void fileIsNotSyncedWhenThatIsDisabled(CapturedOutput output) {
		this.contextRunner
			.withPropertyValues("yammap.files.journal.path=journal.log", "yammap.files.journal.sync.on-shutdown=false")
			.run((context) -> assertThat(context).hasSingleBean(Mmap.class));
		assertThat(this.log.events).containsExactly("closed journal.log");
		assertThat(output).contains("Closed file 'journal'").doesNotContain("Synced");
	}

	@Test
	void fileThatTheApplicationClosedIsNotSaidToBeSynced(CapturedOutput output) {
		this.contextRunner.withPropertyValues("yammap.files.journal.path=journal.log")
			.run((context) -> context.getBean("journal", Mmap.class).close());
		assertThat(output).contains("File 'journal' (" + this.directory.resolve("journal.log") + ") was closed before")
			.doesNotContain("Synced");
	}

	@Test
	void fileThatIsNoLongerAtItsPathIsWarnedOf(CapturedOutput output) {
		this.contextRunner
			.withPropertyValues("yammap.files.journal.path=journal.log", "yammap.files.counters.path=counters")
			.run((context) -> {
				Files.delete(this.directory.resolve("journal.log"));
				Path other = Files.createFile(this.directory.resolve("other"));
				Files.move(other, this.directory.resolve("counters"), StandardCopyOption.REPLACE_EXISTING);
			});
		assertThat(output.getOut().lines().filter((line) -> line.contains("WARN"))).satisfiesExactlyInAnyOrder(
				(line) -> assertThat(line).contains(
						"File 'journal' (" + this.directory.resolve("journal.log") + ") was removed from its path"),
				(line) -> assertThat(line).contains("File 'counters' (" + this.directory.resolve("counters")
						+ ") was removed from its path, or replaced there"));
	}

	@Test
	void lastLinesOfTheLogSayThatEachFileIsSyncedAndClosed(CapturedOutput output) {
		this.contextRunner.withUserConfiguration(LastWordOfDependent.class)
			.withPropertyValues("yammap.files.journal.path=journal.log", "yammap.files.counters.path=counters",
					"yammap.files.counters.size=4KB")
			.run((context) -> assertThat(context).hasNotFailed());
		List<String> lines = output.getOut().lines().toList();
		assertThat(lines.subList(lines.size() - 2, lines.size())).satisfiesExactlyInAnyOrder(
				(line) -> assertThat(line).contains("INFO")
					.endsWith("Synced and closed file 'counters' (" + this.directory.resolve("counters")
							+ "), read-write, 4096 bytes"),
				(line) -> assertThat(line).contains("INFO")
					.endsWith("Synced and closed file 'journal' (" + this.directory.resolve("journal.log")
							+ "), read-write, 9 bytes"));
	}

	@Test
	void failedStartUpClosesWhatWasOpened() {
		this.contextRunner
			.withPropertyValues("yammap.files.a.path=a", "yammap.files.b.path=b", "yammap.files.b.create=never")
			.run((context) -> assertThat(context).hasFailed());
		assertThat(this.log.events).containsExactly("synced a", "closed a");
	}

	@Test
	void failureOfAnotherBeanClosesFiles() {
		this.contextRunner.withPropertyValues("yammap.files.a.path=a", "yammap.files.b.path=b")
			.withInitializer((context) -> context.addBeanFactoryPostProcessor(
					(factory) -> factory.registerSingleton("late", new FailsAfterSingletons())))
			.run((context) -> assertThat(context).hasFailed());
		assertThat(this.log.events).contains("closed a", "closed b");
	}

	@Test
	void fileClosedByTheApplicationIsLeftAlone() {
		this.contextRunner.withPropertyValues("yammap.files.a.path=a", "yammap.files.b.path=b").run((context) -> {
			context.getBean("a", Mmap.class).close();
			assertThat(context.getBean(Mmaps.class).openFiles()).containsOnlyKeys("b");
		});
		assertThat(this.log.events).containsExactly("closed a", "synced b", "closed b");
	}

	@Test
	void fileClosedByTheApplicationCannotBeHadAgainAndIsToldHow() {
		this.contextRunner.withPropertyValues("yammap.files.a.path=a").run((context) -> {
			Mmaps mmaps = context.getBean(Mmaps.class);
			mmaps.get("a").close();
			assertThatIllegalStateException().isThrownBy(() -> mmaps.get("a"))
				.withMessageContaining("File 'a'")
				.withMessageContaining("was closed by the application")
				.withMessageContaining("Mmap.builder(path)");
			assertThat(mmaps.openFiles()).isEmpty();
		});
	}

	@Test
	void fileThatWasWrittenToAfterTheStopIsSyncedAgain() {
		this.contextRunner.withPropertyValues("yammap.files.a.path=a", "yammap.files.b.path=b").run((context) -> {
			context.stop();
			context.getBean("a", Mmap.class).write(new byte[1]);
		});
		assertThat(this.log.events).containsExactly("synced a", "synced b", "closed b", "synced a", "closed a");
	}

	@Test
	void failureOfOneFileKeepsNoOtherFromClosing(CapturedOutput output) throws Exception {
		IOException failure = new IOException("disk on fire");
		Mmap a = StubMmap.file(Path.of("a"), null, null);
		Mmap b = StubMmap.file(Path.of("b"), failure, null);
		Mmap c = StubMmap.file(Path.of("c"), null, new IllegalStateException("held"));
		Mmap d = StubMmap.file(Path.of("d"), null, null);
		DefaultMmaps mmaps = mmaps(a, b, c, d);
		mmaps.stop();
		assertThatIOException().isThrownBy(mmaps::destroy)
			.withMessage("2 of 4 mapped files could not be synced and closed")
			.satisfies((ex) -> assertThat(ex.getSuppressed()).hasExactlyElementsOfTypes(IllegalStateException.class,
					IOException.class));
		assertThat(List.of(a, b, c, d)).noneMatch(Mmap::isOpen);
		assertThat(output).contains("ERROR")
			.contains("disk on fire")
			.contains("held")
			.contains("Synced and closed file 'a'")
			.contains("Synced and closed file 'd'")
			.doesNotContain("Synced and closed file 'b'");
	}

	@Test
	void failureToCloseIsSuppressedInFailureToSync() throws Exception {
		IOException syncFailure = new IOException("sync");
		IOException closeFailure = new IOException("close");
		DefaultMmaps mmaps = mmaps(StubMmap.file(Path.of("a"), syncFailure, closeFailure));
		assertThatIOException().isThrownBy(mmaps::destroy)
			.satisfies((ex) -> assertThat(ex.getSuppressed()).containsExactly(syncFailure));
		assertThat(syncFailure.getSuppressed()).containsExactly(closeFailure);
	}

	@Test
	void fileIsClosedAlsoIfSomethingFailsRightAfterItIsOpen() throws Exception {
		Mmap file = StubMmap.file(Path.of("a"), null, null);
		AtomicBoolean fails = new AtomicBoolean(true);
		Mmap failing = (Mmap) Proxy.newProxyInstance(Mmap.class.getClassLoader(), new Class<?>[] { Mmap.class },
				(proxy, method, arguments) -> {
					if (method.getName().equals("size") && fails.getAndSet(false)) {
						throw new InternalError("no memory for the log");
					}
					return method.invoke(file, arguments);
				});
		DefaultMmaps mmaps = StubRegistry.unopened(StubRegistry.file("a", Path.of("a"), () -> failing));
		assertThatExceptionOfType(InternalError.class).isThrownBy(() -> mmaps.get("a"));
		assertThat(mmaps.get("a")).isSameAs(failing);
		assertThat(mmaps.openFiles()).containsOnlyKeys("a");
		mmaps.destroy();
		assertThat(file.isOpen()).isFalse();
	}

	@Test
	void lazyFileThatACustomizerFailsToPrepareIsAProblem() {
		this.contextRunner.withPropertyValues("yammap.files.journal.path=journal.log")
			.withInitializer((context) -> context
				.addBeanFactoryPostProcessor((factory) -> factory.getBeanDefinition("journal").setLazyInit(true)))
			.withBean(MmapBuilderCustomizer.class, () -> (name, path, builder) -> {
				throw new IllegalStateException("not today");
			})
			.run((context) -> {
				DefaultMmaps mmaps = context.getBean(DefaultMmaps.class);
				assertThatIllegalStateException().isThrownBy(() -> mmaps.get("journal"));
				assertThat(mmaps.owned().get("journal")).isNotNull()
					.extracting(TrackedFile::problems, as(LIST))
					.containsExactly("It could not be opened: java.lang.IllegalStateException: not today");
			});
	}

	@Test
	void fileThatCannotBeClosedByNameIsReportedAndClosedAgainAtTheEnd() throws Exception {
		List<String> closes = new ArrayList<>();
		Mmap stubborn = closing(closes, new IOException("held"));
		Mmap willing = closing(closes, null);
		DefaultMmaps mmaps = StubRegistry.atRunTime(StubRegistry.file("stubborn", Path.of("a"), () -> stubborn),
				StubRegistry.file("willing", Path.of("b"), () -> willing));
		mmaps.open("stubborn", (properties) -> properties.setPath("a"));
		mmaps.open("willing", (properties) -> properties.setPath("b"));
		assertThatIOException().isThrownBy(() -> mmaps.close("stubborn")).withStackTraceContaining("held");
		mmaps.close("willing");
		assertThat(closes).containsExactly("held", "closed");
		assertThat(mmaps.names()).isEmpty();
		mmaps.destroy();
		assertThat(closes).containsExactly("held", "closed", "closed");
		mmaps.destroy();
		assertThat(closes).hasSize(3);
	}

	/** Returns a file that can be closed by the second call, or by the first. */
	private static Mmap closing(List<String> closes, @Nullable IOException first) {
		Mmap file = StubMmap.file(Path.of("a"), null, null);
		AtomicReference<@Nullable IOException> failure = new AtomicReference<>(first);
		return (Mmap) Proxy.newProxyInstance(Mmap.class.getClassLoader(), new Class<?>[] { Mmap.class },
				(proxy, method, arguments) -> {
					if (method.getName().equals("close")) {
						IOException thrown = failure.getAndSet(null);
						closes.add((thrown != null) ? String.valueOf(thrown.getMessage()) : "closed");
						if (thrown != null) {
							file.close();
							throw thrown;
						}
					}
					return method.invoke(file, arguments);
				});
	}

	/** As another thread may do between the two. */
	@Test
	void listenerThatIsAddedHearsOfTheEndOfAFileLast() {
		List<String> heard = new ArrayList<>();
		DefaultMmaps mmaps = StubRegistry.atRunTime(
				StubRegistry.file("a", Path.of("a"), () -> StubMmap.file(Path.of("a"), null, null)),
				StubRegistry.file("b", Path.of("b"), () -> StubMmap.file(Path.of("b"), null, null)));
		mmaps.open("a", (properties) -> properties.setPath("a"));
		mmaps.open("b", (properties) -> properties.setPath("b"));
		mmaps.addListener(new RegistryListener<TrackedFile>() {

			@Override
			public void added(TrackedFile file) {
				heard.add("added " + file.requiredSettings().name());
				if (file.requiredSettings().name().equals("a")) {
					close("b");
				}
			}

			private void close(String name) {
				try {
					mmaps.close(name);
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			}

			@Override
			public void removed(TrackedFile file) {
				heard.add("removed " + file.requiredSettings().name());
			}

		});
		assertThat(heard).containsExactly("added a", "removed b", "added b", "removed b");
	}

	@Test
	void destroyTwiceClosesOnce() throws Exception {
		DefaultMmaps mmaps = mmaps(StubMmap.file(Path.of("a"), null, null));
		mmaps.destroy();
		mmaps.destroy();
		assertThat(mmaps.openFiles()).isEmpty();
	}

	@Test
	void fileIsOpenedOnceByManyThreads() throws Exception {
		int threads = 8;
		this.contextRunner.withPropertyValues("yammap.files.a.path=a", "yammap.files.a.create=new")
			.withInitializer((context) -> context
				.addBeanFactoryPostProcessor((factory) -> factory.getBeanDefinition("a").setLazyInit(true)))
			.run((context) -> {
				Mmaps mmaps = context.getBean(Mmaps.class);
				CyclicBarrier barrier = new CyclicBarrier(threads);
				try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
					Callable<Mmap> open = () -> {
						barrier.await();
						return mmaps.get("a");
					};
					List<Future<Mmap>> files = executor.invokeAll(Stream.generate(() -> open).limit(threads).toList());
					assertThat(files.stream().map(Future::resultNow).collect(Collectors.toSet())).hasSize(1);
				}
			});
	}

	@Test
	void openingOfEachFileIsStartupStep() {
		BufferingApplicationStartup startup = new BufferingApplicationStartup(1000);
		this.contextRunner.withInitializer((context) -> context.setApplicationStartup(startup))
			.withPropertyValues("yammap.files.a.path=a", "yammap.files.b.path=b", "yammap.files.b.create=never")
			.run((context) -> assertThat(context).hasFailed());
		List<TimelineEvent> events = startup.getBufferedTimeline()
			.getEvents()
			.stream()
			.filter((event) -> event.getStartupStep().getName().equals("yammap.file.open"))
			.toList();
		assertThat(events).extracting((event) -> tags(event.getStartupStep()))
			.containsExactly(Map.of("file", "a"), Map.of("file", "b"));
		assertThat(events).allSatisfy((event) -> assertThat(event.getDuration()).isPositive());
	}

	private Map<String, String> tags(StartupStep step) {
		return StreamSupport.stream(step.getTags().spliterator(), false)
			.collect(Collectors.toMap(Tag::getKey, Tag::getValue));
	}

	private DefaultMmaps mmaps(Mmap... files) {
		return StubRegistry.of(false,
				Stream.of(files)
					.map((file) -> StubRegistry.file(file.path().toString(), file.path(), () -> file))
					.toArray(StubRegistry.StubFile[]::new));
	}

	static class LastWordOfDependent {

		private final Mmap journal;

		private final EventLog log;

		LastWordOfDependent(Mmap journal, EventLog log) {
			this.journal = journal;
			this.log = log;
		}

		@PreDestroy
		void sayLastWord() throws IOException {
			this.journal.write("last word".getBytes(StandardCharsets.UTF_8));
			this.log.add("last word");
		}

	}

	static class LastWordOfRegistryUser {

		private final Mmaps mmaps;

		private final EventLog log;

		LastWordOfRegistryUser(Mmaps mmaps, EventLog log) {
			this.mmaps = mmaps;
			this.log = log;
		}

		@PreDestroy
		void sayLastWord() throws IOException {
			this.mmaps.get("journal").write("last word".getBytes(StandardCharsets.UTF_8));
			this.log.add("last word");
		}

	}

	static class FailsAfterSingletons implements SmartLifecycle {

		@Override
		public void start() {
			throw new IllegalStateException("does not start");
		}

		@Override
		public void stop() {
		}

		@Override
		public boolean isRunning() {
			return false;
		}

	}

	static class Writer implements SmartLifecycle {

		private final EventLog log;

		private final int phase;

		private boolean running;

		Writer(EventLog log, int phase) {
			this.log = log;
			this.phase = phase;
		}

		@Override
		public void start() {
			this.running = true;
		}

		@Override
		public void stop() {
			this.running = false;
			this.log.add("writer stopped");
		}

		@Override
		public boolean isRunning() {
			return this.running;
		}

		@Override
		public int getPhase() {
			return this.phase;
		}

	}

}
