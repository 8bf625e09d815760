package dev.yammap.sample.kafka;

import java.util.EnumMap;
import java.util.Map;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.BrokerNotAvailableException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What does not work at the moment. Logs each change once. Safe for use by any number of
 * threads.
 */
final class ShippingStatus {

	private static final Logger logger = LoggerFactory.getLogger(ShippingStatus.class);

	private final Map<Part, Problem> problems = new EnumMap<>(Part.class);

	synchronized void works(Part part) {
		if (this.problems.remove(part) != null) {
			logger.info("{} again", part.what);
		}
	}

	/**
	 * Records a failure. An {@link AlarmException} stays until somebody does something
	 * about it. Anything else passes by itself, such as a broker that is away.
	 */
	synchronized void fails(Part part, Exception ex) {
		boolean isAlarm = ex instanceof AlarmException;
		Problem problem = new Problem(isAlarm, isAlarm ? words(ex) : part.without + ": " + explain(ex));
		Problem before = this.problems.put(part, problem);
		if (isAlarm && !problem.equals(before)) {
			logger.error(problem.sentence());
		}
		else if (before == null) {
			logger.warn(problem.sentence());
		}
	}

	/**
	 * Says what is wrong and what to do, before the words of the Kafka client: those are
	 * about its own calls, and name no cause.
	 */
	private static String explain(Exception ex) {
		@Nullable String problem = switch (ex) {
			case TimeoutException _, DisconnectException _, NetworkException _, BrokerNotAvailableException _ ->
				"the Kafka broker does not answer. Start it, or correct 'spring.kafka.bootstrap-servers'";
			case AuthenticationException _, AuthorizationException _ ->
				"the Kafka broker refuses this application. Correct its credentials or permissions";
			case KafkaException _ -> "the Kafka client has failed. Look at the logs of the application and the broker";
			default -> null;
		};
		return (problem != null) ? problem + ". The Kafka client says: " + words(ex) : words(ex);
	}

	private static String words(Exception ex) {
		return (ex.getMessage() != null) ? ex.getMessage() : ex.toString();
	}

	/** Returns the worst problem; {@code null} if there is none. */
	synchronized @Nullable Problem worst() {
		Problem worst = null;
		for (Problem problem : this.problems.values()) {
			if (worst == null || (problem.isAlarm() && !worst.isAlarm())) {
				worst = problem;
			}
		}
		return worst;
	}

	/** What may fail by itself. */
	enum Part {

		RELAY("Visits are shipped", "Visits stay in the journal of this instance until they can be shipped"),

		TOTALS("The visits of all instances are counted",
				"The visits of other instances are not counted at the moment"),

		GAPS("No visit is missing", "Visits are missing");

		private final String what;

		private final String without;

		Part(String what, String without) {
			this.what = what;
			this.without = without;
		}

	}

	/**
	 * What does not work.
	 *
	 * @param isAlarm whether it stays until somebody does something about it
	 * @param sentence what to tell people
	 */
	record Problem(boolean isAlarm, String sentence) {

	}

}
