package dev.yammap.journal.internal.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The layout of a record in a file:
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
	 * The first byte that the CRC covers. The tag covers the length in front of it.
	 * Without the length, the CRC goes over a multiple of 8 bytes for many contents: a
	 * processor needs as long for each of the last 1 to 7 bytes as for 8.
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
	 * Computes the tag of a header. Every bit of the fields changes it. Nobody can make
	 * one who does not know the id of the segment.
	 */
	static int tag(long segmentId, long offset, long number, int length, int lag) {
		long h = (segmentId ^ offset * 0x9E3779B97F4A7C15L) + number * 0xC2B2AE3D27D4EB4FL;
		h = (h ^ (h >>> 29) ^ ((long) length << 32) ^ (lag & 0xFFFF_FFFFL)) * 0xBF58476D1CE4E5B9L;
		h = (h ^ (h >>> 32)) * 0x94D049BB133111EBL;
		return (int) (h >>> 32);
	}

	/**
	 * Tells whether there is a header of this segment and offset. Does not check the
	 * content.
	 */
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
