package dev.yammap.sample.live;

import java.util.Arrays;
import java.util.Optional;

import dev.yammap.sample.countries.CountryCode;
import dev.yammap.sample.countries.CountryTable;
import dev.yammap.sample.countries.Ipv4;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Looks up addresses and tells how long that took, measured around the call.
 */
@Component
public class LookUps {

	private static final int REPEATS = 501;

	private final CountryTable countries;

	LookUps(CountryTable countries) {
		this.countries = countries;
	}

	/**
	 * Looks up an address.
	 * @param address the address
	 * @return its country, and how long that took
	 */
	public LookUp find(Ipv4 address) {
		long start = System.nanoTime();
		Optional<CountryCode> country = this.countries.find(address);
		long first = System.nanoTime() - start;
		long[] repeats = new long[REPEATS];
		for (int i = 0; i < REPEATS; i++) {
			long begin = System.nanoTime();
			this.countries.find(address);
			repeats[i] = System.nanoTime() - begin;
		}
		Arrays.sort(repeats);
		return new LookUp(address, country.orElse(null), first, repeats[REPEATS / 2], REPEATS, this.countries.size());
	}

	/**
	 * A country that was looked up.
	 *
	 * @param ip the address
	 * @param country its country, missing if none is known
	 * @param firstNanos how long the look-up took, in nanoseconds
	 * @param medianNanos the median of as many look-ups as {@code repeats} right after
	 * it, in nanoseconds
	 * @param repeats how many look-ups followed the first
	 * @param ranges how many ranges were searched
	 */
	public record LookUp(Ipv4 ip, @Nullable CountryCode country, long firstNanos, long medianNanos, int repeats,
			int ranges) {

	}

}
