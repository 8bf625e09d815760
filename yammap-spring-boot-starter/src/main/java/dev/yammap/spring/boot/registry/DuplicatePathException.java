package dev.yammap.spring.boot.registry;

import dev.yammap.spring.boot.settings.FileSettings;

/**
 * Thrown when two names are configured for one file.
 */
public final class DuplicatePathException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final transient FileSettings first;

	private final transient FileSettings second;

	DuplicatePathException(FileSettings first, FileSettings second) {
		super("Files " + first + " and " + second + " are the same file");
		this.first = first;
		this.second = second;
	}

	public FileSettings first() {
		return this.first;
	}

	public FileSettings second() {
		return this.second;
	}

}
