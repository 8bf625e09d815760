package dev.yammap.sample.kafka;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.stream.LongStream;

import dev.yammap.journal.Journal;
import dev.yammap.journal.NamedReader;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.Mockito;

import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.ProducerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.BDDMockito.given;

/**
 * Tests for {@link VisitRelay}.
 */
@Timeout(1_800)
class VisitRelayTests {

	@TempDir
	private Path directory;

	private final Broker broker = new Broker();

	private Journal journal;

	private Journal counted;

	private VisitRelay relay;

	private Instance instance;

	@BeforeEach
	void setUp() throws IOException {
		this.journal = Shipped.journal(this.directory.resolve("journal"));
		this.counted = Shipped.journal(this.directory.resolve("totals"));
		ShippingProperties properties = new ShippingProperties(Shipped.TOPIC, 4, (short) 1, Duration.ofMinutes(1));
		VisitTopic topic = new VisitTopic(properties, new KafkaAdmin(Map.of()));
		ShippingStatus status = new ShippingStatus();
		Totals totals = new Totals(this.counted);
		Identity identity = new Identity(this.journal, topic, Mockito.mock(), totals);
		this.relay = new VisitRelay(this.journal, identity,
				new TotalsReader(totals, topic, Mockito.mock(), status, properties), topic, this.broker.producers(),
				status);
		this.instance = Instance.create(this.journal, 0);
	}

	@AfterEach
	void tearDown() throws IOException {
		this.journal.close();
		this.counted.close();
	}

	@Test
	void visitsAreSentInTheirOrderUnderTheInstance() throws Exception {
		Shipped.fill(this.journal, 2500);
		this.broker.refused.add(2400L);
		ship();
		assertThat(this.broker.history()).extracting(ProducerRecord::key).containsOnly(this.instance.id());
		assertThat(this.broker.sequences().subList(0, 2400)).isEqualTo(numbers(0, 2400));
	}

	@Test
	void positionMovesOnlyOverWhatWasAcknowledgedWithoutAGap() throws Exception {
		Shipped.fill(this.journal, 10);
		this.broker.refused.addAll(Set.of(3L, 7L));
		ship();
		assertThat(this.relay.position()).isEqualTo(3);
		assertThat(this.broker.sequences()).containsExactly(0L, 1L, 2L, 4L, 5L, 6L, 8L, 9L);
	}

	@Test
	void relayGoesOnFromTheFirstVisitThatFailed() throws Exception {
		Shipped.fill(this.journal, 10);
		this.broker.refused.addAll(Set.of(3L, 7L));
		ship();
		this.broker.refused.remove(3L);
		this.broker.clear();
		ship();
		assertThat(this.broker.sequences()).containsExactly(3L, 4L, 5L, 6L, 8L, 9L);
		assertThat(this.relay.position()).isEqualTo(7);
	}

	@Test
	void visitThatIsNotDurableIsNotSent() throws Exception {
		Shipped.fill(this.journal, 2);
		this.journal.append(Shipped.content(0, "DE"));
		Thread shipping = Thread.ofPlatform().start(() -> {
			try {
				this.relay.ship(this.instance);
			}
			catch (IOException | InterruptedException ex) {
				// As the test interrupts it.
			}
		});
		while (this.relay.position() < 2) {
			Thread.onSpinWait();
		}
		shipping.interrupt();
		shipping.join();
		assertThat(this.broker.sequences()).containsExactly(0L, 1L);
		assertThat(this.relay.position()).isEqualTo(2);
	}

	@Test
	void relayGoesBackToTheEndOfATopicThatLostVisits() throws Exception {
		Shipped.fill(this.journal, 10);
		this.broker.refused.add(9L);
		ship();
		this.relay.rewind(6);
		assertThat(this.relay.position()).isEqualTo(6);
		this.relay.rewind(8);
		assertThat(this.relay.position()).isEqualTo(6);
		this.broker.clear();
		ship();
		assertThat(this.broker.sequences()).containsExactly(6L, 7L, 8L);
	}

	@Test
	void readerIsFreeAgainAfterAFailure() throws Exception {
		Shipped.fill(this.journal, 1);
		this.broker.refused.add(0L);
		ship();
		try (NamedReader reader = this.journal.reader(VisitRelay.READER)) {
			assertThat(reader.position()).isZero();
		}
	}

	private void ship() {
		assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> this.relay.ship(this.instance));
	}

	private static List<Long> numbers(long from, long to) {
		return LongStream.range(from, to).boxed().toList();
	}

	/**
	 * Acknowledges all visits but some.
	 */
	private static final class Broker extends MockProducer<String, byte[]> {

		private final Set<Long> refused = new HashSet<>();

		Broker() {
			super(false, null, new StringSerializer(), new ByteArraySerializer());
		}

		@SuppressWarnings("unchecked")
		ProducerFactory<String, byte[]> producers() {
			ProducerFactory<String, byte[]> factory = Mockito.mock(ProducerFactory.class);
			// Closed by the relay, and used again by the test.
			Producer<String, byte[]> open = this;
			given(factory.createProducer()).willReturn(open);
			return factory;
		}

		@Override
		public synchronized Future<RecordMetadata> send(ProducerRecord<String, byte[]> record) {
			if (this.refused.contains(sequence(record))) {
				return CompletableFuture.failedFuture(new TimeoutException("refused"));
			}
			return super.send(record);
		}

		@Override
		public void close() {
			// See producers().
		}

		List<Long> sequences() {
			return history().stream().map(Broker::sequence).toList();
		}

		private static long sequence(ProducerRecord<String, byte[]> record) {
			return ShippedVisit.of(new ConsumerRecord<>(Shipped.TOPIC, 0, 0, record.key(), record.value())).sequence();
		}

	}

}
