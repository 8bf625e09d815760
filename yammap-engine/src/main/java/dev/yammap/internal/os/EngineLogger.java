package dev.yammap.internal.os;

import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Where the engine logs. It is looked up when there is something to say, not when a class
 * is loaded: the first logger of a virtual machine takes 10 ms, which the first file need
 * not wait for.
 * <p>
 * What a file system cannot do is said once per process, or an application with a
 * thousand files says nothing else.
 */
public final class EngineLogger {

	private static final AtomicBoolean COPYING_SAID = new AtomicBoolean();

	private static final AtomicBoolean SPARSE_SAID = new AtomicBoolean();

	private EngineLogger() {
	}

	public static System.Logger get() {
		return System.getLogger("dev.yammap");
	}

	/**
	 * Says once that the file system writes each page to a new block, so that
	 * preallocation does not keep what its user may expect of it.
	 * @param path a file on it
	 */
	public static void sayCopying(Path path) {
		if (COPYING_SAID.compareAndSet(false, true)) {
			get()
				.log(Level.INFO,
						"The file system of {0} copies on write: every write needs a new block, so that it can"
								+ " meet a full disk although the file is preallocated; then it throws an exception",
						path);
		}
	}

	/**
	 * Says that the name of a new file is not durable, which is no reason to do without
	 * the file.
	 * @param file the file
	 * @param directory its directory
	 * @param word what the operating system said
	 * @param remedy what to do
	 */
	public static void sayNotDurable(Path file, Path directory, String word, String remedy) {
		get().log(Level.WARNING,
				() -> Printable.of(file) + " was created, but its name is not durable: the directory "
						+ Printable.of(directory) + " cannot be synced: " + word
						+ ". After a power cut the file may be missing, with all that was synced to it. " + remedy);
	}

	/**
	 * Says once that the file system cannot preallocate.
	 * @param path a file on it
	 */
	public static void saySparse(Path path) {
		if (SPARSE_SAID.compareAndSet(false, true)) {
			get().log(Level.INFO, "The file system of {0} cannot preallocate (fallocate): files are sparse, and a"
					+ " write into a hole can meet a full disk", path);
		}
	}

}
