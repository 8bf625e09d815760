package dev.yammap.spring.boot.swap;

import java.io.IOException;

/**
 * Observes every call that syncs a file, from its beginning to its end, on the thread of
 * the caller.
 */
public interface SyncObserver {

	/** Observes nothing, and costs nothing. */
	SyncObserver NONE = Call::sync;

	/**
	 * Makes a call, and observes it.
	 * @param call the call that syncs the file
	 * @throws IOException if the call throws it
	 */
	void observe(Call call) throws IOException;

	/**
	 * A call that syncs a file.
	 */
	interface Call {

		void sync() throws IOException;

	}

}
