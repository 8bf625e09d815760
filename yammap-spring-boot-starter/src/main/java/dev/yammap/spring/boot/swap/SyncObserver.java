package dev.yammap.spring.boot.swap;

import java.io.IOException;

/**
 * Sees every call that syncs a file, from its begin to its end, on the thread that calls.
 */
public interface SyncObserver {

	/** Sees nothing, and costs nothing. */
	SyncObserver NONE = Call::sync;

	/**
	 * Does a call, and observes it.
	 * @param call what syncs the file
	 * @throws IOException what the call throws
	 */
	void observe(Call call) throws IOException;

	/**
	 * A call that syncs a file.
	 */
	interface Call {

		void sync() throws IOException;

	}

}
