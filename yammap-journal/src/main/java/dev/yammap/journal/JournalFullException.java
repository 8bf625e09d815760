package dev.yammap.journal;

import java.io.IOException;

/**
 * A journal takes no further segment: it has reached its
 * {@linkplain Journal.Builder#sizeLimit(long) size limit}, or a named reader still needs
 * the segments that would be removed, see {@link HeldUpAction#REFUSE_APPENDS}. Nothing
 * was appended. Appends succeed again once segments were removed, or the reader has moved
 * on.
 */
public class JournalFullException extends IOException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates a new exception.
	 * @param message what keeps which journal from going on, and what to do
	 */
	public JournalFullException(String message) {
		super(message);
	}

}
