package dev.yammap.internal.os;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;

/**
 * The directories of files that were created: a file is durable once its directory is.
 */
public final class Directories {

	/** The directory cannot be opened to be synced. */
	public static final String DENIED = "Grant the right to read the directory";

	/** The file system has no such call, as those of VirtualBox and CIFS. */
	public static final String UNSUPPORTED = "This file system syncs no directories: keep what must last on another";

	private Directories() {
	}

	/**
	 * Returns the directory that has the name of a file.
	 * @param file the file, which exists
	 * @param origin where it comes from: behind a link its directory is elsewhere
	 */
	public static Path of(Path file, Origin origin) throws IOException {
		Path name = (origin == Origin.PERHAPS_CREATED) ? file.toRealPath() : file.toAbsolutePath();
		Path parent = name.getParent();
		return (parent != null) ? parent : name;
	}

	/**
	 * Logs that a name is not durable, which is no reason to do without the file.
	 * @param file the file
	 * @param directory its directory
	 * @param word what the operating system said
	 * @param remedy what to do
	 */
	public static void warn(Path file, Path directory, String word, String remedy) {
		EngineLogger.get()
			.log(Level.WARNING,
					() -> Printable.of(file) + " was created, but its name is not durable: the directory "
							+ Printable.of(directory) + " cannot be synced: " + word
							+ ". After a power cut the file may be missing, with all that was synced to it. " + remedy);
	}

}
