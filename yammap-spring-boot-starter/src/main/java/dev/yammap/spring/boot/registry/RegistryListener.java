package dev.yammap.spring.boot.registry;

/**
 * Told which files a registry has: those that are configured, and those that are opened
 * and closed at run time.
 */
public interface RegistryListener {

	/**
	 * The registry has a file. Called for each file that it had before the listener was
	 * added, by the thread that adds it, and then by each thread that opens one at run
	 * time. May be called twice for one that is opened meanwhile.
	 * @param file the file, open or not
	 */
	void added(TrackedFile file);

	/**
	 * A file that was opened at run time is closed, and no longer one of the registry.
	 * @param file the file
	 */
	default void removed(TrackedFile file) {
	}

}
