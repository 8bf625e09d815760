package dev.yammap.spring.boot.lifecycle;

/**
 * Something that is done with files again and again, on a thread of its own.
 */
public abstract class BackgroundTask {

	private final BackgroundThread thread;

	/**
	 * Creates a task that has not begun.
	 * @param threadName the name of the thread
	 */
	public BackgroundTask(String threadName) {
		this.thread = new BackgroundThread(threadName);
	}

	/**
	 * Starts the thread and tells it what to do, if there is something.
	 * @param thread the thread, not started
	 */
	protected abstract void begin(BackgroundThread thread);

	/**
	 * Does what is left to do once the thread is gone.
	 */
	protected void end() {
	}

	public final void start() {
		begin(this.thread);
	}

	public final void stop() {
		this.thread.stop();
		end();
	}

}
