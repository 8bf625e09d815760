package dev.yammap.journal.internal.write;

import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The time, as retention by age needs it: a clock that jumps must remove nothing early.
 * So a segment is sealed no earlier than the one before it, and what was sealed is as old
 * as the wall clock or the time that has passed says, whichever is less.
 */
public final class SealingClock {

	private final InstantSource wall;

	private final LongSupplier nanos;

	private final long wallAtStart;

	private final long nanosAtStart;

	private long lastSealing;

	/**
	 * Creates a clock.
	 * @param nanos time that passes, as {@link System#nanoTime()}
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
