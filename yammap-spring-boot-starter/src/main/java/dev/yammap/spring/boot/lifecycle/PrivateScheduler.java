package dev.yammap.spring.boot.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * A scheduler of Spring with one daemon thread, between {@link #start} and {@link #stop}.
 * Never a bean: the scheduler of Spring Boot would back off, and the application's own
 * tasks would come onto this thread. It is a platform thread whatever the application
 * runs on: its tasks may wait for a device, and Yammap makes those calls of a virtual
 * thread on a platform thread anyway.
 */
public final class PrivateScheduler {

	private static final Log logger = LogFactory.getLog(PrivateScheduler.class);

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final String name;

	private @Nullable ThreadPoolTaskScheduler scheduler;

	private volatile @Nullable Thread thread;

	/**
	 * Creates a scheduler that is not started.
	 * @param name the name of its thread
	 */
	public PrivateScheduler(String name) {
		this.name = name;
	}

	/**
	 * Starts the scheduler, unless it is. The thread begins with the first task.
	 */
	public synchronized void start() {
		if (this.scheduler == null) {
			ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
			scheduler.setThreadFactory(this::newThread);
			scheduler.setRemoveOnCancelPolicy(true);
			// Else the task would not be done again.
			scheduler.setErrorHandler(
					(failure) -> logger.error("Thread " + this.name + " goes on after a failure", failure));
			// Whatever a task is doing must not be interrupted.
			scheduler.setWaitForTasksToCompleteOnShutdown(true);
			scheduler.initialize();
			this.scheduler = scheduler;
		}
	}

	private Thread newThread(Runnable task) {
		Thread thread = Thread.ofPlatform().daemon().name(this.name).unstarted(task);
		this.thread = thread;
		return thread;
	}

	/**
	 * Does something each time the given time has passed since it was done last.
	 * @param time the time
	 * @param task what to do; what it throws is logged
	 * @return what ends it; does nothing if the scheduler is not started
	 */
	public synchronized Runnable every(Duration time, Runnable task) {
		if (this.scheduler == null) {
			return () -> {
			};
		}
		Future<?> future = this.scheduler.scheduleWithFixedDelay(task, Instant.now().plus(time), time);
		return () -> future.cancel(false);
	}

	/**
	 * Stops the scheduler, and waits up to 10 s for what it is doing: that may be waiting
	 * for whoever stops it. It does not wait for itself, as where a listener that it
	 * called stops the application.
	 */
	public synchronized void stop() {
		ThreadPoolTaskScheduler scheduler = this.scheduler;
		this.scheduler = null;
		if (scheduler == null) {
			return;
		}
		scheduler.shutdown();
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
