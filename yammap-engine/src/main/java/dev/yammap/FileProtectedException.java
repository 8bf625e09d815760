package dev.yammap;

import java.nio.file.AccessDeniedException;

/**
 * A file could not be opened or changed whatever its permissions say: its flags or those
 * of its directory make it append-only or immutable ({@code chattr(1)}), which binds even
 * root, or a security module of the system forbids it.
 */
public class FileProtectedException extends AccessDeniedException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates a new exception.
	 * @param file the name of the file
	 * @param reason the operation, the system's own word, and what to do about it
	 */
	public FileProtectedException(String file, String reason) {
		super(file, null, reason);
	}

}
