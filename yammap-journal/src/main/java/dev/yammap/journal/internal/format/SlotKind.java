package dev.yammap.journal.internal.format;

/**
 * What a slot is about.
 */
public enum SlotKind {

	/** How far a segment's records are durable. */
	PROGRESS(1),

	/** Where a segment begins, and when it was sealed. */
	LIFE(2),

	/** Which segments a journal has. */
	CONTROL(3),

	/** Where a named reader is. */
	READER(4),

	/**
	 * The same after a close in good order: nothing was appended since.
	 */
	CLOSED(5);

	private final int number;

	SlotKind(int number) {
		this.number = number;
	}

	int number() {
		return this.number;
	}

}
