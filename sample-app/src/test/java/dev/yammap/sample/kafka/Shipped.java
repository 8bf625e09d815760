package dev.yammap.sample.kafka;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

import dev.yammap.journal.Journal;
import dev.yammap.sample.countries.CountryCode;
import dev.yammap.sample.visits.Visit;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Journals and visits, as the tests of this package need them.
 */
final class Shipped {

	static final String TOPIC = "visits";

	private Shipped() {
	}

	static Journal journal(Path directory) throws IOException {
		return Journal.builder(directory).segmentSize(1 << 16).open();
	}

	/** The record of a visit in the journal. */
	static byte[] content(long micros, String country) {
		return ByteBuffer.allocate(Visit.ENCODED_SIZE)
			.putLong(micros)
			.putInt(0x08080808)
			.putShort((short) CountryCode.of(country).index())
			.array();
	}

	static void fill(Journal journal, int count) throws IOException {
		for (int i = 0; i < count; i++) {
			journal.append(content(journal.nextSequence(), "DE"));
		}
		journal.sync();
	}

	static ShippedVisit visit(String instance, long sequence, String country) {
		return visit(instance, 0, sequence, country);
	}

	static ShippedVisit visit(String instance, long first, long sequence, String country) {
		return new ShippedVisit(instance, 1, first,
				Visit.decode(sequence, ByteBuffer.wrap(content(sequence, country))));
	}

	static ConsumerRecord<String, byte[]> record(int partition, long offset, ShippedVisit visit) {
		return new ConsumerRecord<>(TOPIC, partition, offset, visit.instance(), visit.toRecord(TOPIC).value());
	}

}
