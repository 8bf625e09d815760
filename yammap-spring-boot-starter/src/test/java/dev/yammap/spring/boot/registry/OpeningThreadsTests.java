package dev.yammap.spring.boot.registry;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;

import dev.yammap.Mmap;
import dev.yammap.MmapListener;
import dev.yammap.spring.boot.FileProperties;
import dev.yammap.spring.boot.MmapBuilderCustomizer;
import dev.yammap.spring.boot.Mmaps;
import dev.yammap.spring.boot.settings.InvalidFileException;
import dev.yammap.spring.boot.support.Contexts;
import dev.yammap.spring.boot.support.Threads;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests that an application whose customizers and listeners wait for other threads can
 * open its files, and end.
 */
class OpeningThreadsTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	private ApplicationContextRunner contextRunner;

	@BeforeEach
	void useDirectory() {
		this.contextRunner = Contexts.in(this.directory, "yammap.files.late.path=late")
			.withInitializer((context) -> context
				.addBeanFactoryPostProcessor((factory) -> factory.getBeanDefinition("late").setLazyInit(true)));
	}

	private ApplicationContextRunner withCustomizer(Customizer customizer) {
		return this.contextRunner.withBean(Customizer.class, () -> customizer);
	}

	@Test
	void customizerMayWaitForAThreadThatOpensOrAsksForAnotherFile() {
		Customizer customizer = new Customizer();
		withCustomizer(customizer).run((context) -> {
			Mmaps mmaps = context.getBean(Mmaps.class);
			customizer.ofTenant = (builder) -> {
				assertThat(Threads.inThread(() -> mmaps.open("other", path("other"))).isOpen()).isTrue();
				assertThat(Threads.inThread(() -> mmaps.get("late")).isOpen()).isTrue();
			};
			assertThat(mmaps.open("tenant", path("tenant")).isOpen()).isTrue();
			assertThat(mmaps.openFiles()).containsOnlyKeys("other", "late", "tenant");
		});
	}

	@Test
	void listenerMayWaitForAThreadThatOpensAnotherFile() {
		Customizer customizer = new Customizer();
		withCustomizer(customizer).run((context) -> {
			Mmaps mmaps = context.getBean(Mmaps.class);
			AtomicReference<Mmap> other = new AtomicReference<>();
			customizer.ofTenant = whenOpened(
					(file) -> other.set(Threads.inThread(() -> mmaps.open("other", path("other")))));
			assertThat(mmaps.open("tenant", path("tenant")).isOpen()).isTrue();
			assertThat(other.get()).isSameAs(mmaps.get("other"));
		});
	}

	/** One thread is making a bean, the other waits in a customizer for another bean. */
	@Test
	void lazyBeanMayNeedAFileWhileACustomizerNeedsALazyBean() {
		Customizer customizer = new Customizer();
		CountDownLatch making = new CountDownLatch(1);
		CountDownLatch customizing = new CountDownLatch(1);
		AtomicReference<Mmaps> mmaps = new AtomicReference<>();
		withCustomizer(customizer).withBean("user", List.class, () -> Threads.get(() -> {
			making.countDown();
			Threads.await(customizing);
			return List.of(mmaps.get().get("late"));
		}), (definition) -> definition.setLazyInit(true))
			.withBean("needed", String.class, () -> "needed", (definition) -> definition.setLazyInit(true))
			.run((context) -> {
				mmaps.set(context.getBean(Mmaps.class));
				customizer.ofTenant = (builder) -> {
					customizing.countDown();
					assertThat(context.getBean("needed")).isEqualTo("needed");
				};
				FutureTask<Object> user = Threads.start(() -> context.getBean("user"));
				Threads.await(making);
				FutureTask<Mmap> tenant = Threads.start(() -> mmaps.get().open("tenant", path("tenant")));
				assertThat(Threads.result(user)).isEqualTo(List.of(mmaps.get().get("late")));
				assertThat(Threads.result(tenant).isOpen()).isTrue();
			});
	}

	@Test
	void customizerThatAsksForItsOwnFileIsToldSo() {
		Customizer customizer = new Customizer();
		withCustomizer(customizer).run((context) -> {
			Mmaps mmaps = context.getBean(Mmaps.class);
			customizer.ofLate = (builder) -> mmaps.get("late");
			assertThatIllegalStateException().isThrownBy(() -> mmaps.get("late"))
				.withMessageContaining("File 'late'")
				.withMessageContaining("is being opened by this very thread");
			customizer.ofLate = (builder) -> {
			};
			assertThat(mmaps.get("late").isOpen()).isTrue();
		});
	}

	/** The customizers of both run before either is open. */
	@Test
	void ofTwoNamesForOneFileThatAreOpenedAtOnceOneIsRefused() {
		Customizer customizer = new Customizer();
		CyclicBarrier both = new CyclicBarrier(2);
		withCustomizer(customizer).run((context) -> {
			Mmaps mmaps = context.getBean(Mmaps.class);
			customizer.ofTenant = (builder) -> both.await(1, TimeUnit.MINUTES);
			List<FutureTask<Mmap>> openings = Stream.of("tenant", "tenant2")
				.map((name) -> Threads.start(() -> mmaps.open(name, (properties) -> {
					properties.setPath("same");
					properties.setLock(FileProperties.Lock.NONE);
				})))
				.toList();
			assertThat(openings).filteredOn((opening) -> Threads.failure(opening) == null).hasSize(1);
			assertThat(openings).filteredOn((opening) -> Threads.failure(opening) instanceof InvalidFileException)
				.hasSize(1);
			assertThat(mmaps.openFiles()).hasSize(1);
		});
	}

	@Test
	void fileWhoseListenerClosesTheRegistryIsClosed() {
		Customizer customizer = new Customizer();
		AtomicReference<Mmap> opened = new AtomicReference<>();
		withCustomizer(customizer).run((context) -> {
			DefaultMmaps mmaps = context.getBean(DefaultMmaps.class);
			customizer.ofLate = whenOpened((file) -> {
				opened.set(file);
				mmaps.destroy();
			});
			assertThatIllegalStateException().isThrownBy(() -> mmaps.get("late"))
				.withMessageContaining("the registry is closed");
			assertThat(opened.get().isOpen()).isFalse();
			assertThat(mmaps.openFiles()).isEmpty();
		});
	}

	@Test
	void endWaitsForTheFileThatAnotherThreadIsOpening() {
		Customizer customizer = new Customizer();
		CountDownLatch opening = new CountDownLatch(1);
		CountDownLatch closing = new CountDownLatch(1);
		AtomicReference<Mmap> opened = new AtomicReference<>();
		withCustomizer(customizer).run((context) -> {
			DefaultMmaps mmaps = context.getBean(DefaultMmaps.class);
			customizer.ofTenant = whenOpened((file) -> {
				opened.set(file);
				opening.countDown();
				Threads.await(closing);
			});
			FutureTask<Mmap> tenant = Threads.start(() -> mmaps.open("tenant", path("tenant")));
			Threads.await(opening);
			FutureTask<Boolean> end = Threads.start(() -> {
				mmaps.destroy();
				return opened.get().isOpen();
			});
			awaitRefusal(mmaps);
			closing.countDown();
			assertThat(Threads.result(end)).isFalse();
			assertThat(Threads.result(tenant)).isSameAs(opened.get());
		});
	}

	/** Until the registry opens nothing any more. */
	private static void awaitRefusal(DefaultMmaps mmaps) {
		Threads.await(() -> {
			try {
				mmaps.get("late");
				return false;
			}
			catch (IllegalStateException ex) {
				return true;
			}
		});
	}

	@Test
	void fileThatItsListenerClosesIsNoneOfTheRegistry() {
		Customizer customizer = new Customizer();
		withCustomizer(customizer).run((context) -> {
			Mmaps mmaps = context.getBean(Mmaps.class);
			customizer.ofTenant = whenOpened(Mmap::close);
			assertThat(mmaps.open("tenant", path("tenant")).isOpen()).isFalse();
			assertThat(mmaps.names()).containsExactly("late");
			customizer.ofTenant = (builder) -> {
			};
			assertThat(mmaps.open("tenant", path("tenant")).isOpen()).isTrue();
		});
	}

	private static Action<Mmap.Builder> whenOpened(Action<Mmap> action) {
		return (builder) -> builder.listener(new MmapListener() {

			@Override
			public void opened(Mmap file) {
				Threads.get(() -> {
					action.run(file);
					return true;
				});
			}

		});
	}

	private static Consumer<FileProperties> path(String path) {
		return (properties) -> properties.setPath(path);
	}

	/**
	 * What a test does with a builder or a file.
	 */
	private interface Action<T> {

		void run(T subject) throws Exception;

	}

	/**
	 * Does what the test says for each file.
	 */
	private static final class Customizer implements MmapBuilderCustomizer {

		private volatile Action<Mmap.Builder> ofLate = (builder) -> {
		};

		private volatile Action<Mmap.Builder> ofTenant = (builder) -> {
		};

		@Override
		public void customize(String name, Path path, Mmap.Builder builder) throws IOException {
			try {
				if (name.equals("late")) {
					this.ofLate.run(builder);
				}
				else if (name.startsWith("tenant")) {
					this.ofTenant.run(builder);
				}
			}
			catch (IOException | RuntimeException ex) {
				throw ex;
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
