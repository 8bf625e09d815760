package dev.yammap.sample.kafka;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

import dev.yammap.sample.visits.Visit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A visit in the topic. The key is the instance, so all visits of one instance are in one
 * partition, in their order. The value is, big-endian, <pre>
 * 0   id of the journal, 8 bytes
 * 8   number of the first visit of this instance, 8 bytes
 * 16  number of this visit, 8 bytes
 * 24  the record as it is in the journal
 * </pre>
 *
 * @param instance the id of the instance
 * @param journal the id of its journal, which copies of it have, too
 * @param first the number of the first visit that it ships
 * @param visit the visit
 */
record ShippedVisit(String instance, long journal, long first, Visit visit) {

	private static final int HEADER = 3 * Long.BYTES;

	long sequence() {
		return this.visit.sequence();
	}

	/** Tells two visits with the same number apart. */
	int checksum() {
		return checksum(this.visit);
	}

	static int checksum(Visit visit) {
		CRC32C checksum = new CRC32C();
		checksum.update(visit.encode());
		return (int) checksum.getValue();
	}

	ProducerRecord<String, byte[]> toRecord(String topic) {
		byte[] value = ByteBuffer.allocate(HEADER + Visit.ENCODED_SIZE)
			.putLong(this.journal)
			.putLong(this.first)
			.putLong(sequence())
			.put(this.visit.encode())
			.array();
		return new ProducerRecord<>(topic, this.instance, value);
	}

	/**
	 * Reads a visit from the topic.
	 * @throws AlarmException if it is something else
	 */
	static ShippedVisit of(ConsumerRecord<String, byte[]> record) {
		if (record.key() == null || record.value() == null || record.value().length != HEADER + Visit.ENCODED_SIZE) {
			throw new AlarmException("What is at offset " + record.offset() + " of partition " + record.partition()
					+ " of the topic '" + record.topic() + "' is no visit: nothing else may be sent there");
		}
		ByteBuffer value = ByteBuffer.wrap(record.value());
		return new ShippedVisit(record.key(), value.getLong(), value.getLong(), Visit.decode(value.getLong(), value));
	}

}
