package dev.yammap.internal.os;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Whether opening created the file. If it certainly did, the file may be deleted again.
 * If it may have, the file must be made durable.
 */
public enum Origin {

	/** The file existed. */
	FOUND,

	/** Opening created it. */
	CREATED,

	/**
	 * The path was a symbolic link that led nowhere. Either opening created its target,
	 * or somebody else did at that moment: the kernel follows the link and does not tell.
	 */
	PERHAPS_CREATED;

	/** Tells whether the name of the file may be new. */
	public boolean mayBeNew() {
		return this != FOUND;
	}

	/**
	 * Returns the directory that holds the name of a file. The name is durable once that
	 * directory is.
	 * @param file the file, which exists. If it is a link, the directory is that of its
	 * target
	 */
	public Path directoryOf(Path file) throws IOException {
		Path name = (this == PERHAPS_CREATED) ? file.toRealPath() : file.toAbsolutePath();
		Path parent = name.getParent();
		return (parent != null) ? parent : name;
	}

}
