package dev.yammap.spring.boot.settings;

/**
 * Thrown when a file or a journal cannot be one of the registry as it is described: its
 * name is in use or cannot be used, it is at the place of another, or a property does not
 * exist.
 */
public final class InvalidFileException extends IllegalArgumentException {

	private static final long serialVersionUID = 1L;

	private final String action;

	/**
	 * Creates a new exception.
	 * @param description what is wrong, in sentences
	 * @param action what to do about it, in sentences
	 */
	public InvalidFileException(String description, String action) {
		super(description);
		this.action = action;
	}

	/**
	 * Returns what to do about it.
	 * @return sentences for people
	 */
	public String action() {
		return this.action;
	}

}
