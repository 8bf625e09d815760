package dev.yammap.internal.os;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Where a file that was opened comes from. Only a file that opening certainly created may
 * be deleted again; whatever it may have created must be made durable.
 */
public enum Origin {

	/** It was there. */
	FOUND,

	/** Opening created it. */
	CREATED,

	/**
	 * Opening created it behind a symbolic link that led nowhere, or somebody else did at
	 * that moment: the kernel follows the link, and does not tell.
	 */
	PERHAPS_CREATED;

	/** Tells whether the name of the file may be new. */
	public boolean mayBeNew() {
		return this != FOUND;
	}

	/**
	 * Returns the directory that has the name of a file, which is durable once that
	 * directory is.
	 * @param file the file, which exists; behind a link its directory is elsewhere
	 */
	public Path directoryOf(Path file) throws IOException {
		Path name = (this == PERHAPS_CREATED) ? file.toRealPath() : file.toAbsolutePath();
		Path parent = name.getParent();
		return (parent != null) ? parent : name;
	}

}
