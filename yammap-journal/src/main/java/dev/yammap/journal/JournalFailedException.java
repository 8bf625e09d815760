package dev.yammap.journal;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

/**
 * A journal takes no more records and syncs: one of them failed, and it is unknown what
 * is on the disk. Close the journal and open it again: recovery finds out.
 */
public class JournalFailedException extends IOException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates a new exception.
	 * @param message which journal, and what to do
	 * @param cause the first failure
	 */
	public JournalFailedException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
