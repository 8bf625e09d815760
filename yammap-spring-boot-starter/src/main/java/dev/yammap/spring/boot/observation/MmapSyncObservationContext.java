package dev.yammap.spring.boot.observation;

import java.nio.file.Path;

import io.micrometer.observation.Observation;

/**
 * What an observation of a sync is about.
 */
public class MmapSyncObservationContext extends Observation.Context {

	private final String file;

	private final Path path;

	/**
	 * Creates a new context.
	 * @param file the name of the file or journal in the registry
	 * @param path where it is
	 */
	public MmapSyncObservationContext(String file, Path path) {
		this.file = file;
		this.path = path;
	}

	/**
	 * Returns the name of the file or journal.
	 * @return the name in the registry
	 */
	public String getFile() {
		return this.file;
	}

	/**
	 * Returns where the file or journal is.
	 * @return the path, absolute
	 */
	public Path getPath() {
		return this.path;
	}

}
