package dev.yammap.journal.internal.write;

import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The time for retention by age. If the wall clock jumps, nothing must be removed early.
 * So no segment is sealed with an earlier time than the one before it. The age of a
 * segment is the lesser of what the wall clock and a steady clock say.
 */
public final class SealingClock {

	private final InstantSource wall;

	private final LongSupplier nanos;

	private final long wallAtStart;

	private final long nanosAtStart;

	private long lastSealing;

	/**
	 * Creates a clock.
	 * @param nanos the steady clock, as {@link System#nanoTime()}
	 * @param lastSealing when the last segment was sealed, in milliseconds since 1970
	 */
	public SealingClock(InstantSource wall, LongSupplier nanos, long lastSealing) {
		this.wall = wall;
		this.nanos = nanos;
		this.wallAtStart = wall.millis();
		this.nanosAtStart = nanos.getAsLong();
		this.lastSealing = lastSealing;
	}

	/** Returns the time to seal a segment with. */
	synchronized long sealing() {
		this.lastSealing = Math.max(this.lastSealing, Math.max(this.wall.millis(), steady()));
		return this.lastSealing;
	}

	/** Returns the time to tell the age of segments by. */
	long now() {
		return Math.min(this.wall.millis(), steady());
	}

	private long steady() {
		return this.wallAtStart + TimeUnit.NANOSECONDS.toMillis(this.nanos.getAsLong() - this.nanosAtStart);
	}

}
