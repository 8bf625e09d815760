package dev.yammap;

import java.nio.file.FileSystemException;

/**
 * A file could not be opened with the requested {@linkplain LockMode lock}, as somebody
 * else holds a lock that excludes it. The message names the process, if it can be found
 * out. Nothing was changed; the call may be repeated.
 */
public class FileLockedException extends FileSystemException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates a new exception.
	 * @param file the name of the file
	 * @param reason who holds which lock, as far as known, and what to do about it
	 */
	public FileLockedException(String file, String reason) {
		super(file, null, reason);
	}

}
