package dev.yammap.spring.boot.metrics;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import io.micrometer.core.instrument.Clock;

/**
 * How far the named readers of one journal are behind, asked for once for all the numbers
 * that are read together: each has a file of its own. An answer serves each meter once,
 * and is soon too old. So a scrape, which reads all meters, reads each file once.
 */
final class ReaderLags {

	private static final long LONGEST_USE = Duration.ofSeconds(5).toNanos();

	private final Supplier<Map<String, Long>> journal;

	private final Clock clock;

	private final Set<String> served = new HashSet<>();

	private Map<String, Long> answer = Map.of();

	private boolean asked;

	private long time;

	/**
	 * Creates the lags. Asks nothing yet.
	 * @param journal returns the lag of each reader
	 * @param clock shows how old an answer is
	 */
	ReaderLags(Supplier<Map<String, Long>> journal, Clock clock) {
		this.journal = journal;
		this.clock = clock;
	}

	/** Forgets the last answer: there is a new reader. */
	synchronized void forget() {
		this.asked = false;
	}

	/**
	 * Returns the lag of each reader.
	 * @param meter the meter that is read
	 */
	synchronized Map<String, Long> read(String meter) {
		long now = this.clock.monotonicTime();
		if (!this.asked || this.served.contains(meter) || now - this.time > LONGEST_USE) {
			this.answer = this.journal.get();
			this.asked = true;
			this.time = now;
			this.served.clear();
		}
		this.served.add(meter);
		return this.answer;
	}

}
