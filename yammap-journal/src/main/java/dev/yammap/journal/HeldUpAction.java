package dev.yammap.journal;

/**
 * What happens when a journal has reached its {@linkplain Journal.Builder#maxSize(long)
 * maximum size}, and a named reader still needs the segments that would be removed. A
 * reader whose file cannot be read, or whose position is lost, needs all of them, as far
 * as anybody knows.
 */
public enum HeldUpAction {

	/**
	 * The journal grows past that size. A warning names the reader. No append fails
	 * because of a reader.
	 */
	WARN,

	/**
	 * Appends that need another segment fail with a {@link JournalFullException}, which
	 * names the reader. That is so too if the file of a reader cannot be read: the
	 * journal neither grows past that size, nor removes what may be needed.
	 */
	REFUSE_APPENDS

}
