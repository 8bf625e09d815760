package dev.yammap.sample.visits;

import dev.yammap.sample.countries.CountryCode;

/**
 * A country and the number of visits from it.
 *
 * @param country the country
 * @param visits the number of visits
 */
public record CountryVisits(CountryCode country, long visits) {

}
