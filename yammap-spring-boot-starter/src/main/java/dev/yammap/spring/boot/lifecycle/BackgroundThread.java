package dev.yammap.spring.boot.lifecycle;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A daemon thread that does things again and again, between {@link #start} and
 * {@link #stop}. It is a platform thread whatever the application runs on: its calls may
 * wait for a device, and those of a virtual thread are made by a platform thread anyway.
 */
public final class BackgroundThread {

	private static final Log logger = LogFactory.getLog(BackgroundThread.class);

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final String name;

	private @Nullable ScheduledExecutorService executor;

	private volatile @Nullable Thread thread;

	/**
	 * Creates a thread that is not started.
	 * @param name its name
	 */
	BackgroundThread(String name) {
		this.name = name;
	}

	/**
	 * Starts the thread, unless it is.
	 */
	public synchronized void start() {
		if (this.executor == null) {
			this.executor = Executors.newSingleThreadScheduledExecutor((task) -> {
				Thread thread = Thread.ofPlatform().daemon().name(this.name).unstarted(task);
				this.thread = thread;
				return thread;
			});
		}
	}

	/**
	 * Does something each time the given time has passed since it was done last.
	 * @param time the time
	 * @param task what to do; what it throws is logged
	 */
	@SuppressWarnings("FutureReturnValueIgnored") // No failure gets so far.
	public synchronized void every(Duration time, Runnable task) {
		if (this.executor != null) {
			this.executor.scheduleWithFixedDelay(() -> runSafely(task), time.toNanos(), time.toNanos(),
					TimeUnit.NANOSECONDS);
		}
	}

	private void runSafely(Runnable task) {
		try {
			task.run();
		}
		catch (RuntimeException | Error ex) {
			// The task would not be done again.
			logger.error("Thread " + this.name + " goes on after a failure", ex);
		}
	}

	/**
	 * Stops the thread, and waits for what it is doing, but not for ever: that may be
	 * waiting for whoever stops it. It does not wait for itself, as where a listener that
	 * it called stops the application.
	 */
	synchronized void stop() {
		ScheduledExecutorService executor = this.executor;
		this.executor = null;
		if (executor == null) {
			return;
		}
		executor.shutdown();
		Thread thread = this.thread;
		if (thread != null && !Thread.currentThread().equals(thread)) {
			await(thread);
		}
	}

	private void await(Thread thread) {
		try {
			if (!thread.join(PATIENCE)) {
				logger.warn("Thread " + this.name + " is busy and ends later");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
