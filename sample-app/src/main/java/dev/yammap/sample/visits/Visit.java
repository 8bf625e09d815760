package dev.yammap.sample.visits;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

import dev.yammap.journal.JournalRecord;
import dev.yammap.sample.countries.CountryCode;
import dev.yammap.sample.countries.Ipv4;

/**
 * A visit, as the journal holds it.
 *
 * @param sequence the number of the visit in the journal, from 0 without gaps
 * @param ip the address the visitor came from
 * @param country the country of that address when the visit was recorded,
 * {@link CountryCode#UNKNOWN} if none was known
 * @param at when the visit was recorded, in whole microseconds
 */
public record Visit(long sequence, Ipv4 ip, CountryCode country, Instant at) {

	/** The size of a record's content in bytes. */
	public static final int ENCODED_SIZE = Long.BYTES + Integer.BYTES + Short.BYTES;

	/**
	 * Returns the content of a record: microseconds since 1970, address, country.
	 * @return the content, without the number
	 */
	public byte[] encode() {
		return ByteBuffer.allocate(ENCODED_SIZE)
			.putLong(ChronoUnit.MICROS.between(Instant.EPOCH, this.at))
			.putInt(this.ip.bits())
			.putShort((short) this.country.index())
			.array();
	}

	/**
	 * Reads a record of the journal.
	 * @param record the record
	 * @return the visit
	 */
	public static Visit decode(JournalRecord record) {
		return decode(record.sequence(), record.buffer());
	}

	/**
	 * Reads the content of a record.
	 * @param sequence the number of the record
	 * @param content the content, from the buffer's position on
	 * @return the visit
	 */
	public static Visit decode(long sequence, ByteBuffer content) {
		Instant at = Instant.EPOCH.plus(content.getLong(), ChronoUnit.MICROS);
		return new Visit(sequence, new Ipv4(content.getInt()), CountryCode.ofIndex(content.getShort()), at);
	}

}
