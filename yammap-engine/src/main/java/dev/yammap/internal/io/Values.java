package dev.yammap.internal.io;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.function.Consumer;

import dev.yammap.internal.fault.FaultBarrier;
import dev.yammap.internal.fault.FaultGuard;
import dev.yammap.internal.file.DirtyFlag;
import dev.yammap.internal.file.LeakDetector;
import dev.yammap.internal.file.MappedFile;
import dev.yammap.internal.os.IoCall;
import dev.yammap.internal.os.Printable;

/**
 * Single values. The {@link FaultBarrier} follows every access, before its value leaves.
 * <p>
 * Only the alignment and the order of a layout are used. That costs next to nothing even
 * if the layout is no constant, while a call of its own handle would then be slow. So
 * there is one guarded load and one guarded store for each width, little-endian and at
 * any alignment. What else a layout asks for is done to the value.
 */
public final class Values {

	private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED
		.withOrder(ByteOrder.LITTLE_ENDIAN);

	private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

	private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

	private final MappedFile file;

	private final SlowPath slow;

	private final DirtyFlag dirty;

	private final FaultGuard guard;

	public Values(MappedFile file, SlowPath slow, DirtyFlag dirty, FaultGuard guard) {
		this.file = file;
		this.slow = slow;
		this.dirty = dirty;
		this.guard = guard;
	}

	public byte get(ValueLayout.OfByte layout, long offset) {
		return loadByte(offset, layout.byteAlignment());
	}

	public short get(ValueLayout.OfShort layout, long offset) {
		short bits = loadShort(offset, layout.byteAlignment());
		return isBigEndian(layout.order()) ? Short.reverseBytes(bits) : bits;
	}

	public char get(ValueLayout.OfChar layout, long offset) {
		char bits = (char) loadShort(offset, layout.byteAlignment());
		return isBigEndian(layout.order()) ? Character.reverseBytes(bits) : bits;
	}

	public int get(ValueLayout.OfInt layout, long offset) {
		int bits = loadInt(offset, layout.byteAlignment());
		return isBigEndian(layout.order()) ? Integer.reverseBytes(bits) : bits;
	}

	public long get(ValueLayout.OfLong layout, long offset) {
		long bits = loadLong(offset, layout.byteAlignment());
		return isBigEndian(layout.order()) ? Long.reverseBytes(bits) : bits;
	}

	public float get(ValueLayout.OfFloat layout, long offset) {
		int bits = loadInt(offset, layout.byteAlignment());
		return Float.intBitsToFloat(isBigEndian(layout.order()) ? Integer.reverseBytes(bits) : bits);
	}

	public double get(ValueLayout.OfDouble layout, long offset) {
		long bits = loadLong(offset, layout.byteAlignment());
		return Double.longBitsToDouble(isBigEndian(layout.order()) ? Long.reverseBytes(bits) : bits);
	}

	public void set(ValueLayout.OfByte layout, long offset, byte value) {
		storeByte(offset, layout.byteAlignment(), value);
	}

	public void set(ValueLayout.OfShort layout, long offset, short value) {
		storeShort(offset, layout.byteAlignment(), isBigEndian(layout.order()) ? Short.reverseBytes(value) : value);
	}

	public void set(ValueLayout.OfChar layout, long offset, char value) {
		char bits = isBigEndian(layout.order()) ? Character.reverseBytes(value) : value;
		storeShort(offset, layout.byteAlignment(), (short) bits);
	}

	public void set(ValueLayout.OfInt layout, long offset, int value) {
		storeInt(offset, layout.byteAlignment(), isBigEndian(layout.order()) ? Integer.reverseBytes(value) : value);
	}

	public void set(ValueLayout.OfLong layout, long offset, long value) {
		storeLong(offset, layout.byteAlignment(), isBigEndian(layout.order()) ? Long.reverseBytes(value) : value);
	}

	public void set(ValueLayout.OfFloat layout, long offset, float value) {
		int bits = Float.floatToRawIntBits(value);
		storeInt(offset, layout.byteAlignment(), isBigEndian(layout.order()) ? Integer.reverseBytes(bits) : bits);
	}

	public void set(ValueLayout.OfDouble layout, long offset, double value) {
		long bits = Double.doubleToRawLongBits(value);
		storeLong(offset, layout.byteAlignment(), isBigEndian(layout.order()) ? Long.reverseBytes(bits) : bits);
	}

	private static boolean isBigEndian(ByteOrder order) {
		return order == ByteOrder.BIG_ENDIAN;
	}

	private byte loadByte(long offset, long alignment) {
		FaultBarrier.await(this.file.highestBit());
		try {
			return (byte) pass(toRead(offset, Byte.BYTES, alignment).get(ValueLayout.JAVA_BYTE, offset) & 0xFFL);
		}
		catch (InternalError | IndexOutOfBoundsException error) {
			return this.guard.repeatUnchecked(error, "get", offset, Byte.BYTES, () -> loadByte(offset, alignment),
					() -> this.slow.load(offset, Byte.BYTES).get(ValueLayout.JAVA_BYTE, 0));
		}
	}

