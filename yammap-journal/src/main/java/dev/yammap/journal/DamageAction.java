package dev.yammap.journal;

/**
 * What to do if a journal is damaged: if a record that was durable is not whole, or a
 * segment or the control file is missing or not valid. A crash or a power cut cannot
 * cause that. None of these deletes anything.
 * <p>
 * {@link #KEEP_WHOLE_PREFIX} and {@link #SKIP} also make a control file anew that is
 * lost, from what the segments say. They do not say whether there were others before or
 * behind them; a warning says so.
 */
public enum DamageAction {

	/** The journal is not opened, and nothing is changed. */
	REFUSE,

	/**
	 * All records are checked. The first one that is not whole, and all after it, are put
	 * aside in files whose names end with {@code .torn}. New records take their numbers.
	 * Named readers that have read further are moved back; while one of them is open,
	 * opening the journal fails.
	 */
	KEEP_WHOLE_PREFIX,

	/**
	 * Readers pass over what is not whole. New records follow the last whole record. If
	 * segments are missing behind it, or no segment is left that knows a number, new
	 * numbers begin 2<sup>29</sup> higher for each that is lost, so that no number is
	 * given to two records.
	 */
	SKIP

}
