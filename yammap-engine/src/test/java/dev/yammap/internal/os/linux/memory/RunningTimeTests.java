package dev.yammap.internal.os.linux.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RunningTimeTests {

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	private long now = Long.MAX_VALUE - 5;

	private final RunningTime time = new RunningTime(() -> this.now);

	private final List<Long> slices = new ArrayList<>();

	@Test
	void sleepsUntilTheTimeHasComeInSlices() {
		this.time.sleepUntil(this.time.nanos() + SECOND / 4, this::sleep);
		assertThat(this.slices).containsExactly(SECOND / 10, SECOND / 10, SECOND / 20);
	}

	@Test
	void doesNotSleepWhereTheTimeHasCome() {
		this.time.sleepUntil(this.time.nanos(), this::sleep);
		assertThat(this.slices).isEmpty();
	}

	@Test
	void timeInWhichTheProcessWasFrozenDoesNotCount() {
		long begin = this.time.nanos();
		this.time.sleepUntil(begin + SECOND, (nanos) -> {
			sleep(nanos);
			if (this.slices.size() == 3) {
				this.now += 3_600 * SECOND;
			}
		});
		assertThat(this.slices).hasSize(10);
		assertThat(this.time.nanos() - begin).isEqualTo(SECOND);
	}

	@Test
	void sleepThatEndsEarlyIsTakenUpAgain() {
		this.time.sleepUntil(this.time.nanos() + SECOND / 10, (nanos) -> sleep((nanos + 1) / 2));
		assertThat(this.slices.stream().mapToLong(Long::longValue).sum()).isEqualTo(SECOND / 10);
	}

	private void sleep(long nanos) {
		this.slices.add(nanos);
		this.now += nanos;
	}

}
