package dev.yammap.spring.boot.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.autoconfigure.YammapAutoConfiguration;
import dev.yammap.spring.boot.autoconfigure.metrics.YammapMetricsAutoConfiguration;
import dev.yammap.spring.boot.tracking.TrackedFile;
import dev.yammap.spring.boot.registry.TrackedResources;
import dev.yammap.spring.boot.support.StubMmap;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import io.micrometer.core.instrument.distribution.ValueAtPercentile;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.FactoryBean;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FileMeters}, and for which files have them.
 */
class FileMetersTests {

	private static final String[] EVENTS = { "yammap.sync", "yammap.sync.age", "yammap.sync.coalesced", "yammap.errors",
			"yammap.grows" };

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	private ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(YammapAutoConfiguration.class, YammapMetricsAutoConfiguration.class));

	@BeforeEach
	void configureFile() {
		this.contextRunner = this.contextRunner.withPropertyValues("yammap.base-dir=" + this.directory,
				"yammap.files.journal.path=journal.log");
	}

	@Test
	void mappedSizeIsTheAddressSpaceOfFile() {
		withRegistry().withPropertyValues("yammap.files.journal.size=1KB", "yammap.files.journal.max-size=64MB")
			.run((context) -> {
				Gauge mapped = gauge(context.getBean(MeterRegistry.class), "yammap.mapped.size", "journal");
				assertThat(mapped.getId().getBaseUnit()).isEqualTo("bytes");
				assertThat(mapped.value()).isEqualTo(64 << 20);
			});
	}

	@Test
	void pagesFollowThePageCache() {
		withRegistry().withPropertyValues("yammap.files.journal.size=64KB").run((context) -> {
			Mmap journal = context.getBean(Mmap.class);
			journal.writeAt(new byte[65536], 0);
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			double pages = 65536.0 / journal.pageCache().orElseThrow().pageSize();
			assertThat(pages(registry, "journal", "cached").value()).isEqualTo(pages);
			assertThat(pages(registry, "journal", "cached").getId().getBaseUnit()).isEqualTo("pages");
			assertThat(registry.get("yammap.pages").tag("file", "journal").gauges()).hasSize(5)
				.allSatisfy((gauge) -> assertThat(gauge.value()).isNotNegative());
			assertThat(pages(registry, "journal", "dirty").value()).isPositive();
			journal.sync();
			assertThat(pages(registry, "journal", "dirty").value()).isZero();
		});
	}

	@Test
	void pagesAreAbsentWhereTheSystemDoesNotTell() {
		withRegistry().withPropertyValues("yammap.files.journal.backend=portable").run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(registry.find("yammap.pages").meters()).isEmpty();
			assertThat(gauge(registry, "yammap.mapped.size", "journal").value()).isNotNegative();
		});
	}

	@Test
	void growthsAreCounted() {
		withRegistry().run((context) -> {
			Mmap journal = context.getBean(Mmap.class);
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(registry.get("yammap.grows").tag("file", "journal").functionCounter().count()).isZero();
			journal.truncate(4096);
			journal.truncate(100);
			journal.truncate(8192);
			assertThat(registry.get("yammap.grows").tag("file", "journal").functionCounter().count()).isEqualTo(2);
		});
	}

	@Test
	void callsThatSharedSyncAreCounted() {
		withRegistry().run((context) -> {
			Mmap journal = context.getBean(Mmap.class);
			TrackedFile state = Objects.requireNonNull(context.getBean(TrackedResources.class).files().get("journal"));
			state.coalesced(journal, 3);
			state.coalesced(journal, 1);
			assertThat(context.getBean(MeterRegistry.class)
				.get("yammap.sync.coalesced")
				.tag("file", "journal")
				.functionCounter()
				.count()).isEqualTo(4);
		});
	}

	@Test
	void ownFileHasTheMetersThatNeedNoListener() throws IOException {
		Mmap own = Mmap.create(this.directory.resolve("own"), 64);
		withRegistry().withBean("own", Mmap.class, () -> own).run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(gauge(registry, "yammap.file.size", "own").value()).isEqualTo(64);
			assertThat(gauge(registry, "yammap.mapped.size", "own").value()).isPositive();
			assertThat(pages(registry, "own", "cached").value()).isOne();
			for (String meter : EVENTS) {
				assertThat(registry.find(meter).tag("file", "own").meters()).as(meter).isEmpty();
				assertThat(registry.find(meter).tag("file", "journal").meters()).as(meter).isNotEmpty();
			}
			assertThat(registry.get("yammap.files.open").gauge().value()).isEqualTo(2);
		});
	}

	@Test
	void metersOfOwnFileAreRemovedOnceItIsFoundClosed() throws IOException {
		Mmap own = Mmap.create(this.directory.resolve("own"), 64);
		withRegistry().withBean("own", Mmap.class, () -> own).run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			Gauge size = gauge(registry, "yammap.file.size", "own");
			own.close();
			assertThat(registry.get("yammap.files.open").gauge().value()).isEqualTo(1);
			assertThat(size.value()).isNaN();
			assertThat(registry.getMeters()).noneMatch((meter) -> "own".equals(meter.getId().getTag("file")));
			assertThat(gauge(registry, "yammap.file.size", "journal").value()).isZero();
		});
	}

	@Test
	void ownFileThatIsCreatedLateHasMetersFromThen() {
		Supplier<Mmap> supplier = () -> StubMmap.file(this.directory.resolve("own"), null, null);
		withRegistry().withBean("own", Mmap.class, supplier, (definition) -> definition.setLazyInit(true))
			.run((context) -> {
				MeterRegistry registry = context.getBean(MeterRegistry.class);
				assertThat(registry.find("yammap.file.size").tag("file", "own").meters()).isEmpty();
				context.getBean("own");
				assertThat(gauge(registry, "yammap.file.size", "own").value()).isOne();
			});
	}

	@Test
	void ownFileThatIsRegisteredAsSingletonHasMeters() throws IOException {
		try (Mmap own = Mmap.create(this.directory.resolve("own"), 64)) {
			withRegistry().withInitializer((context) -> context.getBeanFactory().registerSingleton("own", own))
				.run((context) -> assertThat(
						gauge(context.getBean(MeterRegistry.class), "yammap.file.size", "own").value())
					.isEqualTo(64));
		}
	}

	@Test
	void fileOfAFactoryBeanIsShownNowhere() throws IOException {
		try (Mmap own = Mmap.create(this.directory.resolve("own"), 64)) {
			withRegistry().withBean("own", MmapFactoryBean.class, () -> new MmapFactoryBean(own)).run((context) -> {
				assertThat(context.getBean("own")).isSameAs(own);
				assertThat(context.getBean(MeterRegistry.class).find("yammap.file.size").tag("file", "own").meters())
					.isEmpty();
				assertThat(context.getBean(TrackedResources.class).all()).containsOnlyKeys("journal");
				assertThat(context.getBean(TrackedResources.class).find("own")).isNull();
			});
		}
	}

	@Test
	void fileOfScopeOfItsOwnHasNoMeters() {
		withRegistry()
			.withBean("own", Mmap.class, () -> StubMmap.file(this.directory.resolve("own"), null, null),
					(definition) -> definition.setScope("prototype"))
			.run((context) -> {
				context.getBean("own");
				assertThat(context.getBean(MeterRegistry.class).find("yammap.file.size").tag("file", "own").meters())
					.isEmpty();
			});
	}

	@Test
	void ownFileInPlaceOfConfiguredOneHasItsMeters() throws IOException {
		Mmap own = Mmap.create(this.directory.resolve("own"), 64);
		withRegistry().withBean("journal", Mmap.class, () -> own).run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(gauge(registry, "yammap.file.size", "journal").value()).isEqualTo(64);
			assertThat(registry.find("yammap.sync").meters()).isEmpty();
			assertThat(Files.exists(this.directory.resolve("journal.log"))).isFalse();
		});
	}

	@Test
	void fileHasNoMetersBeforeItIsOpened() {
		withRegistry()
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> {
				MeterRegistry registry = context.getBean(MeterRegistry.class);
				assertThat(registry.get("yammap.files.open").gauge().value()).isZero();
				assertThat(registry.find("yammap.file.size").meters()).isEmpty();
				context.getBean(Mmap.class);
				assertThat(registry.get("yammap.files.open").gauge().value()).isOne();
				assertThat(gauge(registry, "yammap.file.size", "journal").value()).isZero();
			});
	}

	@Test
	void registryThatComesLateHasAllMetersAndLosesThemWithTheFile() {
		this.contextRunner
			.withConfiguration(AutoConfigurations.of(MetricsAutoConfiguration.class,
					CompositeMeterRegistryAutoConfiguration.class))
			.withBean("a", SimpleMeterRegistry.class)
			.withBean("b", SimpleMeterRegistry.class)
			.run((context) -> {
				SimpleMeterRegistry late = new SimpleMeterRegistry();
				((CompositeMeterRegistry) context.getBean(MeterRegistry.class)).add(late);
				int meters = context.getBean("a", MeterRegistry.class).find("yammap.file.size").meters().size();
				assertThat(meters).isOne();
				Mmap journal = context.getBean(Mmap.class);
				journal.truncate(100);
				journal.sync();
				assertThat(gauge(late, "yammap.file.size", "journal").value()).isEqualTo(100);
				assertThat(late.get("yammap.sync").tag("outcome", "success").timer().count()).isOne();
				assertThat(late.get("yammap.grows").functionCounter().count()).isOne();
				assertThat(late.find("yammap.pages").meters()).hasSize(5);
				journal.close();
				assertThat(late.getMeters()).noneMatch((meter) -> "journal".equals(meter.getId().getTag("file")));
			});
	}

	@Test
	void distributionOfSyncsFollowsTheStandardProperties() {
		this.contextRunner
			.withConfiguration(AutoConfigurations.of(MetricsAutoConfiguration.class,
					CompositeMeterRegistryAutoConfiguration.class))
			.withBean(SimpleMeterRegistry.class)
			.withPropertyValues("management.metrics.distribution.slo.yammap.sync=5ms,50ms",
					"management.metrics.distribution.percentiles.yammap.sync=0.5")
			.run((context) -> {
				Timer timer = context.getBean(MeterRegistry.class).get("yammap.sync").tag("outcome", "success").timer();
				timer.record(Duration.ofMillis(7));
				HistogramSnapshot snapshot = timer.takeSnapshot();
				assertThat(snapshot.percentileValues()).extracting(ValueAtPercentile::percentile).containsExactly(0.5);
				assertThat(snapshot.histogramCounts()).extracting(CountAtBucket::count).containsExactly(0.0, 1.0);
			});
	}

	@Test
	void syncsHaveNoPercentilesUnlessAskedFor() {
		withRegistry().run((context) -> {
			HistogramSnapshot snapshot = context.getBean(MeterRegistry.class)
				.get("yammap.sync")
				.tag("outcome", "success")
				.timer()
				.takeSnapshot();
			assertThat(snapshot.percentileValues()).isEmpty();
			assertThat(snapshot.histogramCounts()).isEmpty();
		});
	}

	@Test
	void metersCanBeTurnedOffByTheStandardProperty() {
		this.contextRunner
			.withConfiguration(AutoConfigurations.of(MetricsAutoConfiguration.class,
					CompositeMeterRegistryAutoConfiguration.class))
			.withBean(SimpleMeterRegistry.class)
			.withPropertyValues("management.metrics.enable.yammap=false")
			.run((context) -> {
				context.getBean(Mmap.class).sync();
				assertThat(context.getBean(SimpleMeterRegistry.class).getMeters())
					.noneMatch((meter) -> meter.getId().getName().startsWith("yammap"));
			});
	}

	private ApplicationContextRunner withRegistry() {
		return this.contextRunner.withBean(SimpleMeterRegistry.class);
	}

	private static Gauge gauge(MeterRegistry registry, String meter, String file) {
		return registry.get(meter).tag("file", file).gauge();
	}

	private static Gauge pages(MeterRegistry registry, String file, String state) {
		return registry.get("yammap.pages").tag("file", file).tag("state", state).gauge();
	}

	/**
	 * Makes a file.
	 *
	 * @param file the file
	 */
	record MmapFactoryBean(Mmap file) implements FactoryBean<Mmap> {

		@Override
		public Mmap getObject() {
			return this.file;
		}

		@Override
		public Class<?> getObjectType() {
			return Mmap.class;
		}

	}

}
