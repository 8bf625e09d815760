package dev.yammap.spring.boot.autoconfigure;

import org.springframework.context.SmartLifecycle;

/**
 * Something that is done with files again and again while the application runs, on a
 * thread of its own. A paused context does nothing of it.
 */
abstract class BackgroundWork implements SmartLifecycle {

	/** Stopped just before the registry syncs for the last time. */
	private static final int PHASE = DefaultMmaps.PHASE + 1;

	private final BackgroundThread thread;

	private volatile boolean running;

	/**
	 * Creates work that has not begun.
	 * @param threadName the name of the thread
	 */
	BackgroundWork(String threadName) {
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

	@Override
	public final void start() {
		begin(this.thread);
		this.running = true;
	}

	@Override
	public final void stop() {
		this.thread.stop();
		end();
		this.running = false;
	}

	@Override
	public final boolean isRunning() {
		return this.running;
	}

	@Override
	public final int getPhase() {
		return PHASE;
	}

}
