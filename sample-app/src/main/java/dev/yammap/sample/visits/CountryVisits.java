package dev.yammap.sample.visits;

import java.util.Comparator;
import java.util.List;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;

import dev.yammap.sample.countries.CountryCode;

/**
 * A country and the number of visits from it.
 *
 * @param country the country
 * @param visits the number of visits
 */
public record CountryVisits(CountryCode country, long visits) {

	/**
	 * Returns the countries with the most visits.
	 * @param visits the number of visits by {@linkplain CountryCode#index() number of the
	 * country}
	 * @param limit how many at most, 0 or more
	 * @return the countries with visits, the most frequent first; countries with the same
	 * number in alphabetical order
	 */
	public static List<CountryVisits> top(IntToLongFunction visits, int limit) {
		return IntStream.range(0, CountryCode.COUNT)
			.mapToObj((index) -> new CountryVisits(CountryCode.ofIndex(index), visits.applyAsLong(index)))
			.filter((counter) -> counter.visits() > 0)
			.sorted(Comparator.comparingLong(CountryVisits::visits).reversed().thenComparing(CountryVisits::country))
			.limit(limit)
			.toList();
	}

}
