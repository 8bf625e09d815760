package dev.yammap.journal;

/**
 * What happens when a journal has reached its {@linkplain Journal.Builder#maxSize(long)
 * maximum size}, and a named reader still needs the segments that would be removed.
 */
public enum HeldUpAction {

	/** The journal grows past that size. A warning is logged. */
	WARN,

	/** Appends that need another segment fail with a {@link JournalFullException}. */
	REFUSE_APPENDS

}
