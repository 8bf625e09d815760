package dev.yammap.sample.live;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import dev.yammap.sample.countries.CountryTable;
import dev.yammap.sample.countries.Ipv4;
import dev.yammap.sample.visits.Visits;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * Records many visits at once, each by a virtual thread that waits until its visit is
 * durable. One burst at a time.
 */
@Component
public class Bursts {

	/** The greatest number of visits in a burst. */
	public static final int MAX_VISITS = 20_000;

	/** The greatest number of threads of a burst. */
	public static final int MAX_THREADS = 1000;

	private static final Logger logger = LoggerFactory.getLogger(Bursts.class);

	private static final String JOURNAL = "journal";

	/**
	 * Few addresses belong to no country, so a handful of attempts finds one that does.
	 */
	private static final int ATTEMPTS = 8;

	private final Visits visits;

	private final CountryTable countries;

	private final SyncMeters syncs;

	private final AtomicReference<@Nullable Burst> last = new AtomicReference<>();

	Bursts(Visits visits, CountryTable countries, SyncMeters syncs) {
		this.visits = visits;
		this.countries = countries;
		this.syncs = syncs;
	}

	/**
	 * Starts a burst, and does not wait for it.
	 * @param visits the number of visits, from 1 to {@link #MAX_VISITS}
	 * @param threads the number of threads, from 1 to {@link #MAX_THREADS}
	 * @return how it stands at its beginning
	 * @throws RefusedException if another burst is running
	 */
	public BurstState start(int visits, int threads) {
		Burst before = this.last.get();
		Burst burst = new Burst(visits, Math.min(threads, visits));
		if ((before != null && before.isRunning()) || !this.last.compareAndSet(before, burst)) {
			throw new RefusedException("A burst is running already: cancel it, or wait until it has ended");
		}
		BurstState state = burst.state();
		burst.start();
		return state;
	}

	/**
	 * Cancels the burst that is running. Visits that have begun are still recorded.
	 * @return how it stands
	 * @throws RefusedException if none is running
	 */
	public BurstState cancel() {
		Burst burst = this.last.get();
		if (burst == null || !burst.isRunning()) {
			throw new RefusedException("No burst is running");
		}
		burst.cancelled = true;
		return burst.state();
	}

	/**
	 * Cancels the burst that is running, if there is one.
	 */
	void stop() {
		Burst burst = this.last.get();
		if (burst != null) {
			burst.cancelled = true;
		}
	}

	/**
	 * Returns how the last burst stands.
	 * @return its state, or {@code null} if there was none
	 */
	@Nullable BurstState state() {
		Burst burst = this.last.get();
		return (burst != null) ? burst.state() : null;
	}

	private Ipv4 randomAddress() {
		ThreadLocalRandom random = ThreadLocalRandom.current();
		Ipv4 address = new Ipv4(random.nextInt());
		for (int i = 1; i < ATTEMPTS && this.countries.find(address).isEmpty(); i++) {
			address = new Ipv4(random.nextInt());
		}
		return address;
	}

	/**
	 * How a burst stands.
	 *
	 * @param visits how many visits were asked for
	 * @param threads how many threads record them
	 * @param done how many are durable
	 * @param failed how many could not be recorded
	 * @param flushes how often the journal was flushed since the burst began
	 * @param millis how long it has taken
	 * @param running whether it is still running
	 * @param cancelled whether it was cancelled
	 */
	public record BurstState(int visits, int threads, int done, int failed, long flushes, long millis, boolean running,
			boolean cancelled) {

	}

	private final class Burst {

		private final int visits;

		private final int threads;

		private final AtomicInteger begun = new AtomicInteger();

		private final AtomicInteger done = new AtomicInteger();

		private final AtomicInteger failed = new AtomicInteger();

		private final AtomicInteger active;

		private final long startedNanos = System.nanoTime();

		private final long flushesBefore = Bursts.this.syncs.count(JOURNAL);

		private volatile boolean cancelled;

		/** Set when all threads have ended. */
		private volatile @Nullable BurstState result;

		Burst(int visits, int threads) {
			this.visits = visits;
			this.threads = threads;
			this.active = new AtomicInteger(threads);
		}

		void start() {
			for (int i = 0; i < this.threads; i++) {
				Thread.ofVirtual().name("burst-" + i).start(this::run);
			}
		}

		private void run() {
			try {
				while (!this.cancelled && this.begun.getAndIncrement() < this.visits) {
					Bursts.this.visits.record(randomAddress());
					this.done.incrementAndGet();
				}
			}
			catch (RuntimeException ex) {
				// The journal takes no more visits after a failed flush: no sense in
				// going on.
				if (this.failed.getAndIncrement() == 0) {
					logger.error("A burst of visits failed", ex);
				}
				this.cancelled = true;
			}
			finally {
				if (this.active.decrementAndGet() == 0) {
					this.result = measure(false);
				}
			}
		}

		boolean isRunning() {
			return this.result == null;
		}

		BurstState state() {
			BurstState result = this.result;
			return (result != null) ? result : measure(true);
		}

		private BurstState measure(boolean running) {
			return new BurstState(this.visits, this.threads, this.done.get(), this.failed.get(),
					Bursts.this.syncs.count(JOURNAL) - this.flushesBefore,
					(System.nanoTime() - this.startedNanos) / 1_000_000, running, this.cancelled);
		}

	}

}
