package dev.yammap.sample;

import java.util.List;

/**
 * A meter, as the metrics endpoint shows it.
 */
record Metric(List<Measurement> measurements) {

	double value(String statistic) {
		return this.measurements.stream()
			.filter((measurement) -> measurement.statistic().equals(statistic))
			.findFirst()
			.orElseThrow()
			.value();
	}

	record Measurement(String statistic, double value) {

	}

}
