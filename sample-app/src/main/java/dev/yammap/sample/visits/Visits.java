package dev.yammap.sample.visits;

import java.io.UncheckedIOException;

import dev.yammap.sample.countries.CountryCode;
import dev.yammap.sample.countries.CountryTable;
import dev.yammap.sample.countries.Ipv4;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Service;

/**
 * Records visits. Safe for use by any number of threads.
 */
@Service
public class Visits {

	private static final Logger logger = LoggerFactory.getLogger(Visits.class);

	private final CountryTable countries;

	private final VisitJournal journal;

	private final VisitCounters counters;

	public Visits(CountryTable countries, VisitJournal journal, VisitCounters counters) {
		this.countries = countries;
		this.journal = journal;
		this.counters = counters;
	}

	/**
	 * Records a visit: looks up the country, appends the visit to the journal, waits
	 * until it is durable, and counts it. If a durable visit cannot be counted, it is
	 * still recorded, and this call succeeds: the next start counts it from the journal.
	 * A client that is told of a failure would send the visit again.
	 * @param ip the address the visitor came from
	 * @return the visit
	 * @throws UncheckedIOException if the visit could not be recorded
	 */
	public Visit record(Ipv4 ip) {
		CountryCode country = this.countries.find(ip).orElse(CountryCode.UNKNOWN);
		Visit visit = this.journal.append(ip, country);
		try {
			this.counters.increment(country);
		}
		catch (UncheckedIOException ex) {
			logger.error("Visit {} is recorded, but not counted until the next start", visit.sequence(), ex);
		}
		return visit;
	}

}
