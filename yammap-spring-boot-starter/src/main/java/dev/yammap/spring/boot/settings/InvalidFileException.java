package dev.yammap.spring.boot.settings;

/**
 * Thrown when the registry cannot have a file or journal as it is configured: its name is
 * in use or cannot be used, it has the path of another one, or a property does not exist.
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
	 * @return what to do, in sentences
	 */
	public String action() {
		return this.action;
	}

}
