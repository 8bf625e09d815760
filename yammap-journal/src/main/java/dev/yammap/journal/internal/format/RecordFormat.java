package dev.yammap.journal.internal.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * How a record lies in a file:
 * <ul>
 * <li>at 0, 4 bytes: CRC32C of what follows the length, without the padding</li>
 * <li>at 4, 4 bytes: length of the content</li>
 * <li>at 8, 8 bytes: number</li>
 * <li>at 16, 4 bytes: lag, which is number - mark, or {@link #NO_MARK}</li>
 * <li>at 20, 4 bytes: tag, which ties all of these to the segment and the offset</li>
 * <li>at 24: content, padded with zeros to a multiple of 8</li>
 * </ul>
 */
public final class RecordFormat {

	/** Bytes before the content. */
	public static final int HEADER = 24;

	/** Every record begins at a multiple of it. */
	public static final int ALIGNMENT = 8;

	/** The lag of a record without a mark. */
	public static final int NO_MARK = -1;

	/**
	 * The first byte that the CRC covers. The length in front of it is covered by the
	 * tag: what is left is a multiple of 8 for many contents, and the last 1 to 7 bytes
	 * cost a processor as much as 8 each.
	 */
	static final int COVERED = 8;

	static final int LENGTH = 4;

	static final int NUMBER = 8;

	static final int LAG = 16;

	static final int TAG = 20;

	static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

	static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

	private RecordFormat() {
	}

	/** Returns how many bytes a record takes in a file, padding included. */
	public static long frameLength(int length) {
		return ((long) HEADER + length + ALIGNMENT - 1) & -ALIGNMENT;
	}

	/**
	 * Computes the tag of a header. Every bit of the fields reaches it; whoever does not
	 * know the id cannot make one.
	 */
	static int tag(long segmentId, long offset, long number, int length, int lag) {
		long h = (segmentId ^ offset * 0x9E3779B97F4A7C15L) + number * 0xC2B2AE3D27D4EB4FL;
		h = (h ^ (h >>> 29) ^ ((long) length << 32) ^ (lag & 0xFFFF_FFFFL)) * 0xBF58476D1CE4E5B9L;
		h = (h ^ (h >>> 32)) * 0x94D049BB133111EBL;
		return (int) (h >>> 32);
	}

	/** Tells whether a header is one of this place, whatever the content is like. */
	public static boolean isHeader(byte[] bytes, int index, long segmentId, long offset) {
		int length = length(bytes, index);
		long number = number(bytes, index);
		return length >= 0 && number >= 0
				&& tag(segmentId, offset, number, length, lag(bytes, index)) == (int) INT.get(bytes, index + TAG);
	}

	/** Returns the length of the content. */
	public static int length(byte[] bytes, int index) {
		return (int) INT.get(bytes, index + LENGTH);
	}

	/** Returns the record's number. */
	public static long number(byte[] bytes, int index) {
		return (long) LONG.get(bytes, index + NUMBER);
	}

	/**
	 * Returns the first number that was not durable when the record was written, or 0 if
	 * the record does not say.
	 */
	public static long mark(byte[] bytes, int index) {
		int lag = lag(bytes, index);
		return (lag == NO_MARK) ? 0 : Math.max(0, number(bytes, index) - Integer.toUnsignedLong(lag));
	}

	private static int lag(byte[] bytes, int index) {
		return (int) INT.get(bytes, index + LAG);
	}

}
