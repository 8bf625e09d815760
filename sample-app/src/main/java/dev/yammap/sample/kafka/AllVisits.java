package dev.yammap.sample.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

import dev.yammap.sample.kafka.ShippingStatus.Problem;
import dev.yammap.sample.visits.CountryVisits;
import dev.yammap.sample.visits.VisitCounters;
import org.jspecify.annotations.Nullable;

/**
 * What this instance knows of the visits of all instances. There is a bean of it with the
 * profile {@code kafka} alone. Safe for use by any number of threads.
 */
public final class AllVisits {

	private final VisitCounters counters;

	private final Identity identity;

	private final VisitRelay relay;

	private final Totals totals;

	private final ShippingStatus status;

	AllVisits(VisitCounters counters, Identity identity, VisitRelay relay, Totals totals, ShippingStatus status) {
		this.counters = counters;
		this.identity = identity;
		this.relay = relay;
		this.totals = totals;
		this.status = status;
	}

	/**
	 * Returns the random id under which the others know this instance.
	 * @return the id; {@code null} until the broker was met once
	 */
	public @Nullable String instance() {
		Instance instance = this.identity.current();
		return (instance != null) ? instance.id() : null;
	}

	/**
	 * Returns how many visits of the journal the broker has acknowledged.
	 * @return the number of visits
	 * @throws UncheckedIOException if the journal cannot be read
	 */
	public long shipped() {
		try {
			return this.counters.before(this.relay.position());
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The position of the relay could not be read", ex);
		}
	}

	/**
	 * Returns how many durable visits of the journal the broker has not acknowledged.
	 * @return the number of visits
	 * @throws UncheckedIOException if the journal cannot be read
	 */
	public long notShipped() {
		return this.counters.durable() - shipped();
	}

	/**
	 * Returns how many visits of all instances are counted.
	 * @return the number of visits
	 */
	public long visits() {
		return this.totals.visits();
	}

	/**
	 * Returns how many instances these visits are from.
	 * @return the number of instances
	 */
	public int instances() {
		return this.totals.instances();
	}

	/**
	 * Returns the countries with the most visits of all instances.
	 * @param limit how many at most, 0 or more
	 * @return the countries with visits, the most frequent first
	 */
	public List<CountryVisits> top(int limit) {
		return this.totals.top(limit);
	}

	/**
	 * Returns what keeps these figures from being up to date.
	 * @return a sentence; {@code null} if there is nothing
	 */
	public @Nullable String problem() {
		Problem problem = this.status.worst();
		return (problem != null) ? problem.sentence() : null;
	}

}
