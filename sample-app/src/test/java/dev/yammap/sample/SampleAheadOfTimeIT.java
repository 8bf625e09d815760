package dev.yammap.sample;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests the packaged sample with the beans that were determined at build time.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class SampleAheadOfTimeIT {

	@TempDir
	private Path directory;

	@Test
	void answersAndClosesItsFiles() throws Exception {
		try (SampleProcess sample = SampleProcess.start(this.directory, "-Dspring.aot.enabled=true")) {
			assertThat(sample.output()).anyMatch((line) -> line.contains("Starting AOT-processed SampleApplication"));
			assertThat(sample.warnings()).isEmpty();
			assertThat(sample.get("/api/countries/8.8.8.8").body()).contains("\"US\"");
			assertThat(sample.visit("8.8.8.8").statusCode()).isEqualTo(201);
			assertThat(sample.get("/actuator/health/yammap").body()).contains("\"UP\"");
			assertThat(sample.get("/actuator/yammap/journal").body()).contains("/journal\"");
			assertThat(sample.get("/actuator/metrics/yammap.sync?tag=file:journal", Metric.class).value("COUNT"))
				.isPositive();
			sample.terminate();
			assertThat(String.join("\n", sample.output())).contains(List.of("Synced and closed journal 'journal'",
					"Synced and closed file 'counters'", "Closed file 'countries'"));
		}
	}

}
