package dev.yammap.internal.io;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import dev.yammap.internal.fault.FaultBarrier;
import dev.yammap.internal.file.FaultGuard;
import dev.yammap.internal.file.DirtyFlag;
import dev.yammap.internal.file.MappedFile;
import dev.yammap.internal.os.IoCall;
import dev.yammap.internal.os.Printable;

/**
 * Single values. The {@link FaultBarrier} follows every access, before its value leaves.
 * <p>
 * Only the alignment and the order of a layout are used. That costs next to nothing even
 * if the layout is no constant, while a call of its own handle would then be slow. So
 * there is one guarded load and one guarded store, little-endian and at any alignment.
 * What else a layout asks for is done to the value.
 */
public record Values(MappedFile file, SlowPath slow, DirtyFlag dirty, FaultGuard guard) {

	private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED
		.withOrder(ByteOrder.LITTLE_ENDIAN);

	private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

	private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

	/**
	 * Reads a value.
	 * @param length its width in bytes: 1, 2, 4 or 8. A constant, so that compiled code
	 * has one load
	 * @return its bits, and zeros above them
	 */
	public long get(int length, long offset, long alignment, ByteOrder order) {
		return ordered(load(length, offset, alignment), length, order);
	}

	/**
	 * Writes a value.
	 * @param length its width in bytes, as for a read
	 * @param value its bits. What is above them counts for nothing
	 */
	public void set(int length, long offset, long alignment, ByteOrder order, long value) {
		store(length, offset, alignment, ordered(value, length, order));
	}

	/** Turns little-endian bits into those of an order, or back. */
	private static long ordered(long bits, int length, ByteOrder order) {
		return (order == ByteOrder.BIG_ENDIAN) ? Long.reverseBytes(bits) >>> (Long.SIZE - length * Byte.SIZE) : bits;
	}

	private long load(int length, long offset, long alignment) {
		FaultBarrier.await(this.file.highestBit());
		try {
			this.file.requireReadable();
			MemorySegment bytes = within(offset, length, alignment);
			long value = (length == Long.BYTES) ? bytes.get(LONG, offset)
					: (length == Integer.BYTES) ? Integer.toUnsignedLong(bytes.get(INT, offset))
							: (length == Short.BYTES) ? bytes.get(SHORT, offset) & 0xFFFFL
									: bytes.get(ValueLayout.JAVA_BYTE, offset) & 0xFFL;
			return FaultBarrier.pass(this, value, this.file.highestBit());
		}
		catch (InternalError | IndexOutOfBoundsException error) {
			return this.guard.repeatUnchecked(error, "get", offset, length, () -> load(length, offset, alignment),
					() -> this.slow.load(offset, length));
		}
	}

	private void store(int length, long offset, long alignment, long value) {
		FaultBarrier.await(this.file.highestBit());
		try {
			this.file.requireOverwritable();
			MemorySegment bytes = within(offset, length, alignment);
			if (length == Long.BYTES) {
				bytes.set(LONG, offset, value);
			}
			else if (length == Integer.BYTES) {
				bytes.set(INT, offset, (int) value);
			}
			else if (length == Short.BYTES) {
				bytes.set(SHORT, offset, (short) value);
			}
			else {
				bytes.set(ValueLayout.JAVA_BYTE, offset, (byte) value);
			}
			FaultBarrier.await(this, this.file.highestBit());
			this.dirty.wrote();
		}
		catch (InternalError | IndexOutOfBoundsException error) {
			this.guard.repeatUnchecked(error, "set", offset, length,
					IoCall.of(() -> store(length, offset, alignment, value)), IoCall.of(() -> {
						this.slow.store(offset, length, value);
						this.dirty.wrote();
					}));
		}
	}

	/** Alignments are powers of two. */
	private MemorySegment within(long offset, int length, long alignment) {
		MemorySegment mapping = this.file.within(offset, length);
		if ((offset & (alignment - 1)) != 0) {
			throw misaligned(offset, length, alignment);
		}
		return mapping;
	}

	private IllegalArgumentException misaligned(long offset, int length, long alignment) {
		return new IllegalArgumentException("Cannot access " + length + " bytes at offset " + offset + " of "
				+ Printable.of(this.file.path()) + ": offset " + offset + " is not a multiple of " + alignment
				+ ", the alignment of the layout. Use one for any offset, such as ValueLayout.JAVA_LONG_UNALIGNED");
	}

}
