package dev.yammap;

import java.nio.file.FileSystemException;

/**
 * A file could not be opened with the {@linkplain LockMode lock} that was asked for, as
 * somebody else holds one that excludes it. The message says which process that is, where
 * it can be found out. Nothing was changed; the call may be repeated.
 */
public class FileLockedException extends FileSystemException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates a new exception.
	 * @param file the name of the file
	 * @param reason who holds which lock, as far as is known, and what to do about it
	 */
	public FileLockedException(String file, String reason) {
		super(file, null, reason);
	}

}
