package dev.yammap.spring.boot.metrics;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.Mmaps;
import dev.yammap.spring.boot.autoconfigure.metrics.YammapMetricsAutoConfiguration;
import dev.yammap.spring.boot.support.Contexts;
import dev.yammap.spring.boot.support.Threads;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that an application whose filters and listeners of meters wait for other threads
 * can open its files.
 */
class SharedMetersTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final List<Object> seen = new CopyOnWriteArrayList<>();

	private ApplicationContextRunner contextRunner;

	@BeforeEach
	void useDirectory() {
		this.contextRunner = Contexts.in(this.directory)
			.withConfiguration(AutoConfigurations.of(YammapMetricsAutoConfiguration.class))
			.withBean(SimpleMeterRegistry.class, () -> this.registry);
	}

	@Test
	void filterMayWaitForAThreadThatOpensAnotherFile() {
		this.contextRunner.run((context) -> {
			Mmaps mmaps = context.getBean(Mmaps.class);
			whenFirstMeterIsNamed("first", () -> {
				this.seen.add(Threads.inThread(() -> open(mmaps, "second")));
				this.seen.addAll(sizes("second"));
			});
			Mmap first = open(mmaps, "first");
			assertThat(this.seen).containsExactly(mmaps.openFiles().get("second"), 0.0);
			assertThat(sizes("first")).containsExactly(0.0);
			first.close();
			assertThat(sizes("first")).isEmpty();
		});
	}

	@Test
	void filterMayWaitForAThreadThatClosesTheFile() {
		this.contextRunner.run((context) -> {
			Mmaps mmaps = context.getBean(Mmaps.class);
			whenFirstMeterIsNamed("first", () -> this.seen.add(Threads.inThread(() -> {
				Mmap first = Objects.requireNonNull(mmaps.openFiles().get("first"));
				first.close();
				return first;
			})));
			open(mmaps, "early");
			open(mmaps, "first");
			assertThat(this.seen).hasSize(1);
			assertThat(sizes("first")).isEmpty();
			assertThat(sizes("early")).containsExactly(0.0);
		});
	}

	/** A registry holds a lock of its own while its listeners run. */
	@Test
	void listenerMayReadAMeterWhileAnotherThreadRegistersSome() {
		this.contextRunner.run((context) -> {
			Mmaps mmaps = context.getBean(Mmaps.class);
			CountDownLatch registering = new CountDownLatch(1);
			whenFirstMeterIsNamed("first", registering::countDown);
			FutureTask<?>[] opening = new FutureTask<?>[1];
			this.registry.config().onMeterAdded((meter) -> {
				if (meter.getId().getName().equals("probe")) {
					opening[0] = Threads.start(() -> open(mmaps, "first"));
					this.seen.add(Threads.get(() -> {
						Threads.await(registering);
						return Threads.inThread(() -> this.registry.get("yammap.files.open").gauge().value());
					}));
				}
			});
			this.registry.counter("probe");
			assertThat(this.seen).hasSize(1);
			assertThat(Threads.result(opening[0])).isSameAs(mmaps.openFiles().get("first"));
			assertThat(sizes("first")).containsExactly(0.0);
		});
	}

	private void whenFirstMeterIsNamed(String file, Action action) {
		this.registry.config().meterFilter(new MeterFilter() {

			private boolean done;

			@Override
			public Meter.Id map(Meter.Id id) {
				if (!this.done && file.equals(id.getTag("file"))) {
					this.done = true;
					Threads.get(() -> {
						action.run();
						return true;
					});
				}
				return id;
			}

		});
	}

	private static Mmap open(Mmaps mmaps, String name) {
		return mmaps.open(name, (properties) -> properties.setPath(name));
	}

	private List<Double> sizes(String file) {
		return this.registry.find("yammap.file.size")
			.tag("file", file)
			.gauges()
			.stream()
			.map((gauge) -> gauge.value())
			.toList();
	}

	/**
	 * What a test does.
	 */
	private interface Action {

		void run() throws Exception;

	}

}
