package dev.yammap.internal.sync;

import dev.yammap.internal.os.CallThreads;

/**
 * Threads that lead a {@link GroupCommit} in place of callers that must not lead.
 */
interface Helpers {

	/** The helpers of virtual threads. */
	Helpers PLATFORM_THREADS = new PlatformThreads();

	/** Tells whether the current thread must not lead. */
	boolean areNeeded();

	/**
	 * Runs something on another thread.
	 * @return whether there is such a thread; if not, the caller leads itself
	 */
	boolean start(Runnable help);

	/** Helps virtual threads, which keep their carriers during a flush. */
	final class PlatformThreads implements Helpers {

		@Override
		public boolean areNeeded() {
			return Thread.currentThread().isVirtual();
		}

		@Override
		public boolean start(Runnable help) {
			return CallThreads.start(help);
		}

	}

}
