package dev.yammap.sample.kafka;

import java.util.List;

import dev.yammap.sample.visits.CountryVisits;
import org.jspecify.annotations.Nullable;

/**
 * What one instance knows of the visits of all instances.
 */
public interface AllVisits {

	/**
	 * Returns the random id under which the others know this instance.
	 * @return the id; {@code null} until the broker was met once
	 */
	@Nullable String instance();

	/**
	 * Returns how many visits of this instance the broker has acknowledged.
	 * @return the number of visits
	 */
	long shipped();

	/**
	 * Returns how many visits of all instances are counted.
	 * @return the number of visits
	 */
	long visits();

	/**
	 * Returns how many instances these visits are from.
	 * @return the number of instances
	 */
	int instances();

	/**
	 * Returns the countries with the most visits of all instances.
	 * @param limit how many at most, 0 or more
	 * @return the countries with visits, the most frequent first
	 */
	List<CountryVisits> top(int limit);

	/**
	 * Returns what keeps these figures from being up to date.
	 * @return a sentence; {@code null} if there is nothing
	 */
	@Nullable String problem();

}
