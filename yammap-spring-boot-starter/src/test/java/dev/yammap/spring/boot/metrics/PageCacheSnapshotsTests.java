package dev.yammap.spring.boot.metrics;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import dev.yammap.Mmap;
import dev.yammap.PageCacheStats;
import dev.yammap.spring.boot.metrics.PageCacheSnapshots.State;
import io.micrometer.core.instrument.MockClock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PageCacheSnapshots}.
 */
class PageCacheSnapshotsTests {

	private final MockClock clock = new MockClock();

	private final AtomicInteger calls = new AtomicInteger();

	private final AtomicBoolean open = new AtomicBoolean(true);

	private @Nullable IOException failure;

	private boolean known = true;

	private final PageCacheSnapshots snapshots = new PageCacheSnapshots(this::file, this.clock);

	@Test
	void allNumbersOfOneScrapeAreOfOneCall() {
		assertThat(scrape()).containsExactly(11, 21, 31, 41, 51);
		assertThat(this.calls).hasValue(1);
	}

	@Test
	void eachScrapeIsOneCall() {
		scrape();
		assertThat(scrape()).containsExactly(12, 22, 32, 42, 52);
		assertThat(scrape()).containsExactly(13, 23, 33, 43, 53);
		assertThat(this.calls).hasValue(3);
	}

	@Test
	void scrapeMayReadInAnyOrderAndTakeItsTime() {
		assertThat(this.snapshots.pages(State.EVICTED)).isEqualTo(41);
		this.clock.add(Duration.ofSeconds(4));
		assertThat(this.snapshots.pages(State.CACHED)).isEqualTo(11);
		assertThat(this.snapshots.pages(State.DIRTY)).isEqualTo(21);
		assertThat(this.snapshots.pages(State.EVICTED)).isEqualTo(42);
		assertThat(this.snapshots.pages(State.CACHED)).isEqualTo(12);
	}

	@Test
	void numberThatIsReadAloneIsNew() {
		assertThat(this.snapshots.pages(State.DIRTY)).isEqualTo(21);
		assertThat(this.snapshots.pages(State.DIRTY)).isEqualTo(22);
	}

	@Test
	void noNumberIsOlderThanAFewSeconds() {
		assertThat(this.snapshots.pages(State.DIRTY)).isEqualTo(21);
		this.clock.add(Duration.ofMillis(5001));
		assertThat(this.snapshots.pages(State.CACHED)).isEqualTo(12);
	}

	@Test
	void closedFileHasNoNumbersAndIsNotAsked() {
		this.open.set(false);
		assertThat(scrape()).containsOnly(Double.NaN);
		assertThat(this.calls).hasValue(0);
	}

	@Test
	void numbersThatAreNotKnownAreNone() {
		this.known = false;
		assertThat(scrape()).containsExactly(11, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
	}

	@Test
	void failureIsNoNumber() {
		this.failure = new IOException("no");
		assertThat(scrape()).containsOnly(Double.NaN);
		this.failure = null;
		assertThat(scrape()).contains(11);
	}

	private double[] scrape() {
		return Arrays.stream(State.values()).mapToDouble(this.snapshots::pages).toArray();
	}

	private Mmap file() {
		return (Mmap) Proxy.newProxyInstance(Mmap.class.getClassLoader(), new Class<?>[] { Mmap.class },
				(proxy, method, arguments) -> method.getName().equals("isOpen") ? this.open.get() : pageCache());
	}

	private Optional<PageCacheStats> pageCache() throws IOException {
		if (this.failure != null) {
			throw this.failure;
		}
		long call = this.calls.incrementAndGet();
		return Optional.of(this.known ? new PageCacheStats(4096, 10 + call, 20 + call, 30 + call, 40 + call, 50 + call)
				: new PageCacheStats(4096, 10 + call, -1, -1, -1, -1));
	}

}
