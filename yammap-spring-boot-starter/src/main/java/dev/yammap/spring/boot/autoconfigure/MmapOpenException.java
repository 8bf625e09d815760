package dev.yammap.spring.boot.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Thrown when a configured file can't be opened.
 */
final class MmapOpenException extends UncheckedIOException {

	private static final long serialVersionUID = 1L;

	private final transient FileSettings settings;

	MmapOpenException(FileSettings settings, IOException cause) {
		super("File " + settings + " could not be opened: " + cause.getMessage(), cause);
		this.settings = settings;
	}

	FileSettings settings() {
		return this.settings;
	}

}
