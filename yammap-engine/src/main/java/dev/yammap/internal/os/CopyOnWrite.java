package dev.yammap.internal.os;

import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Says that a file is in a file system that writes each page to a new block: there,
 * preallocation does not keep what its user may expect of it.
 */
public final class CopyOnWrite {

	/**
	 * Said once per process, or an application with a thousand files says nothing else.
	 */
	private static final AtomicBoolean SAID = new AtomicBoolean();

	private CopyOnWrite() {
	}

	/**
	 * Logs it, unless it was logged before.
	 * @param path the file
	 */
	public static void announce(Path path) {
		if (SAID.compareAndSet(false, true)) {
			EngineLogger.get()
				.log(Level.INFO,
						"The file system of {0} copies on write: every write needs a new block, so that it can"
								+ " meet a full disk although the file is preallocated; then it throws an exception",
						path);
		}
	}

}
