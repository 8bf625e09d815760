package dev.yammap.internal.sync;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;

import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * Flushes that begin and end when a test says so.
 */
@NullMarked
final class FakeDevice implements GroupCommit.Target {

	/** The flushes in their order, as {@code from-to}. */
	final List<String> ranges = new CopyOnWriteArrayList<>();

	/** What was told of each flush, as {@code callers} or {@code callers failed}. */
	final List<String> events = new CopyOnWriteArrayList<>();

	/** Who flushed, in the same order. */
	final List<Thread> leaders = new CopyOnWriteArrayList<>();

	private final List<Throwable> failures = new CopyOnWriteArrayList<>();

	private final Semaphore begun = new Semaphore(0);

	private final Semaphore mayEnd = new Semaphore(0);

	/** Waits until one more flush runs. */
	void awaitFlush() throws InterruptedException {
		this.begun.acquire();
	}

	/** Lets one flush end, this or one to come. */
	void letEnd() {
		this.mayEnd.release();
	}

	/** Lets every flush end from now on. */
	void letAllEnd() {
		this.mayEnd.release(1_000_000);
	}

	/** Has one flush fail that has not ended yet. */
	void failOnce(Throwable failure) {
		this.failures.add(failure);
	}

	@Override
	public void flush(long from, long to, int callers) throws IOException {
		this.ranges.add(from + "-" + to);
		this.leaders.add(Thread.currentThread());
		this.begun.release();
		this.mayEnd.acquireUninterruptibly();
		if (!this.failures.isEmpty()) {
			switch (this.failures.removeFirst()) {
				case IOException ex -> throw ex;
				case RuntimeException ex -> throw ex;
				case Error ex -> throw ex;
				case Throwable ex -> throw new IllegalStateException(ex);
			}
		}
	}

	@Override
	public void flushed(long nanos, int callers, @Nullable Throwable failure) {
		this.events.add(callers + ((failure != null) ? " failed" : ""));
	}

}
