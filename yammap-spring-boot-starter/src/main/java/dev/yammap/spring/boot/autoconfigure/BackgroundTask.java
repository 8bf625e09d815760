package dev.yammap.spring.boot.autoconfigure;

/**
 * Something that is done with files again and again, on a thread of its own.
 */
abstract class BackgroundTask {

	private final BackgroundThread thread;

	/**
	 * Creates a task that has not begun.
	 * @param threadName the name of the thread
	 */
	BackgroundTask(String threadName) {
		this.thread = new BackgroundThread(threadName);
	}

	/**
	 * Starts the thread and tells it what to do, if there is something.
	 * @param thread the thread, not started
	 */
	abstract void begin(BackgroundThread thread);

	/**
	 * Does what is left to do once the thread is gone.
	 */
	void end() {
	}

	final void start() {
		begin(this.thread);
	}

	final void stop() {
		this.thread.stop();
		end();
	}

}
