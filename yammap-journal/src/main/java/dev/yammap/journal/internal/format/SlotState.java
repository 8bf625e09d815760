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

	/** Returns what it tells of. */
	public SlotKind kind() {
		return this.kind;
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
