package dev.yammap.spring.boot.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.yammap.FailureCause;
import dev.yammap.LockMode;
import dev.yammap.MappedFaultException;
import dev.yammap.Mmap;
import dev.yammap.MmapListener.WriteOperation;
import dev.yammap.spring.boot.MmapBuilderCustomizer;
import dev.yammap.spring.boot.Mmaps;
import dev.yammap.spring.boot.autoconfigure.health.YammapHealthContributorAutoConfiguration;
import dev.yammap.spring.boot.lifecycle.Checkpoints;
import dev.yammap.spring.boot.lifecycle.CracCheckpoints;
import dev.yammap.spring.boot.registry.DefaultMmaps;
import dev.yammap.spring.boot.registry.StubRegistry;
import dev.yammap.spring.boot.support.Threads;
import dev.yammap.spring.boot.tracking.TrackedFile;
import dev.yammap.spring.boot.registry.TrackedResources;
import dev.yammap.spring.boot.support.EventLog;
import dev.yammap.spring.boot.support.Healths;
import dev.yammap.spring.boot.support.JournalWriter;
import dev.yammap.spring.boot.support.SavedProcess;
import dev.yammap.spring.boot.support.StubMmap;
import dev.yammap.spring.boot.swap.SwappableMmap;
import org.crac.CheckpointException;
import org.crac.RestoreException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for files of an application that is saved to disk and restored from there, with
 * the {@linkplain dev.yammap.spring.boot.crac virtual machine} of these tests.
 */
