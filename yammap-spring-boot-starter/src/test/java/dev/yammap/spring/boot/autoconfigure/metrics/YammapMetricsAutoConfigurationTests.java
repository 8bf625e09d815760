package dev.yammap.spring.boot.autoconfigure.metrics;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.yammap.FailureCause;
import dev.yammap.MappedFaultException;
import dev.yammap.Mmap;
import dev.yammap.MmapListener.WriteOperation;
import dev.yammap.spring.boot.MmapReloadValidator;
import dev.yammap.spring.boot.autoconfigure.YammapAutoConfiguration;
import dev.yammap.spring.boot.metrics.MmapMetrics;
import dev.yammap.spring.boot.registry.DefaultMmaps;
import dev.yammap.spring.boot.tracking.TrackedFile;
import dev.yammap.spring.boot.registry.TrackedResources;
import dev.yammap.spring.boot.reload.FileReloader;
import dev.yammap.spring.boot.support.StubMmap;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.search.Search;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.annotation.PostConstruct;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link YammapMetricsAutoConfiguration} and {@link MmapMetrics}.
 */
@ExtendWith(OutputCaptureExtension.class)
class YammapMetricsAutoConfigurationTests {

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
	void metricsAreThereWithRegistry() {
		withRegistry().run((context) -> assertThat(context).hasSingleBean(MmapMetrics.class));
	}

	@Test
	void metricsAreNotThereWithoutRegistry() {
		this.contextRunner.run((context) -> assertThat(context).hasNotFailed()
			.hasSingleBean(Mmap.class)
			.doesNotHaveBean(MmapMetrics.class));
	}