	private void storeByte(long offset, long alignment, byte value) {
		FaultBarrier.await(this.file.highestBit());
		try {
			toWrite(offset, Byte.BYTES, alignment).set(ValueLayout.JAVA_BYTE, offset, value);
			await();
			this.dirty.wrote();
		}
		catch (InternalError | IndexOutOfBoundsException error) {
			this.guard.repeatUnchecked(error, "set", offset, Byte.BYTES,
					IoCall.of(() -> storeByte(offset, alignment, value)),
					IoCall.of(() -> store(offset, Byte.BYTES, (bytes) -> bytes.set(ValueLayout.JAVA_BYTE, 0, value))));
		}
	}

	private short loadShort(long offset, long alignment) {
		FaultBarrier.await(this.file.highestBit());
		try {
			return (short) pass(toRead(offset, Short.BYTES, alignment).get(SHORT, offset) & 0xFFFFL);
		}
		catch (InternalError | IndexOutOfBoundsException error) {
			return this.guard.repeatUnchecked(error, "get", offset, Short.BYTES, () -> loadShort(offset, alignment),
					() -> this.slow.load(offset, Short.BYTES).get(SHORT, 0));
		}
	}

	private void storeShort(long offset, long alignment, short value) {
		FaultBarrier.await(this.file.highestBit());
		try {
			toWrite(offset, Short.BYTES, alignment).set(SHORT, offset, value);
			await();
			this.dirty.wrote();
		}
		catch (InternalError | IndexOutOfBoundsException error) {
			this.guard.repeatUnchecked(error, "set", offset, Short.BYTES,
					IoCall.of(() -> storeShort(offset, alignment, value)),
					IoCall.of(() -> store(offset, Short.BYTES, (bytes) -> bytes.set(SHORT, 0, value))));
		}
	}

	private int loadInt(long offset, long alignment) {
		FaultBarrier.await(this.file.highestBit());
		try {
			return (int) pass(Integer.toUnsignedLong(toRead(offset, Integer.BYTES, alignment).get(INT, offset)));
		}
		catch (InternalError | IndexOutOfBoundsException error) {
			return this.guard.repeatUnchecked(error, "get", offset, Integer.BYTES, () -> loadInt(offset, alignment),
					() -> this.slow.load(offset, Integer.BYTES).get(INT, 0));
		}
	}

	private void storeInt(long offset, long alignment, int value) {
		FaultBarrier.await(this.file.highestBit());
		try {
			toWrite(offset, Integer.BYTES, alignment).set(INT, offset, value);
			await();
			this.dirty.wrote();
		}
		catch (InternalError | IndexOutOfBoundsException error) {
			this.guard.repeatUnchecked(error, "set", offset, Integer.BYTES,
					IoCall.of(() -> storeInt(offset, alignment, value)),
					IoCall.of(() -> store(offset, Integer.BYTES, (bytes) -> bytes.set(INT, 0, value))));
		}
	}

	private long loadLong(long offset, long alignment) {
		FaultBarrier.await(this.file.highestBit());
		try {
			return pass(toRead(offset, Long.BYTES, alignment).get(LONG, offset));
		}
		catch (InternalError | IndexOutOfBoundsException error) {
			return this.guard.repeatUnchecked(error, "get", offset, Long.BYTES, () -> loadLong(offset, alignment),
					() -> this.slow.load(offset, Long.BYTES).get(LONG, 0));
		}
	}

	private void storeLong(long offset, long alignment, long value) {
		FaultBarrier.await(this.file.highestBit());
		try {
			toWrite(offset, Long.BYTES, alignment).set(LONG, offset, value);
			await();
			this.dirty.wrote();
		}
		catch (InternalError | IndexOutOfBoundsException error) {
			this.guard.repeatUnchecked(error, "set", offset, Long.BYTES,
					IoCall.of(() -> storeLong(offset, alignment, value)),
					IoCall.of(() -> store(offset, Long.BYTES, (bytes) -> bytes.set(LONG, 0, value))));
		}
	}

	/** Alignments are powers of two. */
	private MemorySegment toRead(long offset, int length, long alignment) {
		this.file.requireReadable();
		MemorySegment mapping = this.file.within(offset, length);
		if ((offset & (alignment - 1)) != 0) {
			throw misaligned(offset, length, alignment);
		}
		return mapping;
	}

	private MemorySegment toWrite(long offset, int length, long alignment) {
		this.file.requireOverwritable();
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

	/**
	 * Ends a read. Until here it keeps the file from being found lost: see
	 * {@link LeakDetector}.
	 */
	private long pass(long value) {
		LeakDetector.keep(this);
		return FaultBarrier.pass(value, this.file.highestBit());
	}

	/** The same for a write. */
	private void await() {
		LeakDetector.keep(this);
		FaultBarrier.await(this.file.highestBit());
	}

	private void store(long offset, int length, Consumer<MemorySegment> value) throws IOException {
		byte[] bytes = new byte[length];
		value.accept(MemorySegment.ofArray(bytes));
		this.slow.store(offset, bytes);
		this.dirty.wrote();
	}

}
