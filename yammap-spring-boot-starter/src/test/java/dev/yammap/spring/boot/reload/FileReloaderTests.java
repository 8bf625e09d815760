package dev.yammap.spring.boot.reload;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.FileProperties;
import dev.yammap.spring.boot.MmapReloadValidator;
import dev.yammap.spring.boot.MmapReloadedEvent;
import dev.yammap.spring.boot.Mmaps;
import dev.yammap.spring.boot.support.Contexts;
import dev.yammap.spring.boot.support.Threads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verifyNoInteractions;

/**
 * Tests for {@link FileReloader}: what its thread does of itself.
 */
class FileReloaderTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	private ApplicationContextRunner contextRunner() {
		return Contexts.in(this.directory);
	}

	@Test
	void fileIsReloadedWithinSecondsAndTheApplicationToldOfIt() throws IOException {
		Files.writeString(this.directory.resolve("a"), "old");
		List<MmapReloadedEvent> events = new CopyOnWriteArrayList<>();
		contextRunner()
			.withInitializer(
					(context) -> context.addApplicationListener((ApplicationListener<MmapReloadedEvent>) events::add))
			.withPropertyValues("yammap.files.a.path=a", "yammap.files.a.access=read-only",
					"yammap.files.a.reload-on-update=true")
			.run((context) -> {
				Mmap file = context.getBean(Mmap.class);
				assertThat(file.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 'o');
				Path replacement = Files.writeString(this.directory.resolve("next"), "newer");
				Files.move(replacement, this.directory.resolve("a"), StandardCopyOption.ATOMIC_MOVE);
				Threads.await(() -> file.get(ValueLayout.JAVA_BYTE, 0) == 'n');
				Threads.await(() -> !events.isEmpty());
				assertThat(events).singleElement().satisfies((event) -> {
					assertThat(event.getName()).isEqualTo("a");
					assertThat(event.getFile()).isSameAs(file);
					assertThat(event.getOldSize()).isEqualTo(3);
					assertThat(event.getNewSize()).isEqualTo(5);
				});
			});
	}

	@Test
	void validatorsAndHandlersOfTheApplicationSeeAReload() throws IOException {
		Files.writeString(this.directory.resolve("a"), "old");
		List<String> calls = new CopyOnWriteArrayList<>();
		List<Mmap> reloaded = new CopyOnWriteArrayList<>();
		contextRunner().withBean("second", MmapReloadValidator.class, () -> new OrderedValidator(2, calls))
			.withBean("first", MmapReloadValidator.class, () -> new OrderedValidator(1, calls))
			.withInitializer((context) -> context
				.addApplicationListener((ApplicationListener<MmapReloadedEvent>) (event) -> calls.add("event")))
			.withPropertyValues("yammap.files.a.path=a", "yammap.files.a.access=read-only",
					"yammap.files.a.reload-on-update=true", "yammap.reload-interval=2ms")
			.run((context) -> {
				Mmap file = context.getBean(Mmap.class);
				Mmaps mmaps = context.getBean(Mmaps.class);
				mmaps.addReloadHandler("a", (_) -> {
					calls.add("handler");
					throw new IllegalStateException("a handler that fails");
				});
				mmaps.addReloadHandler("a", reloaded::add);
				Path replacement = Files.writeString(this.directory.resolve("next"), "newer");
				Files.move(replacement, this.directory.resolve("a"), StandardCopyOption.ATOMIC_MOVE);
				Threads.await(() -> calls.contains("event"));
				assertThat(calls).containsExactly("validator 1 a", "validator 2 a", "handler", "event");
				assertThat(reloaded).singleElement().isSameAs(file);
			});
	}

	@Test
	void validatorThatCannotBeCreatedStopsTheStart() throws IOException {
		Files.writeString(this.directory.resolve("a"), "old");
		contextRunner().withBean(LazyInitializationBeanFactoryPostProcessor.class)
			.withBean(MmapReloadValidator.class, () -> {
				throw new IllegalStateException("no validator");
			})
			.withPropertyValues("yammap.files.a.path=a", "yammap.files.a.access=read-only",
					"yammap.files.a.reload-on-update=true")
			.run((context) -> assertThat(context).getFailure().rootCause().hasMessage("no validator"));
	}

	@Test
	void threadsThatHaveBegunEndWhereAnotherTaskCannotBegin() throws IOException {
		Files.writeString(this.directory.resolve("a"), "old");
		contextRunner().withBean(LazyInitializationBeanFactoryPostProcessor.class)
			.withBean(MmapReloadValidator.class, () -> {
				throw new IllegalStateException("no validator");
			})
			.withPropertyValues("yammap.files.a.path=a", "yammap.files.a.access=read-only",
					"yammap.files.a.reload-on-update=true", "yammap.files.b.path=b", "yammap.files.b.sync.interval=1h")
			.run((context) -> {
				assertThat(context).getFailure().rootCause().hasMessage("no validator");
				assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
					.doesNotContain("yammap-sync");
			});
	}

	@Test
	void fileThatAHandlerClosesIsNotFollowedAnyMore() throws IOException {
		Files.writeString(this.directory.resolve("a"), "old");
		Files.writeString(this.directory.resolve("b"), "old");
		contextRunner().withPropertyValues("yammap.reload-interval=1h").run((context) -> {
			Mmaps mmaps = context.getBean(Mmaps.class);
			FileReloader reloader = context.getBean(FileReloader.class);
			for (String name : List.of("a", "b")) {
				mmaps.open(name, (file) -> {
					file.setPath(name);
					file.setAccess(FileProperties.Access.READ_ONLY);
					file.setReloadOnUpdate(true);
				});
			}
			mmaps.addReloadHandler("a", (_) -> close(mmaps, "b"));
			Path replacement = Files.writeString(this.directory.resolve("next"), "newer");
			Files.move(replacement, this.directory.resolve("a"), StandardCopyOption.ATOMIC_MOVE);
			reloader.lookAtAll();
			assertThat(mmaps.openFiles()).containsOnlyKeys("a", "b");
			reloader.lookAtAll();
			assertThat(mmaps.openFiles()).containsOnlyKeys("a");
			assertThat(reloader.followed()).isOne();
		});
	}

	private static void close(Mmaps mmaps, String name) {
		try {
			mmaps.close(name);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Test
	void handlerNeedsAFileThatThereIs() {
		contextRunner().withPropertyValues("yammap.files.a.path=a").run((context) -> {
			Mmaps mmaps = context.getBean(Mmaps.class);
			mmaps.addReloadHandler("a", (file) -> {
			});
			assertThatExceptionOfType(NoSuchElementException.class)
				.isThrownBy(() -> mmaps.addReloadHandler("b", (file) -> {
				}))
				.withMessageContaining("'b'");
		});
	}

	@Test
	void nothingIsDoneForRegistryOfTheApplication() {
		Mmaps mmaps = mock(Mmaps.class);
		contextRunner().withBean(Mmaps.class, () -> mmaps).run((context) -> {
			assertThat(context.getBean(FileReloader.class).isRunning()).isTrue();
			verifyNoInteractions(mmaps);
		});
	}

	private record OrderedValidator(int order, List<String> calls) implements MmapReloadValidator, Ordered {

		@Override
		public int getOrder() {
			return this.order;
		}

		@Override
		public void validate(String name, Mmap replacement) {
			this.calls.add("validator " + this.order + " " + name);
		}

	}

}
