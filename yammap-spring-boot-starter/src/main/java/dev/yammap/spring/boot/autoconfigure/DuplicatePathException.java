package dev.yammap.spring.boot.autoconfigure;

/**
 * Thrown when two names are configured for one file.
 */
final class DuplicatePathException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final transient FileSettings first;

	private final transient FileSettings second;

	DuplicatePathException(FileSettings first, FileSettings second) {
		super("Files " + first + " and " + second + " are the same file");
		this.first = first;
		this.second = second;
	}

	FileSettings first() {
		return this.first;
	}

	FileSettings second() {
		return this.second;
	}

}
