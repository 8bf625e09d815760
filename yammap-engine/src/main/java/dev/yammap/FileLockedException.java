package dev.yammap;

import java.nio.file.FileSystemException;

/**
 * A file could not be opened with the requested {@linkplain LockMode lock}, as somebody
 * else holds a lock that excludes it. The message names the process, if it can be found
 * out. Nothing was changed; the call may be repeated.
 */
public class FileLockedException extends FileSystemException {

	private static final long serialVersionUID = 1L;

	/** The reason without what to do. */
	private final String problem;

	/** Whether it is this process that holds the lock. */
	private final boolean heldByThisProcess;

	/**
	 * Creates a new exception.
	 * @param file the name of the file
	 * @param problem which lock was asked for, and who holds one, as far as known
	 * @param remedy what to do about it
	 * @param heldByThisProcess whether this process holds the lock
	 */
	public FileLockedException(String file, String problem, String remedy, boolean heldByThisProcess) {
		super(file, null, problem + ". " + remedy);
		this.problem = problem;
		this.heldByThisProcess = heldByThisProcess;
	}

	/**
	 * Returns which lock was asked for, and who holds one: the reason without what to do
	 * about it.
	 * @return a sentence without its full stop
	 */
	public String problem() {
		return this.problem;
	}

	/**
	 * Tells whether this process itself holds the lock.
	 * @return {@code true} if it does; {@code false} if another one does, or nobody knows
	 */
	public boolean isHeldByThisProcess() {
		return this.heldByThisProcess;
	}

}
