package dev.yammap.sample.visits;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

import dev.yammap.journal.Journal;
import dev.yammap.journal.JournalReader;
import dev.yammap.sample.countries.CountryCode;
import dev.yammap.sample.countries.Ipv4;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/**
 * The journal of all visits. Safe for use by any number of threads. It shows only durable
 * visits: a power cut takes back nothing that was read.
 */
@Component
public class VisitJournal {

	private final Journal journal;

	private final InstantSource clock;

	public VisitJournal(@Qualifier("journal") Journal journal, InstantSource clock) {
		this.journal = journal;
		this.clock = clock;
	}

	/**
	 * Appends a visit and waits until it is durable. Threads share flushes.
	 * @throws UncheckedIOException if the visit could not be written or made durable
	 */
	public Visit append(Ipv4 ip, CountryCode country) {
		Visit visit = new Visit(0, ip, country, this.clock.instant().truncatedTo(ChronoUnit.MICROS));
		try {
			return new Visit(this.journal.appendAndSync(visit.encode()), ip, country, visit.at());
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The visit could not be recorded", ex);
		}
	}

	/** Returns the sequence of the next visit that becomes durable. */
	public long nextSequence() {
		try {
			return this.journal.durableSequence();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The journal of visits cannot be used", ex);
		}
	}

	/**
	 * Reads visits.
	 * @param from the sequence of the first one, 0 or more
	 * @param limit how many at most, 0 or more
	 * @return the visits in the order of their sequence
	 * @throws UncheckedIOException if the journal cannot be read
	 */
	public List<Visit> read(long from, int limit) {
		List<Visit> visits = new ArrayList<>();
		try (JournalReader reader = this.journal.durableReader(Math.min(from, nextSequence()))) {
			while (visits.size() < limit && reader.next() && reader.record().sequence() >= from) {
				visits.add(Visit.decode(reader.record()));
			}
			return visits;
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The visits from " + from + " on could not be read", ex);
		}
	}

}
