package dev.yammap.spring.boot.settings;

import java.time.Duration;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * Checks how often something is to be done.
 */
public final class Intervals {

	private static final Duration LEAST = Duration.ofMillis(1);

	private static final Duration MOST = Duration.ofDays(365);

	private static final Pattern WITHOUT_UNIT = Pattern.compile("\\s*[+-]?\\d+\\s*");

	private Intervals() {
	}

	/**
	 * Refuses a number without a unit, which Spring Boot takes for milliseconds.
	 * @param property the full name of the property
	 * @param text its value as it is written, if it is set
	 * @throws InvalidConfigurationPropertyValueException if it has no unit
	 */
	public static void requireUnit(String property, @Nullable String text) {
		if (text != null && WITHOUT_UNIT.matcher(text).matches()) {
			throw new InvalidConfigurationPropertyValueException(property, text,
					"A time needs a unit, as in '%1$ss' for seconds or '%1$sms' for milliseconds."
						.formatted(text.trim()));
		}
	}

	/**
	 * Refuses an interval that would keep a processor busy, or is too long to be meant.
	 * @param property the full name of the property
	 * @param interval its value
	 * @throws InvalidConfigurationPropertyValueException if it is out of range
	 */
	public static void requireSensible(String property, Duration interval) {
		if (interval.compareTo(LEAST) < 0 || interval.compareTo(MOST) > 0) {
			throw new InvalidConfigurationPropertyValueException(property, interval,
					"An interval is between 1ms and 365d. Leave the property out to have the default.");
		}
	}

}
