package dev.yammap.sample.visits;

import java.time.Instant;

import dev.yammap.sample.countries.CountryCode;
import dev.yammap.sample.countries.Ipv4;

/**
 * A visit, as the journal holds it.
 *
 * @param sequence the number of the visit in the journal, from 0 without gaps
 * @param ip the address the visitor came from
 * @param country the country of that address when the visit was recorded,
 * {@link CountryCode#UNKNOWN} if none was known
 * @param at when the visit was recorded, in whole microseconds
 */
public record Visit(long sequence, Ipv4 ip, CountryCode country, Instant at) {

}
