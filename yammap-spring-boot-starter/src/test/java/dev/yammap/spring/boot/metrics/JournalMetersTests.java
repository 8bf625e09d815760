package dev.yammap.spring.boot.metrics;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

import dev.yammap.journal.Journal;
import dev.yammap.journal.NamedReader;
import dev.yammap.spring.boot.autoconfigure.YammapAutoConfiguration;
import dev.yammap.spring.boot.autoconfigure.metrics.YammapMetricsAutoConfiguration;
import dev.yammap.spring.boot.registry.TrackedResources;
import dev.yammap.spring.boot.tracking.TrackedJournal;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JournalMeters}.
 */
class JournalMetersTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	private final MeterRegistry registry = new SimpleMeterRegistry();

	private ApplicationContextRunner runner() {
		return new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(YammapAutoConfiguration.class, YammapMetricsAutoConfiguration.class))
			.withBean(MeterRegistry.class, () -> this.registry)
			.withPropertyValues("yammap.base-dir=" + this.directory, "yammap.journals.orders.path=orders",
					"yammap.journals.orders.segment-size=64KB");
	}

	private double gauge(String name) {
		return this.registry.get(name).tag("file", "orders").gauge().value();
	}

	@Test
	void recordsSegmentsAndSizeAreMeasured() {
		runner().run((context) -> {
			Journal journal = context.getBean(Journal.class);
			journal.append(new byte[1]);
			journal.append(new byte[1]);
			assertThat(this.registry.get("yammap.journal.records").tag("file", "orders").functionCounter().count())
				.isEqualTo(2);
			assertThat(gauge("yammap.journal.unsynced")).isEqualTo(2);
			journal.sync();
			assertThat(gauge("yammap.journal.unsynced")).isZero();
			journal.roll();
			assertThat(gauge("yammap.journal.segments")).isEqualTo(2);
			assertThat(gauge("yammap.journal.size")).isEqualTo(128 * 1024);
			assertThat(gauge("yammap.problems")).isZero();
			assertThat(gauge("yammap.mapped.size")).isBetween(64.0 * 1024, 128.0 * 1024);
			assertThat(this.registry.get("yammap.backend")
				.tags("file", "orders", "backend", journal.backend().name().toLowerCase(Locale.ROOT))
				.gauge()
				.value()).isOne();
		});
	}

	@Test
	void timerOfSyncsIsThatOfFiles() {
		runner().withPropertyValues("yammap.files.table.path=table", "yammap.files.table.size=1KB").run((context) -> {
			context.getBean(Journal.class).appendAndSync(new byte[1]);
			assertThat(this.registry.get("yammap.sync").tags("file", "orders", "outcome", "success").timer().count())
				.isOne();
			for (String meter : List.of("yammap.sync", "yammap.sync.age", "yammap.sync.coalesced", "yammap.errors",
					"yammap.write.failures", "yammap.problems")) {
				assertThat(keys(meter, "orders")).as(meter).isEqualTo(keys(meter, "table")).isNotEmpty();
			}
		});
	}

	private List<String> keys(String meter, String file) {
		return this.registry.get(meter)
			.tag("file", file)
			.meters()
			.stream()
			.map(Meter::getId)
			.flatMap((id) -> id.getTags().stream())
			.map(Tag::getKey)
			.distinct()
			.toList();
	}

	@Test
	void failedSyncsAndAppendsAreCounted() {
		runner().run((context) -> {
			Journal journal = context.getBean(Journal.class);
			TrackedJournal state = Objects
				.requireNonNull(context.getBean(TrackedResources.class).journals().get("orders"));
			state.synced(journal, Duration.ofMillis(1), new IOException("disk on fire"));
			state.appendFailed(journal, new IOException("disk full"));
			assertThat(this.registry.get("yammap.sync").tags("file", "orders", "outcome", "failure").timer().count())
				.isOne();
			assertThat(this.registry.get("yammap.errors")
				.tags("file", "orders", "operation", "sync")
				.functionCounter()
				.count()).isOne();
			assertThat(this.registry.get("yammap.write.failures")
				.tags("file", "orders", "operation", "append", "cause", "other")
				.functionCounter()
				.count()).isOne();
			assertThat(gauge("yammap.problems")).isEqualTo(2);
		});
	}

	@Test
	void lagOfEachNamedReaderIsMeasured() throws IOException {
		try (Journal journal = Journal.open(this.directory.resolve("orders"))) {
			journal.reader("audit").close();
		}
		runner().run((context) -> {
			Journal journal = context.getBean(Journal.class);
			journal.appendAndSync(new byte[1]);
			journal.appendAndSync(new byte[1]);
			assertThat(lag("audit")).isEqualTo(2);
			try (NamedReader reader = journal.reader("billing")) {
				assertThat(lag("billing")).isEqualTo(2);
				assertThat(reader.next()).isTrue();
				reader.moveTo(1);
				assertThat(lag("billing")).isOne();
			}
			journal.reader("billing").close();
			assertThat(this.registry.get("yammap.journal.lag").gauges()).hasSize(2);
		});
	}

	/** Nobody reports it: the scrapes find it. */
	@Test
	void lagOfReaderOfAnotherProcessIsMeasured() {
		runner().run((context) -> {
			Journal journal = context.getBean(Journal.class);
			journal.appendAndSync(new byte[1]);
			journal.appendAndSync(new byte[1]);
			scrape();
			try (Journal other = Journal.builder(journal.directory()).options(StandardOpenOption.READ).open()) {
				other.reader("relay").close();
			}
			scrape();
			assertThat(lag("relay")).isEqualTo(2);
			journal.close();
			scrape();
			assertThat(this.registry.find("yammap.journal.lag").gauges()).isEmpty();
		});
	}

	private void scrape() {
		this.registry.find("yammap.journal.segments").gauges().forEach(Gauge::value);
		this.registry.find("yammap.journal.lag").gauges().forEach(Gauge::value);
	}

	private double lag(String reader) {
		return this.registry.get("yammap.journal.lag").tags("file", "orders", "reader", reader).gauge().value();
	}

	@Test
	void metersEndWithTheJournal() {
		runner().run((context) -> {
			context.getBean(Journal.class).reader("billing").close();
			context.getBean(Journal.class).close();
			assertThat(this.registry.getMeters()).noneMatch((meter) -> "orders".equals(meter.getId().getTag("file")));
		});
		assertThat(this.registry.getMeters()).isEmpty();
	}

	@Test
	void journalOfTheApplicationHasGauges() throws IOException {
		try (Journal own = Journal.open(this.directory.resolve("own"))) {
			runner().withBean("own", Journal.class, () -> own, (definition) -> definition.setDestroyMethodName(""))
				.run((context) -> {
					assertThat(this.registry.get("yammap.journal.segments").tag("file", "own").gauge().value()).isOne();
					assertThat(this.registry.find("yammap.sync").tag("file", "own").timer()).isNull();
				});
		}
	}

}