	@Test
	void metricsAreNotThereWithoutMmaps() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(YammapMetricsAutoConfiguration.class))
			.withBean(SimpleMeterRegistry.class)
			.run((context) -> assertThat(context).doesNotHaveBean(MmapMetrics.class));
	}

	@Test
	void applicationWithoutMicrometerStarts() {
		this.contextRunner.withClassLoader(new FilteredClassLoader("io.micrometer"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(Mmap.class)
				.doesNotHaveBean("mmapMetrics"));
	}

	@Test
	void applicationWithoutMetricsModuleStarts() {
		withRegistry()
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.micrometer.metrics.autoconfigure"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(MmapMetrics.class));
	}

	@Test
	void registryOfMetricsModuleIsUsed() {
		this.contextRunner
			.withConfiguration(AutoConfigurations.of(MetricsAutoConfiguration.class,
					SimpleMetricsExportAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class))
			.run((context) -> {
				MeterRegistry registry = context.getBean(MeterRegistry.class);
				assertThat(registry.get("yammap.files.open").gauge().value()).isOne();
			});
	}

	@Test
	void everyRegistryGetsTheMeters() {
		this.contextRunner
			.withConfiguration(AutoConfigurations.of(MetricsAutoConfiguration.class,
					CompositeMeterRegistryAutoConfiguration.class))
			.withBean("a", SimpleMeterRegistry.class)
			.withBean("b", SimpleMeterRegistry.class)
			.run((context) -> {
				context.getBean(Mmap.class).sync();
				for (String name : List.of("a", "b")) {
					MeterRegistry registry = context.getBean(name, MeterRegistry.class);
					assertThat(sync(registry, "success").count()).isOne();
				}
			});
	}

	@Test
	void sizeFollowsFile() {
		withRegistry().run((context) -> {
			Gauge size = context.getBean(MeterRegistry.class).get("yammap.file.size").tag("file", "journal").gauge();
			assertThat(size.getId().getBaseUnit()).isEqualTo("bytes");
			assertThat(size.value()).isZero();
			Mmap journal = context.getBean(Mmap.class);
			journal.write(new byte[64]);
			assertThat(size.value()).isEqualTo(64);
			journal.truncate(10);
			assertThat(size.value()).isEqualTo(10);
		});
	}

	@Test
	void openFilesAreCounted() {
		withRegistry().withPropertyValues("yammap.files.counters.path=counters").run((context) -> {
			Gauge open = context.getBean(MeterRegistry.class).get("yammap.files.open").gauge();
			assertThat(open.getId().getBaseUnit()).isEqualTo("files");
			assertThat(open.value()).isEqualTo(2);
			context.getBean("counters", Mmap.class).close();
			assertThat(open.value()).isOne();
		});
	}

	@Test
	void syncsAreTimed() {
		withRegistry().run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(sync(registry, "success").count()).isZero();
			Mmap journal = context.getBean(Mmap.class);
			journal.write(new byte[64]);
			journal.sync();
			journal.sync();
			assertThat(sync(registry, "success").count()).isEqualTo(2);
			assertThat(sync(registry, "success").totalTime(TimeUnit.NANOSECONDS)).isPositive();
			assertThat(sync(registry, "failure").count()).isZero();
		});
	}

	@Test
	void syncBeforeTheContextIsReadyIsTimed() {
		withRegistry().withUserConfiguration(SyncsWhenCreated.class)
			.run((context) -> assertThat(sync(context.getBean(MeterRegistry.class), "success").count()).isOne());
	}

	@Test
	void failedSyncIsTimedWithItsOutcome() {
		withRegistry().run((context) -> {
			Mmap journal = context.getBean(Mmap.class);
			stateOfJournal(context).synced(journal, Duration.ofMillis(7), new IOException("no"));
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(sync(registry, "failure").totalTime(TimeUnit.MILLISECONDS)).isEqualTo(7);
			assertThat(sync(registry, "success").count()).isZero();
		});
	}

	@Test
	void ageOfSyncIsUnknownBeforeTheFirstThatSucceeds() {
		withRegistry().run((context) -> {
			TimeGauge age = context.getBean(MeterRegistry.class)
				.get("yammap.sync.age")
				.tag("file", "journal")
				.timeGauge();
			assertThat(age.value()).isNaN();
			Mmap journal = context.getBean(Mmap.class);
			stateOfJournal(context).synced(journal, Duration.ZERO, new IOException("no"));
			assertThat(age.value()).isNaN();
			long before = System.nanoTime();
			journal.sync();
			assertThat(age.value(TimeUnit.NANOSECONDS)).isBetween(0.0, (double) (System.nanoTime() - before));
		});
	}

	@Test
	void failedSyncsAndFaultsAreCounted() {
		withRegistry().run((context) -> {
			Mmap journal = context.getBean(Mmap.class);
			TrackedFile state = stateOfJournal(context);
			state.synced(journal, Duration.ZERO, new IOException("no"));
			state.synced(journal, Duration.ZERO, new IOException("still not"));
			state.faulted(journal, new MappedFaultException("gone", null));
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(errors(registry, "sync")).isEqualTo(2);
			assertThat(errors(registry, "access")).isEqualTo(1);
		});
	}

	@Test
	void writesThatTheSystemRefusedAreCounted() {
		withRegistry().run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			Search failures = registry.find("yammap.write.failures").tag("file", "journal");
			assertThat(failures.functionCounters()).allSatisfy((counter) -> assertThat(counter.count()).isZero());
			stateOfJournal(context).failed(context.getBean(Mmap.class), WriteOperation.APPEND, FailureCause.NO_SPACE,
					new IOException("full"));
			assertThat(registry.get("yammap.write.failures")
				.tags("file", "journal", "operation", "append", "cause", "no-space")
				.functionCounter()
				.count()).isOne();
			assertThat(failures.functionCounters().stream().mapToDouble(FunctionCounter::count).sum()).isOne();
			assertThat(registry.get("yammap.problems").tag("file", "journal").gauge().value()).isOne();
		});
	}

	/** A counter that appears with the value 1 shows no rate for its first event. */
	@Test
	void eachRefusalThatMayHappenHasItsMeterFromTheStart() {
		withRegistry()
			.withPropertyValues("yammap.files.native.path=native", "yammap.files.native.backend=native",
					"yammap.files.portable.path=portable", "yammap.files.portable.backend=portable",
					"yammap.files.log.path=log", "yammap.files.log.backend=portable", "yammap.files.log.access=append")
			.run((context) -> {
				MeterRegistry registry = context.getBean(MeterRegistry.class);
				assertThat(refusals(registry, "native")).isEqualTo(refusals("append", "growth", "truncate"));
				assertThat(refusals(registry, "portable")).isEqualTo(refusals("append", "write", "growth", "truncate"));
				assertThat(refusals(registry, "log")).isEqualTo(refusals("append", "growth", "truncate"));
			});
	}

	private static Set<String> refusals(MeterRegistry registry, String file) {
		return registry.get("yammap.write.failures")
			.tag("file", file)
			.meters()
			.stream()
			.map((meter) -> meter.getId().getTag("operation") + " " + meter.getId().getTag("cause"))
			.collect(Collectors.toSet());
	}

	private static Set<String> refusals(String... operations) {
		return Stream.of(operations)
			.flatMap((operation) -> Stream.of("no-space", "quota", "io-error", "read-only", "other")
				.map((cause) -> operation + " " + cause))
			.collect(Collectors.toSet());
	}

	@Test
	void fileThatIsNeverWrittenHasNoMetersOfWrites() throws IOException {
		Files.writeString(this.directory.resolve("table"), "content");
		withFollowedTable().run((context) -> assertThat(
				context.getBean(MeterRegistry.class).find("yammap.write.failures").tag("file", "table").meters())
			.isEmpty());
	}

	@Test
	void backendIsShown() {
		withRegistry()
			.withPropertyValues("yammap.files.portable.path=portable", "yammap.files.portable.backend=portable")
			.run((context) -> {
				MeterRegistry registry = context.getBean(MeterRegistry.class);
				assertThat(registry.get("yammap.backend").tags("file", "journal", "backend", "native").gauge().value())
					.isOne();
				assertThat(
						registry.get("yammap.backend").tags("file", "portable", "backend", "portable").gauge().value())
					.isOne();
			});
	}

	@Test
	void faultOfShortenedFileIsCounted() {
		withRegistry().withPropertyValues("yammap.files.journal.size=64KB").run((context) -> {
			Mmap journal = context.getBean(Mmap.class);
			try (FileChannel other = FileChannel.open(journal.path(), StandardOpenOption.WRITE)) {
				other.truncate(0);
			}
			assertThatExceptionOfType(MappedFaultException.class).isThrownBy(() -> journal.readAt(new byte[1], 32768));
			assertThat(errors(context.getBean(MeterRegistry.class), "access")).isEqualTo(1);
		});
	}

	@Test
	void reloadsAreCountedAndThoseThatFailed() throws IOException {
		Files.writeString(this.directory.resolve("table"), "content");
		withFollowedTable().run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			TrackedFile state = Objects.requireNonNull(context.getBean(TrackedResources.class).files().get("table"));
			Mmap table = context.getBean("table", Mmap.class);
			assertThat(reloads(registry)).isZero();
			assertThat(errors(registry, "table", "reload")).isZero();
			state.reloads().failed("It is gone");
			state.reloads().failed("It is gone");
			state.reloads().failed("It is locked");
			assertThat(errors(registry, "table", "reload")).isEqualTo(2);
			state.reloaded(table);
			assertThat(reloads(registry)).isOne();
			assertThat(errors(registry, "table", "reload")).isEqualTo(2);
			table.close();
			assertThat(registry.find("yammap.reloads").meters()).isEmpty();
			assertThat(registry.find("yammap.errors").tag("operation", "reload").meters()).isEmpty();
		});
	}

	@Test
	void metersOfReloadedFileStayAndTellOfTheNewOne() throws IOException {
		Path path = Files.writeString(this.directory.resolve("table"), "content");
		withFollowedTable().run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			FileReloader reloader = new FileReloader(context.getBean(DefaultMmaps.class), Duration.ofSeconds(1),
					context.getBeanProvider(MmapReloadValidator.class), context);
			Files.move(Files.writeString(this.directory.resolve("next"), "much more"), path,
					StandardCopyOption.ATOMIC_MOVE);
			reloader.lookAtAll();
			reloader.lookAtAll();
			assertThat(reloads(registry)).isOne();
			assertThat(registry.get("yammap.file.size").tag("file", "table").gauge().value()).isEqualTo(9);
		});
	}

	@Test
	void fileThatIsNotFollowedHasNoMetersOfReloads() {
		withRegistry().run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(registry.find("yammap.reloads").meters()).isEmpty();
			assertThat(registry.find("yammap.errors").tag("operation", "reload").meters()).isEmpty();
		});
	}

	@Test
	void problemsAreThoseThatHealthSees() throws IOException {
		Mmap own = Mmap.create(this.directory.resolve("own"), 64);
		withRegistry().withBean("own", Mmap.class, () -> own).run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			Gauge problems = registry.get("yammap.problems").tag("file", "journal").gauge();
			Gauge problemsOfOwn = registry.get("yammap.problems").tag("file", "own").gauge();
			assertThat(problems.value()).isZero();
			assertThat(problemsOfOwn.value()).isZero();
			stateOfJournal(context).synced(context.getBean("journal", Mmap.class), Duration.ZERO,
					new IOException("no"));
			assertThat(problems.value()).isOne();
			Files.delete(this.directory.resolve("journal.log"));
			Files.delete(this.directory.resolve("own"));
			assertThat(problems.value()).isEqualTo(2);
			assertThat(problemsOfOwn.value()).isOne();
		});
	}

	@Test
	void metersOfFileAreRemovedWhenItCloses() {
		withRegistry().withPropertyValues("yammap.files.counters.path=counters").run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			context.getBean("journal", Mmap.class).close();
			assertThat(registry.getMeters()).noneMatch((meter) -> "journal".equals(meter.getId().getTag("file")));
			assertThat(registry.find("yammap.file.size").tag("file", "counters").meters()).hasSize(1);
			assertThat(registry.find("yammap.sync").tag("file", "counters").meters()).hasSize(2);
		});
	}

	@Test
	void metersStayWhileAnotherFileOfThatNameIsOpen() {
		withRegistry().run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			Mmap journal = context.getBean("journal", Mmap.class);
			TrackedFile meters = stateOfJournal(context);
			Mmap next = StubMmap.file(journal.path(), null, null);
			meters.opened(next);
			journal.close();
			assertThat(registry.find("yammap.file.size").tag("file", "journal").meters()).hasSize(1);
			meters.synced(next, Duration.ofMillis(7), null);
			assertThat(sync(registry, "success").count()).isEqualTo(1);
			meters.closed(next);
			assertThat(registry.find("yammap.file.size").meters()).isEmpty();
			meters.synced(next, Duration.ofMillis(7), null);
			meters.opened(next);
			assertThat(sync(registry, "success").count()).isZero();
		});
	}

	@Test
	void fileThatCouldNotBeClosedLeavesItsNameToTheNext() {
		withRegistry().run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			context.getBean(MmapMetrics.class).removed(stateOfJournal(context));
			assertThat(registry.find("yammap.file.size").tag("file", "journal").meters()).isEmpty();
			assertThat(registry.find("yammap.sync").tag("file", "journal").meters()).isEmpty();
		});
	}

	@Test
	void fileOfTheApplicationStopsNoStartIfItsMetersAreRefused(CapturedOutput output) throws IOException {
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		registry.config().meterFilter(MeterFilter.accept((id) -> {
			if (Objects.equals(id.getTag("file"), "own")) {
				throw new IllegalArgumentException("refused");
			}
			return false;
		}));
		try (Mmap own = Mmap.create(this.directory.resolve("own"), 64)) {
			this.contextRunner.withBean(MeterRegistry.class, () -> registry)
				.withBean("own", Mmap.class, () -> own)
				.run((context) -> assertThat(context).hasNotFailed());
		}
		assertThat(output).contains("The meters of file " + this.directory.resolve("own") + " may be incomplete");
	}

	@Test
	void noMeterStaysWhenTheContextIsGone() throws IOException {
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		Mmap own = Mmap.create(this.directory.resolve("own"), 64);
		this.contextRunner.withBean(MeterRegistry.class, () -> registry)
			.withBean("own", Mmap.class, () -> own)
			.run((context) -> assertThat(registry.getMeters()).hasSize(32 + 9));
		assertThat(registry.getMeters()).isEmpty();
	}

	@Test
	void fileThatDidNotOpenHasNoMeters() {
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		this.contextRunner.withBean(MeterRegistry.class, () -> registry)
			.withPropertyValues("yammap.files.journal.create=never")
			.run((context) -> assertThat(context).hasFailed());
		assertThat(registry.getMeters()).isEmpty();
	}

	@Test
	void everyMeterHasDescriptionAndMetersOfOneFileItsTag() {
		withRegistry().run((context) -> {
			List<Meter> meters = context.getBean(MeterRegistry.class).getMeters();
			assertThat(meters).allSatisfy((meter) -> assertThat(meter.getId().getDescription()).isNotBlank());
			assertThat(meters).filteredOn((meter) -> !meter.getId().getName().equals("yammap.files.open"))
				.hasSize(31)
				.allSatisfy((meter) -> assertThat(meter.getId().getTag("file")).isEqualTo("journal"));
		});
	}

	@Test
	void fileThatIsWrittenToHasAsManyTimeSeriesAsTheGuideSays() {
		withRegistry().run((context) -> {
			List<Measurement> series = new ArrayList<>();
			context.getBean(MeterRegistry.class).getMeters().forEach((meter) -> {
				if (meter.getId().getTag("file") != null) {
					meter.measure().forEach(series::add);
				}
			});
			assertThat(series).hasSize(35);
		});
	}

	@Test
	void metersOfOneNameHaveTheSameTagsForAllKindsOfFiles() throws IOException {
		Files.writeString(this.directory.resolve("table"), "content");
		Mmap own = Mmap.create(this.directory.resolve("own"), 64);
		withRegistry().withBean("own", Mmap.class, () -> own)
			.withPropertyValues("yammap.files.table.path=table", "yammap.files.table.access=read-only",
					"yammap.files.table.reload-on-update=true", "yammap.files.portable.path=portable",
					"yammap.files.portable.backend=portable")
			.run((context) -> {
				Map<String, Set<List<String>>> keys = context.getBean(MeterRegistry.class)
					.getMeters()
					.stream()
					.collect(Collectors.groupingBy((meter) -> meter.getId().getName(),
							Collectors.mapping((meter) -> meter.getId().getTags().stream().map(Tag::getKey).toList(),
									Collectors.toSet())));
				assertThat(keys).hasSize(13).allSatisfy((name, tags) -> assertThat(tags).hasSize(1));
			});
	}

	private TrackedFile stateOfJournal(ApplicationContext context) {
		return Objects.requireNonNull(context.getBean(TrackedResources.class).files().get("journal"));
	}

	private double errors(MeterRegistry registry, String operation) {
		return errors(registry, "journal", operation);
	}

	private double errors(MeterRegistry registry, String file, String operation) {
		return registry.get("yammap.errors").tag("file", file).tag("operation", operation).functionCounter().count();
	}

	private double reloads(MeterRegistry registry) {
		return registry.get("yammap.reloads").tag("file", "table").functionCounter().count();
	}

	private ApplicationContextRunner withFollowedTable() {
		return withRegistry().withPropertyValues("yammap.files.table.path=table", "yammap.files.table.access=read-only",
				"yammap.files.table.reload-on-update=true");
	}

	private ApplicationContextRunner withRegistry() {
		return this.contextRunner.withBean(SimpleMeterRegistry.class);
	}

	private Timer sync(MeterRegistry registry, String outcome) {
		return registry.get("yammap.sync").tag("file", "journal").tag("outcome", outcome).timer();
	}

	static class SyncsWhenCreated {

		private final Mmap journal;

		SyncsWhenCreated(Mmap journal) {
			this.journal = journal;
		}

		@PostConstruct
		void sync() throws IOException {
			this.journal.sync();
		}

	}

}
