package dev.yammap.journal.internal.format;

import java.util.zip.CRC32C;

/**
 * Writes and checks records in arrays. Not for use by several threads.
 */
public final class RecordCodec {

	private static final long MOST_LAG = 0xFFFF_FFFEL;

	private final CRC32C crc = new CRC32C();

	/**
	 * Completes a record whose content is in its place already.
	 * @param bytes where the record begins, at index 0
	 * @param length of the content
	 * @param mark the first number that is not durable now
	 */
	public void seal(byte[] bytes, int length, long segmentId, long offset, long number, long mark) {
		long distance = number - mark;
		int lag = (distance >= 0 && distance <= MOST_LAG) ? (int) distance : RecordFormat.NO_MARK;
		RecordFormat.INT.set(bytes, RecordFormat.LENGTH, length);
		RecordFormat.LONG.set(bytes, RecordFormat.NUMBER, number);
		RecordFormat.INT.set(bytes, RecordFormat.LAG, lag);
		RecordFormat.INT.set(bytes, RecordFormat.TAG, RecordFormat.tag(segmentId, offset, number, length, lag));
		RecordFormat.INT.set(bytes, 0, checksum(bytes, 0, length));
	}

	/**
	 * Tells whether a record is whole. The caller has checked the header, and the array
	 * holds all of the content.
	 * @param index where it begins
	 */
	public boolean isWhole(byte[] bytes, int index) {
		return checksum(bytes, index, RecordFormat.length(bytes, index)) == (int) RecordFormat.INT.get(bytes, index);
	}

	private int checksum(byte[] bytes, int index, int length) {
		this.crc.reset();
		this.crc.update(bytes, index + RecordFormat.COVERED, RecordFormat.HEADER - RecordFormat.COVERED + length);
		return (int) this.crc.getValue();
	}

}