@ExtendWith(OutputCaptureExtension.class)
class CheckpointTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	private final EventLog log = new EventLog();

	private Runnable atCheckpoint = () -> {
	};

	private ApplicationContextRunner contextRunner = new ApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(YammapAutoConfiguration.class, YammapHealthContributorAutoConfiguration.class));

	@BeforeEach
	void useDirectoryAndVirtualMachine() {
		dev.yammap.spring.boot.crac.Core.reset(() -> this.atCheckpoint.run());
		this.contextRunner = this.contextRunner
			.withPropertyValues("yammap.base-dir=" + this.directory, "yammap.files.journal.path=journal.log",
					"yammap.files.counters.path=counters", "yammap.files.counters.size=4KB")
			.withBean(EventLog.class, () -> this.log);
	}

	@AfterEach
	void forgetResources() {
		dev.yammap.spring.boot.crac.Core.reset(() -> {
		});
	}

	@Test
	void nothingOfAFileIsOpenAtTheCheckpointAndTheBeanGoesOnAfterwards() {
		this.contextRunner.run((context) -> {
			Mmap journal = context.getBean("journal", Mmap.class);
			Mmap counters = context.getBean("counters", Mmap.class);
			counters.set(ValueLayout.JAVA_LONG_UNALIGNED, 8, 42);
			journal.write(bytes("before"));
			this.atCheckpoint = () -> {
				assertThat(SavedProcess.openFiles(this.directory)).isEmpty();
				assertThat(journal.isOpen()).isFalse();
				assertThat(context.getBean(Mmaps.class).openFiles()).isEmpty();
			};
			assertThat(SavedProcess.openFiles(this.directory)).isNotEmpty();
			SavedProcess.checkpointRestore();
			assertThat(this.log.events).containsSubsequence("synced journal.log", "synced journal.log")
				.contains("synced counters")
				.noneMatch((event) -> event.startsWith("closed"));
			assertThat(context.getBean("journal", Mmap.class)).isSameAs(journal);
			assertThat(journal.isOpen()).isTrue();
			assertThat(counters.get(ValueLayout.JAVA_LONG_UNALIGNED, 8)).isEqualTo(42);
			assertThat(journal.offset()).isEqualTo(6);
			journal.write(bytes(" after"));
			assertThat(context.getBean(Mmaps.class).openFiles()).containsOnlyKeys("journal", "counters");
		});
		assertThat(this.directory.resolve("journal.log")).hasContent("before after");
		assertThat(this.log.events).contains("closed journal.log", "closed counters");
	}

	@Test
	void callsMeanwhileFailAsAfterClose() {
		this.contextRunner.run((context) -> {
			Mmap counters = context.getBean("counters", Mmap.class);
			this.atCheckpoint = () -> {
				assertThatExceptionOfType(ClosedChannelException.class)
					.isThrownBy(() -> counters.readAt(new byte[1], 0));
				assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(counters::sync);
				assertThatIllegalStateException().isThrownBy(() -> counters.get(ValueLayout.JAVA_LONG_UNALIGNED, 0));
				assertThat(Healths.status(context)).isEqualTo(Status.UP);
			};
			SavedProcess.checkpointRestore();
			assertThat(counters.get(ValueLayout.JAVA_LONG_UNALIGNED, 0)).isZero();
		});
	}

	@Test
	void viewsAndChannelsEndWithTheCheckpoint() {
		this.contextRunner.run((context) -> {
			Mmap counters = context.getBean("counters", Mmap.class);
			MemorySegment view = counters.segment();
			SeekableByteChannel channel = counters.channel();
			SavedProcess.checkpointRestore();
			assertThatIllegalStateException().isThrownBy(() -> view.get(ValueLayout.JAVA_BYTE, 0));
			assertThat(channel.isOpen()).isFalse();
			assertThat(counters.segment().get(ValueLayout.JAVA_BYTE, 0)).isZero();
		});
	}

	@Test
	void whatIsWrittenUntilTheLifecycleStopsIsSaved() {
		this.contextRunner.withBean("writer", JournalWriter.class, () -> new JournalWriter(this.log)).run((context) -> {
			context.getBean(JournalWriter.class).journal = context.getBean("journal", Mmap.class);
			this.atCheckpoint = () -> assertThat(this.directory.resolve("journal.log")).hasContent("stopped");
			SavedProcess.checkpointRestore();
			assertThat(this.log.events).containsSubsequence("writer stopped", "synced journal.log", "writer started");
			assertThat(context.getBean(DefaultMmaps.class).isRunning()).isTrue();
		});
	}

	@Test
	void checkpointBeforeTheLifecycleBeginsClosesFilesToo() {
		this.contextRunner
			.withBean("early", SmartInitializingSingleton.class, () -> this::assertThatCheckpointClosesFiles)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean("journal", Mmap.class).isOpen()).isTrue();
			});
	}

	private void assertThatCheckpointClosesFiles() {
		AtomicBoolean done = new AtomicBoolean();
		this.atCheckpoint = () -> {
			assertThat(SavedProcess.openFiles(this.directory)).isEmpty();
			done.set(true);
		};
		assertThat(SavedProcess.openFiles(this.directory)).isNotEmpty();
		SavedProcess.checkpointRestore();
		assertThat(done).isTrue();
	}

	@Test
	void threadsInTheBackgroundStopAndStartAgain() {
		this.contextRunner.withPropertyValues("yammap.files.counters.sync.interval=1ms").run((context) -> {
			this.atCheckpoint = () -> assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
				.doesNotContain("yammap-sync");
			Mmap counters = context.getBean("counters", Mmap.class);
			SavedProcess.checkpointRestore();
			counters.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, 1);
			Threads.await(() -> !counters.isDirty());
		});
	}

	@Test
	void fileIsEmptiedAndCreatedOnceOnly() {
		this.contextRunner.withPropertyValues("yammap.files.journal.create=new", "yammap.files.counters.truncate=true")
			.run((context) -> {
				context.getBean("journal", Mmap.class).write(bytes("kept"));
				context.getBean("counters", Mmap.class).set(ValueLayout.JAVA_LONG_UNALIGNED, 0, 7);
				SavedProcess.checkpointRestore();
				assertThat(context.getBean("journal", Mmap.class).size()).isEqualTo(4);
				assertThat(context.getBean("counters", Mmap.class).get(ValueLayout.JAVA_LONG_UNALIGNED, 0))
					.isEqualTo(7);
			});
	}

	@Test
	void fileThatACustomizerEmptiesOrCreatesIsEmptiedAndCreatedOnceOnly() {
		this.contextRunner
			.withBean(MmapBuilderCustomizer.class,
					() -> (name, path, builder) -> builder.options(StandardOpenOption.READ, StandardOpenOption.WRITE,
							name.equals("journal") ? StandardOpenOption.CREATE_NEW
									: StandardOpenOption.TRUNCATE_EXISTING,
							StandardOpenOption.CREATE))
			.run((context) -> {
				context.getBean("journal", Mmap.class).write(bytes("kept"));
				context.getBean("counters", Mmap.class).set(ValueLayout.JAVA_LONG_UNALIGNED, 0, 7);
				SavedProcess.checkpointRestore();
				assertThat(context.getBean("journal", Mmap.class).size()).isEqualTo(4);
				assertThat(context.getBean("counters", Mmap.class).get(ValueLayout.JAVA_LONG_UNALIGNED, 0))
					.isEqualTo(7);
				context.getBean("journal", Mmap.class).write(bytes(" and written"));
			});
		assertThat(this.directory.resolve("journal.log")).hasContent("kept and written");
	}

	/**
	 * The properties say that the file is emptied, and a customizer adds to its options.
	 */
	@Test
	void optionsOfACustomizerAreThoseOfTheFileThatIsOpenedAgain() {
		this.contextRunner.withPropertyValues("yammap.files.journal.truncate=true")
			.withBean(MmapBuilderCustomizer.class,
					() -> (name, path, builder) -> builder.options(StandardOpenOption.READ, StandardOpenOption.APPEND,
							StandardOpenOption.CREATE))
			.run((context) -> {
				Mmap journal = context.getBean("journal", Mmap.class);
				journal.append(bytes("kept"));
				SavedProcess.checkpointRestore();
				assertThatExceptionOfType(NonWritableChannelException.class)
					.isThrownBy(() -> journal.writeAt(bytes("lost"), 0));
			});
		assertThat(this.directory.resolve("journal.log")).hasContent("kept");
	}

	@Test
	void fileThatAnotherTookThePlaceOfIsOpenedInstead() {
		this.contextRunner.run((context) -> {
			Mmap journal = context.getBean("journal", Mmap.class);
			journal.write(bytes("long before"));
			this.atCheckpoint = () -> rewrite("journal.log", "new");
			SavedProcess.checkpointRestore();
			assertThat(journal.size()).isEqualTo(3);
			assertThat(journal.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 'n');
			assertThat(journal.offset()).isEqualTo(3);
			assertThat(Healths.status(context)).isEqualTo(Status.UP);
		});
	}

	@Test
	void whatIsWrongWithAFileIsForgottenWhenItIsOpenedAgain() {
		this.contextRunner.run((context) -> {
			TrackedFile state = Objects.requireNonNull(context.getBean(TrackedResources.class).files().get("journal"));
			Mmap journal = context.getBean("journal", Mmap.class);
			state.faulted(journal, new MappedFaultException("page gone", null));
			state.synced(journal, Duration.ZERO, new IOException("disk on fire"));
			state.failed(journal, WriteOperation.APPEND, FailureCause.NO_SPACE, new IOException("full"));
			assertThat(state.problems()).hasSize(3);
			SavedProcess.checkpointRestore();
			assertThat(state.problems()).isEmpty();
			state.synced(journal, Duration.ZERO, new IOException("again"));
			assertThat(state.problems()).containsExactly("A sync failed: again");
		});
	}

	@Test
	void fileThatCannotBeOpenedAgainIsReportedAndKeepsNoOtherFromIt(CapturedOutput output) {
		this.contextRunner.withPropertyValues("yammap.files.journal.create=never")
			.withInitializer((context) -> rewrite("journal.log", "content"))
			.run((context) -> {
				Mmap journal = context.getBean("journal", Mmap.class);
				Mmap counters = context.getBean("counters", Mmap.class);
				this.atCheckpoint = () -> move("journal.log", "elsewhere");
				assertThatExceptionOfType(RestoreException.class).isThrownBy(org.crac.Core::checkpointRestore)
					.satisfies((ex) -> assertThat(ex.getSuppressed()).singleElement()
						.satisfies((cause) -> assertThat(cause).hasStackTraceContaining("1 of 2 mapped files")
							.hasStackTraceContaining("NoSuchFileException")));
				assertThat(counters.isOpen()).isTrue();
				assertThat(journal.isOpen()).isFalse();
				assertThat(output).contains("ERROR").contains("File 'journal'", "could not be opened after a restore");
				assertThat(Healths.of(context, "journal"))
					.satisfies((health) -> assertThat(health.getStatus()).isEqualTo(Status.DOWN))
					.asString()
					.contains("It could not be opened again after a restore");
				// The next restore tries again.
				this.atCheckpoint = () -> move("elsewhere", "journal.log");
				SavedProcess.checkpointRestore();
				assertThat(journal.size()).isEqualTo(7);
				assertThat(Healths.status(context)).isEqualTo(Status.UP);
			});
	}

	@Test
	void fileThatAnotherProcessLockedMeanwhileIsReported() throws IOException {
		List<Mmap> others = new ArrayList<>();
		this.contextRunner.run((context) -> {
			this.atCheckpoint = () -> others.add(lock("journal.log"));
			assertThatExceptionOfType(RestoreException.class).isThrownBy(org.crac.Core::checkpointRestore)
				.satisfies((ex) -> assertThat(ex.getSuppressed()[0]).hasStackTraceContaining("journal.log")
					.hasStackTraceContaining("FileLockedException"));
			assertThat(context.getBean("journal", Mmap.class).isOpen()).isFalse();
			assertThat(context.getBean("counters", Mmap.class).isOpen()).isTrue();
		});
		for (Mmap other : others) {
			other.close();
		}
		assertThat(others).hasSize(1);
	}

	@Test
	void fileThatTheApplicationClosedStaysClosed() {
		this.contextRunner.run((context) -> {
			context.getBean("journal", Mmap.class).close();
			SavedProcess.checkpointRestore();
			assertThat(context.getBean("journal", Mmap.class).isOpen()).isFalse();
			assertThat(context.getBean("counters", Mmap.class).isOpen()).isTrue();
		});
	}

	@Test
	void fileThatTheApplicationClosesDuringTheCheckpointStaysClosed() {
		this.contextRunner.run((context) -> {
			Mmap journal = context.getBean("journal", Mmap.class);
			this.atCheckpoint = () -> close(journal);
			SavedProcess.checkpointRestore();
			assertThat(journal.isOpen()).isFalse();
			assertThat(this.log.events).containsOnlyOnce("closed journal.log");
			assertThat(SavedProcess.openFiles(this.directory)).noneMatch((file) -> file.endsWith("journal.log"));
		});
	}

	@Test
	void fileIsNotOpenedForTheFirstTimeDuringACheckpoint() {
		this.contextRunner
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> {
				Mmaps mmaps = context.getBean(Mmaps.class);
				this.atCheckpoint = () -> assertThatIllegalStateException().isThrownBy(() -> mmaps.get("journal"))
					.withMessageContaining("during a checkpoint");
				SavedProcess.checkpointRestore();
				assertThat(mmaps.get("journal").isOpen()).isTrue();
			});
	}

	@Test
	void fileThatCannotBeSyncedKeepsTheProcessFromBeingSaved(CapturedOutput output) throws IOException {
		Mmap a = StubMmap.file(Path.of("a"), new IOException("disk on fire"), null);
		Mmap b = Mmap.create(this.directory.resolve("b"), 8);
		DefaultMmaps mmaps = StubRegistry.of(true, StubRegistry.file("a", Path.of("a"), () -> a), StubRegistry.file("b",
				this.directory.resolve("b"), () -> b.isOpen() ? b : Mmap.create(this.directory.resolve("b"), 8)));
		CracCheckpoints checkpoints = new CracCheckpoints();
		checkpoints.announceTo(mmaps);
		this.atCheckpoint = () -> {
			throw new AssertionError("saved");
		};
		int opened = output.length();
		assertThatExceptionOfType(CheckpointException.class).isThrownBy(org.crac.Core::checkpointRestore)
			.satisfies((ex) -> assertThat(ex.getSuppressed()).singleElement()
				.satisfies((cause) -> assertThat(cause).hasStackTraceContaining("1 of 2 mapped files")
					.hasStackTraceContaining("disk on fire")));
		assertThat(b.isOpen()).isFalse();
		assertThat(mmaps.get("a").isOpen()).isTrue();
		assertThat(mmaps.get("b").isOpen()).isTrue();
		assertThat(output.toString().substring(opened)).contains("Opened file 'b'").doesNotContain("Opened file 'a'");
		mmaps.get("b").close();
	}

	@Test
	void applicationWithoutCracHasTheFilesOfTheEngineItself() {
		new ApplicationContextRunner().withUserConfiguration(AutoConfigured.class)
			.withClassLoader(new FilteredClassLoader("org.crac"))
			.withPropertyValues("yammap.base-dir=" + this.directory, "yammap.files.journal.path=journal.log",
					"yammap.files.table.path=journal.txt", "yammap.files.table.access=read-only",
					"yammap.files.table.reload-on-update=true")
			.withInitializer((context) -> rewrite("journal.txt", "table"))
			.run((context) -> {
				assertThat(context).hasNotFailed().doesNotHaveBean(Checkpoints.class);
				Mmap journal = context.getBean("journal", Mmap.class);
				assertThat(journal).isNotInstanceOf(SwappableMmap.class);
				assertThat(context.getBean("table")).isInstanceOf(SwappableMmap.class);
				journal.write(bytes("content"));
				context.close();
				assertThat(journal.isOpen()).isFalse();
			});
		assertThat(this.directory.resolve("journal.log")).hasContent("content");
	}

	private void rewrite(String name, String content) {
		try {
			Path path = Files.writeString(this.directory.resolve(name + ".new"), content);
			Files.move(path, this.directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void move(String from, String to) {
		try {
			Files.move(this.directory.resolve(from), this.directory.resolve(to));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private Mmap lock(String name) {
		try {
			return Mmap.builder(this.directory.resolve(name)).lock(LockMode.SHARED).open();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void close(Mmap file) {
		try {
			file.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(YammapAutoConfiguration.class)
	static class AutoConfigured {

	}

}
