package dev.yammap.sample.kafka;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

import dev.yammap.journal.Journal;
import dev.yammap.journal.JournalRecord;
import dev.yammap.journal.NamedReader;
import dev.yammap.sample.kafka.ShippingStatus.Part;
import dev.yammap.sample.visits.Visit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;

import org.springframework.kafka.core.ProducerFactory;

/**
 * Ships the visits of this instance: durable ones, in their order. The position of its
 * named reader is the first visit that the broker has not acknowledged. What is sent
 * twice is counted once, see {@link Totals#apply}; so the position may be behind, and
 * never ahead.
 */
final class VisitRelay {

	/** The name of the reader. */
	static final String READER = "kafka";

	/** Each batch costs a round trip and a flush of the position. */
	private static final int BATCH = 1000;

	private static final Duration IDLE = Duration.ofSeconds(1);

	private final Journal journal;

	private final Identity identity;

	private final TotalsReader totals;

	private final VisitTopic topic;

	private final ProducerFactory<String, byte[]> producers;

	private final ShippingStatus status;

	VisitRelay(Journal journal, Identity identity, TotalsReader totals, VisitTopic topic,
			ProducerFactory<String, byte[]> producers, ShippingStatus status) {
		this.journal = journal;
		this.identity = identity;
		this.totals = totals;
		this.topic = topic;
		this.producers = producers;
		this.status = status;
	}

	/** Returns the number of the first visit that was not acknowledged. */
	long position() throws IOException {
		return Objects.requireNonNullElse(this.journal.readerPositions().get(READER), 0L);
	}

	/**
	 * Ships visits until something fails.
	 */
	void run() throws IOException, InterruptedException {
		this.totals.awaitEnd();
		Instance instance = this.identity.establish();
		rewind(this.totals.next(instance));
		ship(instance);
	}

	void ship(Instance instance) throws IOException, InterruptedException {
		// A producer that failed to send may have given up an order that a new one keeps.
		this.producers.reset();
		try (NamedReader reader = this.journal.reader(READER);
				Producer<String, byte[]> producer = this.producers.createProducer()) {
			Shipment shipment = new Shipment(instance, reader, producer);
			while (true) {
				shipment.send();
				this.status.works(Part.RELAY);
			}
		}
	}

	/**
	 * Goes back to the end of the topic. It ends before the position if a broker lost
	 * visits that it had acknowledged.
	 */
	void rewind(long end) throws IOException {
		if (end < position()) {
			try (NamedReader reader = this.journal.reader(READER)) {
				reader.moveTo(Math.max(end, this.journal.firstSequence()));
			}
		}
	}

	/**
	 * One batch after the other.
	 */
	private final class Shipment {

		private final Instance instance;

		private final NamedReader reader;

		private final Producer<String, byte[]> producer;

		private final long journalId;

		Shipment(Instance instance, NamedReader reader, Producer<String, byte[]> producer) throws IOException {
			this.instance = instance;
			this.reader = reader;
			this.producer = producer;
			this.journalId = Instance.journalId(VisitRelay.this.journal);
		}

		/**
		 * Sends what is there, and moves the position up to the first visit that was not
		 * acknowledged.
		 */
		void send() throws IOException, InterruptedException {
			long acknowledged = this.reader.nextSequence();
			List<Future<RecordMetadata>> answers = new ArrayList<>();
			while (answers.size() < BATCH && (answers.isEmpty() ? this.reader.next(IDLE) : this.reader.next())) {
				answers.add(send(this.reader.record()));
			}
			this.producer.flush();
			try {
				for (Future<RecordMetadata> answer : answers) {
					answer.get();
					acknowledged++;
				}
			}
			catch (ExecutionException ex) {
				throw (ex.getCause() instanceof KafkaException cause) ? cause : new KafkaException(ex.getCause());
			}
			finally {
				if (acknowledged > this.reader.position()) {
					this.reader.moveTo(acknowledged);
				}
			}
		}

		private Future<RecordMetadata> send(JournalRecord record) {
			ShippedVisit visit = new ShippedVisit(this.instance.id(), this.journalId, this.instance.first(),
					Visit.decode(record));
			return this.producer.send(visit.toRecord(VisitRelay.this.topic.name()));
		}

	}

}
