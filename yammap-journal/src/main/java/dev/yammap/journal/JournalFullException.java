package dev.yammap.journal;

import java.io.IOException;

/**
 * A journal has reached its greatest size, and a named reader still needs the segments
 * that would be removed; see {@link HeldUpAction#REFUSE_APPENDS}. Nothing was appended.
 * Appends succeed again once the reader has moved on.
 */
public class JournalFullException extends IOException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates a new exception.
	 * @param message which reader holds up which journal, and what to do
	 */
	public JournalFullException(String message) {
		super(message);
	}

}
