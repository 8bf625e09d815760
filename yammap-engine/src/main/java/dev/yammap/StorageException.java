package dev.yammap;

import java.io.IOException;
import java.util.Objects;

/**
 * The operating system refused an operation on a file. If the engine itself refuses an
 * operation, such as a write past {@link Mmap.Builder#maxSize(long)}, it throws another
 * {@link IOException}. If {@code java.nio.file} has an exception for a failure, such as a
 * missing permission, the engine throws that one.
 */
public class StorageException extends IOException {

	private static final long serialVersionUID = 1L;

	/** Why the operating system refused. */
	private final FailureCause failureCause;

	/**
	 * Creates a new exception.
	 * @param message the operation, the file, the offset and length, the system's own
	 * word, and what to do about it
	 * @param failureCause why the system refused
	 * @param cause the failure of the system call
	 */
	public StorageException(String message, FailureCause failureCause, Throwable cause) {
		super(message, cause);
		this.failureCause = Objects.requireNonNull(failureCause, "failureCause");
	}

	/**
	 * Returns why the operating system refused.
	 * @return the cause
	 */
	public FailureCause failureCause() {
		return this.failureCause;
	}

}
