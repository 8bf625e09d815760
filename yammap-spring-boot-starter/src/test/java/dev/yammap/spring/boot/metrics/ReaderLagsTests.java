package dev.yammap.spring.boot.metrics;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import io.micrometer.core.instrument.MockClock;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ReaderLags}.
 */
class ReaderLagsTests {

	private final AtomicLong asked = new AtomicLong();

	private final MockClock clock = new MockClock();

	private final ReaderLags lags = new ReaderLags(() -> Map.of("audit", this.asked.incrementAndGet()), this.clock);

	@Test
	void scrapeAsksOnce() {
		for (long scrape = 1; scrape <= 3; scrape++) {
			for (String meter : new String[] { "", "audit", "billing" }) {
				assertThat(this.lags.read(meter)).containsEntry("audit", scrape);
			}
		}
		assertThat(this.asked).hasValue(3);
	}

	@Test
	void meterThatIsReadAgainGetsANewNumber() {
		assertThat(this.lags.read("audit")).containsEntry("audit", 1L);
		assertThat(this.lags.read("audit")).containsEntry("audit", 2L);
	}

	@Test
	void answerBeforeThereWasANewReaderIsForgotten() {
		assertThat(this.lags.read("audit")).containsEntry("audit", 1L);
		this.lags.forget();
		assertThat(this.lags.read("billing")).containsEntry("audit", 2L);
		assertThat(this.lags.read("audit")).containsEntry("audit", 2L);
	}

	@Test
	void answerIsSoonTooOld() {
		assertThat(this.lags.read("audit")).containsEntry("audit", 1L);
		this.clock.add(Duration.ofSeconds(6));
		assertThat(this.lags.read("billing")).containsEntry("audit", 2L);
	}

}
