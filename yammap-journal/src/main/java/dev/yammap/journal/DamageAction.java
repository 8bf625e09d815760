package dev.yammap.journal;

/**
 * What to do if a journal is damaged: if a record that was durable is not whole. A crash
 * or a power cut cannot cause that. None of these deletes anything.
 */
public enum DamageAction {

	/** The journal is not opened, and nothing is changed. */
	REFUSE,

	/**
	 * All records are checked. The first one that is not whole, and all after it, are put
	 * aside in files whose names end with {@code .torn}. New records take their numbers.
	 */
	KEEP_WHOLE_PREFIX,

	/**
	 * Readers pass over what is not whole. New records follow the last whole record.
	 */
	SKIP

}
