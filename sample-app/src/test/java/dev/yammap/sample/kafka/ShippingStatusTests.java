package dev.yammap.sample.kafka;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;

import dev.yammap.sample.kafka.ShippingStatus.Part;
import dev.yammap.sample.kafka.ShippingStatus.Problem;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ShippingStatus} and the alarm for visits that stay missing.
 */
@ExtendWith(OutputCaptureExtension.class)
class ShippingStatusTests {

	private final ShippingStatus status = new ShippingStatus();

	@Test
	void nothingIsWrongAtFirst() {
		assertThat(this.status.worst()).isNull();
	}

	@Test
	void failureIsToldUntilItWorksAgain(CapturedOutput output) {
		this.status.fails(Part.RELAY, new IOException("no answer"));
		this.status.fails(Part.RELAY, new IOException("still none"));
		assertThat(this.status.worst()).isEqualTo(new Problem(false,
				"Visits stay in the journal of this instance until they can be shipped: still none"));
		this.status.works(Part.RELAY);
		this.status.works(Part.RELAY);
		assertThat(this.status.worst()).isNull();
		assertThat(output.toString().lines().filter((line) -> line.contains("WARN"))).hasSize(1);
		assertThat(output.toString().lines().filter((line) -> line.contains("Visits are shipped again"))).hasSize(1);
	}

	@Test
	void failureOfKafkaIsExplainedBeforeItsOwnWords() {
		assertExplained(new TimeoutException("Timed out"),
				"the Kafka broker does not answer. Start it, or correct 'spring.kafka.bootstrap-servers'. The Kafka client says: Timed out");
		assertExplained(new TopicAuthorizationException("Not authorized"),
				"the Kafka broker refuses this application. Correct its credentials or permissions. The Kafka client says: Not authorized");
		assertExplained(new KafkaException("No consumer"),
				"the Kafka client has failed. Look at the logs of the application and the broker. The Kafka client says: No consumer");
	}

	private void assertExplained(Exception failure, String explanation) {
		this.status.fails(Part.TOTALS, failure);
		assertThat(this.status.worst()).isEqualTo(
				new Problem(false, "The visits of other instances are not counted at the moment: " + explanation));
	}

	@Test
	void alarmIsWorseThanAFailure() {
		this.status.fails(Part.RELAY, new IOException("no answer"));
		this.status.fails(Part.TOTALS, new AlarmException("The topic is gone"));
		assertThat(this.status.worst()).isEqualTo(new Problem(true, "The topic is gone"));
	}

	@Test
	void gapThatStaysIsAnAlarm() {
		TotalsReader.GapWatch watch = new TotalsReader.GapWatch(Duration.ofNanos(-1));
		watch.check(Map.of("a", 5L), this.status);
		assertThat(this.status.worst()).isEqualTo(new Problem(true, "Visit 5 of instance a is missing in the topic, "
				+ "and later ones are there. None of that instance is counted from there on"));
		watch.check(Map.of(), this.status);
		assertThat(this.status.worst()).isNull();
	}

	@Test
	void gapThatIsNewIsNoAlarm() {
		TotalsReader.GapWatch watch = new TotalsReader.GapWatch(Duration.ofHours(1));
		watch.check(Map.of("a", 5L), this.status);
		watch.check(Map.of("a", 5L), this.status);
		assertThat(this.status.worst()).isNull();
	}

}
