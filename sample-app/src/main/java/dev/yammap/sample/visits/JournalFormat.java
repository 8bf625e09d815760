package dev.yammap.sample.visits;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.zip.CRC32C;

import dev.yammap.sample.countries.CountryCode;
import dev.yammap.sample.countries.Ipv4;

/**
 * The bytes of the journal, little-endian: a header of 32 bytes, then records of 32 bytes
 * each. <pre>
 * header                              record
 * 0   magic, 8 bytes                  0   sequence, 8 bytes
 * 8   version, 4 bytes                8   microseconds since 1970, 8 bytes
 * 12  size of a record, 4 bytes       16  address, 4 bytes
 * 16  zeros                           20  number of the country, 2 bytes
 *                                     22  zeros
 * 28  CRC32C up to here, 4 bytes      28  CRC32C up to here, 4 bytes
 * </pre> The sequence in each record shows that the record is not left over from an older
 * file.
 */
final class JournalFormat {

	static final int RECORD_SIZE = 32;

	static final int HEADER_SIZE = RECORD_SIZE;

	/**
	 * The greatest sequence whose record still has an offset.
	 */
	static final long MAX_SEQUENCE = (Long.MAX_VALUE - HEADER_SIZE) / RECORD_SIZE - 1;

	private static final long MAGIC = 0x535449534956594AL; // "JYVISITS" in memory

	private static final int VERSION = 1;

	private static final int CHECKSUM_OFFSET = RECORD_SIZE - Integer.BYTES;

	private JournalFormat() {
	}

	/**
	 * Returns where the record with the given sequence begins.
	 */
	static long offsetOf(long sequence) {
		return HEADER_SIZE + sequence * RECORD_SIZE;
	}

	static byte[] header() {
		byte[] bytes = new byte[HEADER_SIZE];
		littleEndian(bytes, 0).putLong(MAGIC).putInt(VERSION).putInt(RECORD_SIZE);
		return seal(bytes);
	}

	static byte[] encode(Visit visit) {
		byte[] bytes = new byte[RECORD_SIZE];
		littleEndian(bytes, 0).putLong(visit.sequence())
			.putLong(ChronoUnit.MICROS.between(Instant.EPOCH, visit.at()))
			.putInt(visit.ip().bits())
			.putShort((short) visit.country().index());
		return seal(bytes);
	}

	/**
	 * Reads a record.
	 * @param bytes where the record is
	 * @param index where it begins there
	 * @param sequence the sequence that it must have
	 * @throws IOException if it is not a whole record with that sequence
	 */
	static Visit decode(byte[] bytes, int index, long sequence) throws IOException {
		if (!isIntact(bytes, index, sequence)) {
			throw damaged(sequence);
		}
		ByteBuffer record = littleEndian(bytes, index);
		record.getLong();
		Instant at = Instant.EPOCH.plus(record.getLong(), ChronoUnit.MICROS);
		Ipv4 ip = new Ipv4(record.getInt());
		return new Visit(sequence, ip, CountryCode.ofIndex(record.getShort()), at);
	}

	/**
	 * Returns the exception for a damaged record that whole ones follow.
	 */
	static IOException damaged(long sequence) {
		long offset = offsetOf(sequence);
		return new IOException("The record of visit " + sequence + ", at offset " + offset
				+ " of the journal, is damaged, "
				+ "and later ones are whole. Restore the journal from a backup; or keep a copy of it, and truncate it to "
				+ offset + " bytes to give up this visit and all later ones");
	}

	/**
	 * Tells whether the bytes at the index are a whole record with the given sequence.
	 */
	static boolean isIntact(byte[] bytes, int index, long sequence) {
		ByteBuffer record = littleEndian(bytes, index);
		return record.getLong(0) == sequence && record.getInt(CHECKSUM_OFFSET) == checksum(bytes, index);
	}

	private static ByteBuffer littleEndian(byte[] bytes, int index) {
		return ByteBuffer.wrap(bytes, index, RECORD_SIZE).slice().order(ByteOrder.LITTLE_ENDIAN);
	}

	private static byte[] seal(byte[] bytes) {
		littleEndian(bytes, 0).putInt(CHECKSUM_OFFSET, checksum(bytes, 0));
		return bytes;
	}

	private static int checksum(byte[] bytes, int index) {
		CRC32C checksum = new CRC32C();
		checksum.update(bytes, index, CHECKSUM_OFFSET);
		return (int) checksum.getValue();
	}

}
