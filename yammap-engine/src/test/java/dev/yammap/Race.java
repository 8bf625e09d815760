package dev.yammap;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ThreadFactory;
import java.util.function.IntFunction;

/**
 * Runs tasks at the same time, a thread each, and hands on what the first of them threw.
 */
final class Race {

	private final ThreadFactory threads;

	private final List<Task> tasks = new ArrayList<>();

	private Race(ThreadFactory threads) {
		this.threads = threads;
	}

	static Race onPlatformThreads() {
		return new Race(Thread.ofPlatform().name("race-", 0).factory());
	}

	static Race onVirtualThreads() {
		return new Race(Thread.ofVirtual().name("race-", 0).factory());
	}

	Race with(Task task) {
		this.tasks.add(task);
		return this;
	}

	Race with(int count, IntFunction<Task> task) {
		for (int i = 0; i < count; i++) {
			this.tasks.add(task.apply(i));
		}
		return this;
	}

	/**
	 * Starts every task at once and waits for all of them.
	 */
	void run() throws Exception {
		runWith(() -> {
		});
	}

	/**
	 * Starts every task at once and runs one more of them on the calling thread, which is
	 * a platform thread even where the others are virtual and keep every carrier busy.
	 */
	void runWith(Task own) throws Exception {
		CyclicBarrier start = new CyclicBarrier(this.tasks.size() + 1);
		Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
		List<Thread> started = new ArrayList<>();
		for (Task task : this.tasks) {
			Thread thread = this.threads.newThread(() -> guarded(task, start, failures));
			started.add(thread);
			thread.start();
		}
		guarded(own, start, failures);
		for (Thread thread : started) {
			thread.join();
		}
		Throwable first = failures.poll();
		if (first != null) {
			failures.forEach(first::addSuppressed);
			throw new AssertionError("A task failed: " + first, first);
		}
	}

	private static void guarded(Task task, CyclicBarrier start, Queue<Throwable> failures) {
		try {
			start.await();
			task.run();
		}
		catch (Throwable ex) {
			failures.add(ex);
		}
	}

	/**
	 * What a thread does.
	 */
	interface Task {

		void run() throws Exception;

	}

}
