package dev.yammap.internal.os.linux.memory;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Time in which this process can run. A process can be frozen by a signal, a container's
 * pause or a hypervisor. Its threads are then where they were, however much time has
 * passed. A thread that waits here notices that: if it sleeps for a tenth of a second and
 * wakes up much later, it was frozen, or got no processor.
 */
final class RunningTime {

	private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	private volatile LongSupplier clock;

	private final AtomicLong frozen = new AtomicLong();

	RunningTime(LongSupplier clock) {
		this.clock = clock;
	}

	/** Goes by another clock from now on: a test stops the time. */
	void goBy(LongSupplier other) {
		this.clock = other;
	}

	/** Returns the time in nanoseconds, from some origin. */
	long nanos() {
		return this.clock.getAsLong() - this.frozen.get();
	}

	/**
	 * Sleeps until a time has come. An interrupt only sets the status of this thread.
	 * @param sleep sleeps for some nanoseconds, or less
	 */
	void sleepUntil(long end, LongConsumer sleep) {
		boolean interrupted = false;
		for (long left = end - nanos(); left > 0; left = end - nanos()) {
			long slice = Math.min(left, SLICE_NANOS);
			long start = this.clock.getAsLong();
			sleep.accept(slice);
			interrupted |= Thread.interrupted();
			long late = this.clock.getAsLong() - start - slice;
			if (late > SLICE_NANOS) {
				this.frozen.addAndGet(late);
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

}
