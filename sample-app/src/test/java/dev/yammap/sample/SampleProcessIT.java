package dev.yammap.sample;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests the packaged sample from its start to {@code SIGTERM}.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class SampleProcessIT {

	@TempDir
	private Path directory;

	@Test
	void startsWithoutAWarning() throws Exception {
		try (SampleProcess sample = SampleProcess.start(this.directory)) {
			assertThat(sample.warnings()).isEmpty();
		}
	}

	@Test
	void metricsCountWhatWasAppendedAndSynced() throws Exception {
		try (SampleProcess sample = SampleProcess.start(this.directory)) {
			double syncs = metric(sample, "yammap.sync", "COUNT");
			double records = metric(sample, "yammap.journal.records", "COUNT");
			for (int i = 0; i < 20; i++) {
				assertThat(sample.visit("8.8.8.8").statusCode()).isEqualTo(201);
			}
			assertThat(metric(sample, "yammap.sync", "COUNT")).isEqualTo(syncs + 20);
			assertThat(metric(sample, "yammap.journal.records", "COUNT")).isEqualTo(records + 20);
		}
	}

	/** They load classes on virtual threads, which with one carrier may never go on. */
	@Test
	void firstRequestsAreAnsweredAlthoughTheyComeAtOnceAndThereIsOneProcessor() throws Exception {
		try (SampleProcess sample = SampleProcess.start(this.directory, "-XX:ActiveProcessorCount=1",
				"-XX:TieredStopAtLevel=1")) {
			assertThat(sample.getAtOnce("/", "/world.json", "/page.css", "/js/map.js", "/actuator/health",
					"/actuator/prometheus", "/actuator/yammap", "/api/totals", "/api/countries?top=5",
					"/api/countries/8.8.8.8", "/api/live/countries/8.8.8.8", "/api/visits"))
				.allSatisfy((answer) -> assertThat(answer).succeedsWithin(Duration.ofMinutes(5))
					.extracting(HttpResponse::statusCode)
					.isEqualTo(200));
		}
	}

	@Test
	void everyFileIsSyncedAndClosedAfterTheWebServerStopped() throws Exception {
		try (SampleProcess sample = SampleProcess.start(this.directory,
				"-Dspring.lifecycle.timeout-per-shutdown-phase=5m")) {
			assertThat(sample.visit("8.8.8.8").statusCode()).isEqualTo(201);
			assertThat(sample.terminate()).isEqualTo(128 + 15);
			String output = String.join("\n", sample.output());
			for (String closed : List.of("Synced and closed journal 'journal'", "Synced and closed file 'counters'",
					"Closed file 'countries'")) {
				assertThat(output).containsSubsequence("Graceful shutdown complete", closed);
			}
		}
	}

	private static double metric(SampleProcess sample, String name, String statistic) throws Exception {
		return sample.get("/actuator/metrics/" + name + "?tag=file:journal", Metric.class).value(statistic);
	}

}
