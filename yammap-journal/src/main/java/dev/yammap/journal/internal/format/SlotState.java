package dev.yammap.journal.internal.format;

/**
 * What was read from a slot.
 */
public final class SlotState {

	private final long turn;

	private final long[] values;

	SlotState(long turn, long[] values) {
		this.turn = turn;
		this.values = values;
	}

	/** Returns how many states there were with this one. */
	public long turn() {
		return this.turn;
	}

	/** Returns a value. */
	public long value(int index) {
		return this.values[index];
	}

}
