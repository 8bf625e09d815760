package dev.yammap.sample.web;

import java.util.List;

import dev.yammap.sample.countries.CountryCode;
import dev.yammap.sample.kafka.AllVisits;
import dev.yammap.sample.visits.CountryVisits;
import dev.yammap.sample.visits.VisitCounters;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Shows the visits of this instance beside those of all instances.
 */
@RestController
@RequestMapping("/api/totals")
class TotalsController {

	private final VisitCounters counters;

	private final @Nullable AllVisits all;

	TotalsController(VisitCounters counters, ObjectProvider<AllVisits> all) {
		this.counters = counters;
		this.all = all.getIfAvailable();
	}

	@GetMapping
	Totals totals(@RequestParam(defaultValue = "10") String top) {
		int limit = (int) Parameters.number("top", top, CountryCode.COUNT);
		long visits = this.counters.durable();
		List<CountryVisits> countries = this.counters.top(limit);
		if (this.all == null) {
			return new Totals(new Instance(null, visits, null, countries), null);
		}
		return new Totals(new Instance(this.all.instance(), visits, this.all.shipped(), countries),
				new All(this.all.visits(), this.all.instances(), this.all.top(limit), this.all.problem()));
	}

	/**
	 * Both, the second only with the profile {@code kafka}.
	 */
	record Totals(Instance instance, @Nullable All all) {

	}

	/**
	 * The visits that this instance recorded.
	 */
	record Instance(@Nullable String id, long visits, @Nullable Long shipped, List<CountryVisits> countries) {

	}

	/**
	 * The visits of all instances, as far as this one has counted them.
	 */
	record All(long visits, int instances, List<CountryVisits> countries, @Nullable String problem) {

	}

}
