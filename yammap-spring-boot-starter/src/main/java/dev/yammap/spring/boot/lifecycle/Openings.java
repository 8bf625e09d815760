package dev.yammap.spring.boot.lifecycle;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Says whether resources may be opened, and knows which threads are opening one. An
 * opening calls the application, which may wait for other threads, so it holds no lock.
 * The end and a checkpoint let no further opening begin, and wait for those that have
 * begun.
 */
public final class Openings {

	private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

	/** Each thread once for each of its openings. Guarded by itself. */
	private final List<Thread> threads = new ArrayList<>();

	private volatile boolean suspended;

	private volatile boolean closed;

	/**
	 * Begins an opening. Look only afterwards whether it is {@linkplain #refusal()
	 * refused}.
	 */
	public void begin() {
		synchronized (this.threads) {
			this.threads.add(Thread.currentThread());
		}
	}

	public void end() {
		synchronized (this.threads) {
			this.threads.remove(Thread.currentThread());
			this.threads.notifyAll();
		}
	}

	/**
	 * Returns why nothing can be opened now.
	 * @return the end of a sentence, or {@code null} if something can
	 */
	public @Nullable String refusal() {
		if (this.closed) {
			return "cannot be opened: the registry is closed";
		}
		return this.suspended ? "cannot be opened during a checkpoint" : null;
	}

	public boolean isClosed() {
		return this.closed;
	}

	/** Refuses further openings for good, and waits for those of other threads. */
	public void close() {
		this.closed = true;
		awaitOthers();
	}

	/** Does the same until {@link #resume()}. */
	public void suspend() {
		this.suspended = true;
		awaitOthers();
	}

	public void resume() {
		this.suspended = false;
	}

	/**
	 * Waits for the openings of other threads: one of this thread is what led here. It
	 * waits no longer than 10 s, as one of them may itself wait for the end.
	 */
	private void awaitOthers() {
		Thread self = Thread.currentThread();
		long start = System.nanoTime();
		boolean interrupted = false;
		synchronized (this.threads) {
			long left = PATIENCE_NANOS;
			while (left > 0 && !this.threads.stream().allMatch(self::equals)) {
				try {
					TimeUnit.NANOSECONDS.timedWait(this.threads, left);
				}
				catch (InterruptedException ex) {
					interrupted = true;
				}
				left = PATIENCE_NANOS - (System.nanoTime() - start);
			}
		}
		if (interrupted) {
			self.interrupt();
		}
	}

}
