package dev.yammap.internal.sync;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link CommitDelay}.
 */
class CommitDelayTests {

	private static final long FLUSH = 200_000;

	private final CommitDelay patience = new CommitDelay();

	@Test
	void loneCallerIsEnough() {
		assertThat(this.patience.isEnough(1)).isTrue();
		this.patience.flushed(FLUSH, 1, 0);
		assertThat(this.patience.isEnough(1)).isTrue();
	}

	@Test
	void asManyAreAwaitedAsWereServedOrKeptWaiting() {
		this.patience.flushed(FLUSH, 5, 3);
		assertThat(this.patience.isEnough(7)).isFalse();
		assertThat(this.patience.isEnough(8)).isTrue();
	}

	@Test
	void waitIsHalfOfAFlush() {
		assertThat(this.patience.nanos()).isZero();
		this.patience.flushed(FLUSH, 5, 3);
		assertThat(this.patience.nanos()).isEqualTo(FLUSH / 2);
	}

	@Test
	void waitHasALimit() {
		this.patience.flushed(60_000_000_000L, 5, 3);
		assertThat(this.patience.nanos()).isEqualTo(1_000_000);
	}

	@Test
	void flushTooShortToWaitForIsNotWaitedFor() {
		this.patience.flushed(100, 5, 3);
		assertThat(this.patience.nanos()).isZero();
	}

	@Test
	void oneSlowFlushCountsLittle() {
		this.patience.flushed(FLUSH, 5, 3);
		this.patience.flushed(1000 * FLUSH, 5, 3);
		assertThat(this.patience.nanos()).isBetween(FLUSH / 2, FLUSH * 6 / 10);
	}

	@Test
	void durationIsLearntAnew() {
		this.patience.flushed(100, 5, 3);
		for (int i = 0; i < 100; i++) {
			this.patience.flushed(FLUSH, 5, 3);
		}
		assertThat(this.patience.nanos()).isBetween(FLUSH * 4 / 10, FLUSH / 2);
		for (int i = 0; i < 100; i++) {
			this.patience.flushed(100, 5, 3);
		}
		assertThat(this.patience.nanos()).isZero();
	}

	@Test
	void vainWaitsGrowRarer() {
		this.patience.flushed(FLUSH, 9, 0);
		this.patience.waited(1, 4);
		assertThat(flushesUntilNextWait()).isEqualTo(1);
		this.patience.waited(1, 1);
		assertThat(flushesUntilNextWait()).isEqualTo(3);
		for (int i = 0; i < 10; i++) {
			this.patience.waited(1, 1);
		}
		assertThat(flushesUntilNextWait()).isEqualTo(63);
	}

	@Test
	void waitThatBringsHalfOfThoseAwaitedIsWorthIt() {
		this.patience.flushed(FLUSH, 9, 0);
		this.patience.waited(1, 1);
		this.patience.waited(1, 5);
		assertThat(flushesUntilNextWait()).isZero();
	}

	@Test
	void waitThatAnotherEndedIsWorthIt() {
		this.patience.flushed(FLUSH, 9, 0);
		this.patience.waited(3, 0);
		assertThat(flushesUntilNextWait()).isZero();
	}

	private int flushesUntilNextWait() {
		int flushes = 0;
		while (this.patience.nanos() == 0) {
			this.patience.flushed(FLUSH, 9, 0);
			flushes++;
		}
		return flushes;
	}

	@Test
	void leastWaitThatIsWorthItIsWaited() {
		this.patience.flushed(40_000, 5, 3);
		assertThat(this.patience.nanos()).isEqualTo(20_000);
		this.patience.flushed(39_000, 5, 3);
		assertThat(this.patience.nanos()).isZero();
	}

}
