package dev.yammap.journal;

import java.io.IOException;

/**
 * A record no longer exists: its segment was removed, by retention or by
 * {@link Journal#removeBefore(long)}.
 */
public class RecordsRemovedException extends IOException {

	private static final long serialVersionUID = 1L;

	/** The number that was asked for. */
	private final long sequence;

	/** The first that is left. */
	private final long firstSequence;

	/**
	 * Creates a new exception.
	 * @param sequence the number of the record that was to be read
	 * @param firstSequence the first number that is left
	 */
	public RecordsRemovedException(long sequence, long firstSequence) {
		super("Record " + sequence + " was removed; the first that is left is " + firstSequence
				+ ". Read on from there, or use a named reader, whose records are kept until it has read them");
		this.sequence = sequence;
		this.firstSequence = firstSequence;
	}

	/**
	 * Returns the number of the record that was to be read.
	 * @return a sequence number
	 */
	public long sequence() {
		return this.sequence;
	}

	/**
	 * Returns the first number that is left.
	 * @return a sequence number
	 */
	public long firstSequence() {
		return this.firstSequence;
	}

}
