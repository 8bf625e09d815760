package dev.yammap.journal.internal.format;

import java.util.zip.CRC32C;

/**
 * The header of a file: a magic number, some numbers, and their CRC32C. It never changes.
 */
public enum HeaderFormat {

	/** Journal id. */
	CONTROL("YMJCTRL1", 1),

	/** Journal id. */
	READER("YMJREAD1", 1),

	/** Journal id, segment id, index, size of the file. */
	SEGMENT("YMJSEGM1", 4);

	private final long magic;

	private final int numbers;

	HeaderFormat(String magic, int numbers) {
		long value = 0;
		for (int i = Long.BYTES - 1; i >= 0; i--) {
			value = value << Byte.SIZE | magic.charAt(i);
		}
		this.magic = value;
		this.numbers = numbers;
	}

	/** Returns how many bytes the header has. */
	public int size() {
		return Long.BYTES * (1 + this.numbers) + Integer.BYTES;
	}

	/** Makes a header. */
	public byte[] encode(long... values) {
		byte[] bytes = new byte[size()];
		RecordFormat.LONG.set(bytes, 0, this.magic);
		for (int i = 0; i < this.numbers; i++) {
			RecordFormat.LONG.set(bytes, Long.BYTES * (1 + i), values[i]);
		}
		RecordFormat.INT.set(bytes, size() - Integer.BYTES, checksum(bytes));
		return bytes;
	}

	/** Tells whether the bytes begin with such a header. */
	public boolean isValid(byte[] bytes) {
		return bytes.length >= size() && (long) RecordFormat.LONG.get(bytes, 0) == this.magic
				&& (int) RecordFormat.INT.get(bytes, size() - Integer.BYTES) == checksum(bytes);
	}

	/** Returns a number of a valid header. */
	public long number(byte[] bytes, int index) {
		return (long) RecordFormat.LONG.get(bytes, Long.BYTES * (1 + index));
	}

	private int checksum(byte[] bytes) {
		CRC32C crc = new CRC32C();
		crc.update(bytes, 0, size() - Integer.BYTES);
		return (int) crc.getValue();
	}

}
