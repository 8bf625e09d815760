package dev.yammap.journal.internal.format;

import java.util.Arrays;
import java.util.zip.CRC32C;

import org.jspecify.annotations.Nullable;

/**
 * A slot: a state with a checksum of its own.
 * <ul>
 * <li>at 0, 4 bytes: CRC32C of all that follows</li>
 * <li>at 4, 4 bytes: kind</li>
 * <li>at 8, 8 bytes: owner, the id of the segment or of the journal</li>
 * <li>at 16, 8 bytes: turn</li>
 * <li>at 24: six values of 8 bytes</li>
 * </ul>
 */
public final class SlotFormat {

	/** The size of a slot in bytes. */
	public static final int SIZE = 72;

	/** Each slot is in a sector of its own. */
	public static final int SECTOR = 512;

	private static final int VALUES = 6;

	private static final int KIND = 4;

	private static final int OWNER = 8;

	private static final int TURN = 16;

	private static final int FIRST_VALUE = 24;

	private SlotFormat() {
	}

	/** Makes a slot. */
	public static byte[] encode(SlotKind kind, long owner, long turn, long... values) {
		byte[] bytes = new byte[SIZE];
		RecordFormat.INT.set(bytes, KIND, kind.number());
		RecordFormat.LONG.set(bytes, OWNER, owner);
		RecordFormat.LONG.set(bytes, TURN, turn);
		for (int i = 0; i < values.length; i++) {
			RecordFormat.LONG.set(bytes, FIRST_VALUE + i * Long.BYTES, values[i]);
		}
		RecordFormat.INT.set(bytes, 0, checksum(bytes, 0));
		return bytes;
	}

	/**
	 * Reads both slots of a pair.
	 * @param bytes hold both slots, each at the beginning of a sector
	 * @param index where the first begins
	 * @return the valid one whose turn was later, or null if none is valid
	 */
	public static @Nullable SlotState decode(byte[] bytes, int index, SlotKind kind, long owner) {
		return later(decodeOne(bytes, index, kind, owner), decodeOne(bytes, index + SECTOR, kind, owner));
	}

	/** Returns the state whose turn was later; either may be null. */
	public static @Nullable SlotState later(@Nullable SlotState first, @Nullable SlotState second) {
		if (first == null || (second != null && second.turn() > first.turn())) {
			return second;
		}
		return first;
	}

	private static @Nullable SlotState decodeOne(byte[] bytes, int index, SlotKind kind, long owner) {
		if (index + SIZE > bytes.length || (int) RecordFormat.INT.get(bytes, index) != checksum(bytes, index)
				|| (int) RecordFormat.INT.get(bytes, index + KIND) != kind.number()
				|| (long) RecordFormat.LONG.get(bytes, index + OWNER) != owner) {
			return null;
		}
		long[] values = new long[VALUES];
		Arrays.setAll(values, (i) -> (long) RecordFormat.LONG.get(bytes, index + FIRST_VALUE + i * Long.BYTES));
		return new SlotState(kind, (long) RecordFormat.LONG.get(bytes, index + TURN), values);
	}

	private static int checksum(byte[] bytes, int index) {
		CRC32C crc = new CRC32C();
		crc.update(bytes, index + Integer.BYTES, SIZE - Integer.BYTES);
		return (int) crc.getValue();
	}

}
