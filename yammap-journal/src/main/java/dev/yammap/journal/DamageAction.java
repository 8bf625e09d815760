package dev.yammap.journal;

/**
 * What to do if a journal is damaged: if a record that was durable is not whole. A crash
 * or a power cut cannot do that. None of these deletes anything.
 */
public enum DamageAction {

	/** The journal is not opened, and nothing is changed. */
	REFUSE,

	/**
	 * All records are checked. What follows the first that is not whole is put aside, in
	 * files whose names end with {@code .torn}; new records take its numbers.
	 */
	KEEP_WHOLE_PREFIX,

	/** Readers pass over what is not whole. New records follow the last one that is. */
	SKIP

}
