package dev.yammap.journal.internal.format;

/**
 * What was read from a slot.
 */
public final class SlotState {

	private final SlotKind kind;

	private final long turn;

	private final long[] values;

	SlotState(SlotKind kind, long turn, long[] values) {
		this.kind = kind;
		this.turn = turn;
		this.values = values;
	}

	/** Returns what the state is about. */
	public SlotKind kind() {
		return this.kind;
	}

	/** Returns the turn: 1 for the first state of a pair, then one more for each. */
	public long turn() {
		return this.turn;
	}

	/** Returns a value. */
	public long value(int index) {
		return this.values[index];
	}

}
