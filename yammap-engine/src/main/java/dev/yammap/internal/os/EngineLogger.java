package dev.yammap.internal.os;

import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The logger of the engine. It is looked up when there is something to say, not when a
 * class is loaded: the first logger of a virtual machine takes 10 ms, for which the first
 * file need not wait.
 * <p>
 * It says only once per process what a file system cannot do. Otherwise an application
 * with a thousand files would log little else.
 */
public final class EngineLogger {

	private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

	private EngineLogger() {
	}

	public static System.Logger get() {
		return System.getLogger("dev.yammap");
	}

	/**
	 * Says once that the file system writes each page to a new block. A user may expect
	 * that preallocation prevents a full disk, and there it does not.
	 */
	public static void sayCopying(Path path) {
		sayOnce("The file system of {0} copies on write: a write needs a new block even in a preallocated file. If the"
				+ " disk is full, it throws an exception", path);
	}

	/** Says once that the file system cannot preallocate. */
	public static void saySparse(Path path) {
		sayOnce("The file system of {0} cannot preallocate (fallocate), so files are sparse. If the disk is full, a"
				+ " write into a hole throws an exception", path);
	}

	private static void sayOnce(String message, Path path) {
		if (SAID.add(message)) {
			get().log(Level.INFO, message, Printable.of(path));
		}
	}

	/**
	 * Says that the name of a new file is not durable. The file can still be used, so
	 * this is no failure.
	 */
	public static void sayNotDurable(Path file, Path directory, String word, String remedy) {
		get().log(Level.WARNING,
				() -> Printable.of(file) + " was created, but its name is not durable: the directory "
						+ Printable.of(directory) + " cannot be synced: " + word
						+ ". After a power cut the file may be missing, with all that was synced to it. " + remedy);
	}

}
