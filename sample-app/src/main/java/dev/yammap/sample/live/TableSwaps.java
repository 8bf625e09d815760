package dev.yammap.sample.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

import dev.yammap.Mmap;
import dev.yammap.sample.countries.CountryTable;
import dev.yammap.sample.countries.CountryTableUpdate;
import dev.yammap.sample.countries.Ipv4;
import dev.yammap.spring.boot.MappedFile;
import dev.yammap.spring.boot.Mmaps;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * Replaces the table of countries while threads look up addresses in it without a pause.
 * One replacement at a time.
 */
@Component
public class TableSwaps {

	private static final Logger logger = LoggerFactory.getLogger(TableSwaps.class);

	private static final String FILE = "countries";

	/** Leaves half of the processors to everybody else. */
	private static final int THREADS = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

	private static final int BLOCK = 256;

	private static final long DEADLINE_SECONDS = 60;

	private static final long AFTER_MILLIS = 300;

	private final CountryTableUpdate update;

	private final CountryTable countries;

	private final Mmap file;

	private final AtomicBoolean running = new AtomicBoolean();

	private volatile @Nullable Swap current;

	private volatile @Nullable SwapState last;

	TableSwaps(CountryTableUpdate update, CountryTable countries, @MappedFile(FILE) Mmap file, Mmaps files) {
		this.update = update;
		this.countries = countries;
		this.file = file;
		files.addReloadHandler(FILE, (reloaded) -> {
			Swap swap = this.current;
			if (swap != null) {
				swap.switched.countDown();
			}
		});
	}

	/**
	 * Starts to replace the table, and does not wait for it.
	 * @return how it stands
	 * @throws RefusedException if it is being replaced already
	 */
	public SwapState start() {
		if (!this.running.compareAndSet(false, true)) {
			throw new RefusedException("The table is being replaced already");
		}
		Swap swap = new Swap(table());
		this.current = swap;
		Thread.ofVirtual().name("table-swap").start(() -> {
			try {
				this.last = run(swap);
			}
			finally {
				this.current = null;
				this.running.set(false);
			}
		});
		return swap.state("building", true);
	}

	/**
	 * Ends a replacement soon, whatever it has come to.
	 */
	void stop() {
		Swap swap = this.current;
		if (swap != null) {
			swap.stopped = true;
			swap.switched.countDown();
		}
	}

	/**
	 * Returns how the last replacement stands.
	 * @return its state, or {@code null} if there was none
	 */
	@Nullable SwapState state() {
		Swap swap = this.current;
		return (swap != null) ? swap.state(swap.phase, true) : this.last;
	}

	/**
	 * Returns the file that is at the path of the table.
	 */
	Table table() {
		Path path = this.file.path();
		try {
			return new Table(this.countries.size(), ((Number) Files.getAttribute(path, "unix:ino")).longValue(),
					Files.getLastModifiedTime(path).toInstant());
		}
		catch (IOException | UnsupportedOperationException ex) {
			return new Table(this.countries.size(), null, null);
		}
	}

	private SwapState run(Swap swap) {
		try {
			for (int i = 0; i < THREADS; i++) {
				Thread.ofPlatform().daemon().name("look-up-" + i).start(() -> lookUp(swap));
			}
			swap.lookingUp.await();
			long start = System.nanoTime();
			this.update.replace(this.file.path());
			swap.buildMillis = millisSince(start);
			swap.phase = "switching";
			long renamed = System.nanoTime();
			boolean switched = swap.switched.await(DEADLINE_SECONDS, TimeUnit.SECONDS) && !swap.stopped;
			swap.switchMillis = millisSince(renamed);
			swap.after = table();
			TimeUnit.MILLISECONDS.sleep(AFTER_MILLIS);
			return swap.state(switched ? "switched" : "late", false);
		}
		catch (IOException | RuntimeException ex) {
			logger.error("The table of countries could not be replaced", ex);
			return swap.state("failed", false);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return swap.state("failed", false);
		}
		finally {
			swap.ended = true;
		}
	}

	private void lookUp(Swap swap) {
		ThreadLocalRandom random = ThreadLocalRandom.current();
		while (!swap.ended) {
			long slowest = 0;
			for (int i = 0; i < BLOCK; i++) {
				long start = System.nanoTime();
				try {
					this.countries.find(new Ipv4(random.nextInt()));
				}
				catch (RuntimeException ex) {
					if (swap.errors.getAndIncrement() == 0) {
						logger.error("A look-up failed while the table was replaced", ex);
					}
				}
				slowest = Math.max(slowest, System.nanoTime() - start);
			}
			swap.lookUps.add(BLOCK);
			swap.slowestNanos.accumulateAndGet(slowest, Math::max);
			swap.lookingUp.countDown();
		}
	}

	private static long millisSince(long nanos) {
		return (System.nanoTime() - nanos) / 1_000_000;
	}

	/**
	 * The file of the table.
	 *
	 * @param ranges how many ranges it has
	 * @param inode the number of the file in its file system, where it has one
	 * @param built when it was written
	 */
	record Table(int ranges, @Nullable Long inode, @Nullable Instant built) {

	}

	/**
	 * How a replacement stands.
	 *
	 * @param phase {@code building}, {@code switching}, {@code switched}; {@code late} if
	 * the application did not switch in time, {@code failed} if the table could not be
	 * built
	 * @param running whether it is still running
	 * @param before the file before
	 * @param after the file after, once the application uses it
	 * @param lookUps how many look-ups there were meanwhile
	 * @param errors how many of these failed
	 * @param slowestMicros how long the slowest of these took, in microseconds
	 * @param buildMillis how long the build took
	 * @param switchMillis how long after the rename the application used the new file
	 */
	public record SwapState(String phase, boolean running, Table before, @Nullable Table after, long lookUps,
			long errors, long slowestMicros, long buildMillis, long switchMillis) {

	}

	private static final class Swap {

		private final Table before;

		/** How many threads have not looked anything up yet. */
		private final CountDownLatch lookingUp = new CountDownLatch(THREADS);

		private final CountDownLatch switched = new CountDownLatch(1);

		private final LongAdder lookUps = new LongAdder();

		private final AtomicLong errors = new AtomicLong();

		private final AtomicLong slowestNanos = new AtomicLong();

		private volatile String phase = "building";

		private volatile long buildMillis;

		private volatile long switchMillis;

		private volatile @Nullable Table after;

		private volatile boolean stopped;

		private volatile boolean ended;

		Swap(Table before) {
			this.before = before;
		}

		SwapState state(String phase, boolean running) {
			return new SwapState(phase, running, this.before, this.after, this.lookUps.sum(), this.errors.get(),
					this.slowestNanos.get() / 1000, this.buildMillis, this.switchMillis);
		}

	}

}
