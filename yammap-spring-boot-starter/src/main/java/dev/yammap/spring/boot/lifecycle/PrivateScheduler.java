package dev.yammap.spring.boot.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * A scheduler of Spring with one daemon thread, which exists between {@link #start} and
 * {@link #stop}. It must not be a bean: the scheduler of Spring Boot would back off, and
 * the application's own tasks would run on this thread. It is a platform thread, whatever
 * the application runs on: its tasks may wait for a device, and Yammap would make such
 * calls of a virtual thread on a platform thread anyway.
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
	 * Starts the scheduler, unless it is running. The thread starts with the first task.
	 */
	public synchronized void start() {
		if (this.scheduler == null) {
			ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
			scheduler.setThreadFactory(this::newThread);
			scheduler.setRemoveOnCancelPolicy(true);
			// Otherwise the task would not run again.
			scheduler.setErrorHandler(
					(failure) -> logger.error("Thread " + this.name + " goes on after a failure", failure));
			// A task must not be interrupted, whatever it is doing.
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
	 * Runs a task repeatedly, with a pause after each run.
	 * @param time the pause
	 * @param task the task; if it throws, that is logged
	 * @return what ends this; the task never runs if the scheduler is not started
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
	 * Stops the scheduler, and waits for its current task. It waits no longer than 10 s,
	 * as the task may itself wait for whoever stops the scheduler. If a task stops the
	 * scheduler, for example through a listener that stops the application, it does not
	 * wait for itself.
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
