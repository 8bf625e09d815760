package dev.yammap.sample.kafka;

import java.util.EnumMap;
import java.util.Map;

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
		String cause = (ex.getMessage() != null) ? ex.getMessage() : ex.toString();
		Problem problem = new Problem(isAlarm, isAlarm ? cause : part.without + ": " + cause);
		Problem before = this.problems.put(part, problem);
		if (isAlarm && !problem.equals(before)) {
			logger.error(problem.sentence());
		}
		else if (before == null) {
			logger.warn(problem.sentence());
		}
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
