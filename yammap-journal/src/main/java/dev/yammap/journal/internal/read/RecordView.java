package dev.yammap.journal.internal.read;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

import dev.yammap.journal.JournalRecord;

/**
 * The record that a cursor is at, or a copy of it.
 */
final class RecordView implements JournalRecord {

	private byte[] bytes;

	private ByteBuffer buffer;

	private int index;

	private int length;

	private long sequence = -1;

	RecordView(byte[] bytes) {
		this.bytes = bytes;
		this.buffer = ByteBuffer.wrap(bytes).asReadOnlyBuffer();
	}

	/** Moves the view. Makes no object unless the array is another one. */
	@SuppressWarnings("ReferenceEquality")
	void move(byte[] array, int newIndex, int newLength, long newSequence) {
		if (array != this.bytes) {
			this.bytes = array;
			this.buffer = ByteBuffer.wrap(array).asReadOnlyBuffer();
		}
		this.index = newIndex;
		this.length = newLength;
		this.sequence = newSequence;
	}

	boolean isAtRecord() {
		return this.sequence >= 0;
	}

	@Override
	public long sequence() {
		return this.sequence;
	}

	@Override
	public int length() {
		return this.length;
	}

	@Override
	public byte get(int offset) {
		return this.bytes[this.index + Objects.checkIndex(offset, this.length)];
	}

	@Override
	public ByteBuffer buffer() {
		return this.buffer.limit(this.index + this.length).position(this.index);
	}

	@Override
	public MemorySegment segment() {
		return MemorySegment.ofArray(this.bytes).asSlice(this.index, this.length).asReadOnly();
	}

	@Override
	public byte[] toByteArray() {
		return Arrays.copyOfRange(this.bytes, this.index, this.index + this.length);
	}

	@Override
	public JournalRecord copy() {
		RecordView copy = new RecordView(toByteArray());
		copy.move(copy.bytes, 0, this.length, this.sequence);
		return copy;
	}

	@Override
	public String toString() {
		return "record " + this.sequence + " of " + this.length + " bytes";
	}

}
