package dev.yammap.sample.live;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import io.micrometer.core.instrument.distribution.ValueAtPercentile;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * The flushes of every file and journal, as the meters of the starter count them.
 */
@Component
class SyncMeters {

	private final MeterRegistry meters;

	SyncMeters(MeterRegistry meters) {
		this.meters = meters;
	}

	/**
	 * Returns the number of flushes since the start.
	 * @param name the name of a file or a journal
	 * @return the number, 0 or more
	 */
	long count(String name) {
		return this.meters.find("yammap.sync").tag("file", name).timers().stream().mapToLong(Timer::count).sum();
	}

	/**
	 * Returns the flushes of all files and journals that ended well.
	 * @return figures by name
	 */
	Map<String, SyncFigures> figures() {
		Map<String, SyncFigures> figures = new TreeMap<>();
		for (Timer timer : this.meters.find("yammap.sync").tag("outcome", "success").timers()) {
			figures.put(Objects.requireNonNull(timer.getId().getTag("file")), SyncFigures.of(timer));
		}
		return figures;
	}

	/**
	 * Flushes of one file or journal.
	 *
	 * @param count how many there were since the start
	 * @param p50 the median of the last seconds, in nanoseconds; missing if there was no
	 * flush in them
	 * @param p99 the 99th percentile of the last seconds, in nanoseconds; missing if
	 * there was no flush in them
	 */
	record SyncFigures(long count, @Nullable Long p50, @Nullable Long p99) {

		static SyncFigures of(Timer timer) {
			HistogramSnapshot snapshot = timer.takeSnapshot();
			return new SyncFigures(timer.count(), nanos(snapshot, 0.5), nanos(snapshot, 0.99));
		}

		private static @Nullable Long nanos(HistogramSnapshot snapshot, double percentile) {
			for (ValueAtPercentile value : snapshot.percentileValues()) {
				if (Math.abs(value.percentile() - percentile) < 0.001 && value.value() > 0) {
					return (long) value.value(TimeUnit.NANOSECONDS);
				}
			}
			return null;
		}

	}

}
