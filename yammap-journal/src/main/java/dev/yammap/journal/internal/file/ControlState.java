package dev.yammap.journal.internal.file;

/**
 * What the control file says.
 *
 * @param firstSegment the index of the first segment; files before it are left-overs
 * @param firstNumber the first number in it
 * @param ready the highest index of a segment that is ready for use, 0 if none was made
 * @param durable a number below which every record is durable
 * @param durableSegment the index of the segment where the record with that number
 * begins, or would begin
 * @param durableOffset where in that segment
 * @param isClosed whether no record follows, as the journal was closed in good order and
 * not opened for writing since
 */
public record ControlState(long firstSegment, long firstNumber, long ready, long durable, long durableSegment,
		long durableOffset, boolean isClosed) {

	static final ControlState INITIAL = new ControlState(1, 0, 0, 0, 1, SegmentFile.DATA, false);

	public ControlState withFirst(long segment, long number) {
		return new ControlState(segment, number, this.ready, this.durable, this.durableSegment, this.durableOffset,
				false);
	}

	public ControlState withReady(long index) {
		return new ControlState(this.firstSegment, this.firstNumber, index, this.durable, this.durableSegment,
				this.durableOffset, false);
	}

	public ControlState withDurable(long number, long segment, long offset) {
		return new ControlState(this.firstSegment, this.firstNumber, this.ready, number, segment, offset, false);
	}

	/** Returns the state after a close in good order; records end at the given place. */
	public ControlState closed(long number, long segment, long offset) {
		return new ControlState(this.firstSegment, this.firstNumber, this.ready, number, segment, offset, true);
	}

	/** Returns the state before the next append. */
	public ControlState opened() {
		return withFirst(this.firstSegment, this.firstNumber);
	}

	long[] values() {
		return new long[] { this.firstSegment, this.firstNumber, this.ready, this.durable, this.durableSegment,
				this.durableOffset };
	}

}
