package dev.yammap.sample.web;

import java.util.List;

import dev.yammap.sample.countries.CountryCode;
import dev.yammap.sample.countries.CountryTable;
import dev.yammap.sample.countries.Ipv4;
import dev.yammap.sample.visits.CountryVisits;
import dev.yammap.sample.visits.VisitCounters;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Answers which country an address belongs to, and which countries have the most visits.
 */
@RestController
@RequestMapping("/api/countries")
class CountryController {

	private final CountryTable countries;

	private final VisitCounters counters;

	CountryController(CountryTable countries, VisitCounters counters) {
		this.countries = countries;
		this.counters = counters;
	}

	@GetMapping("/{ip}")
	Location find(@PathVariable String ip) {
		Ipv4 address = Ipv4.parse(ip);
		return this.countries.find(address)
			.map((country) -> new Location(address, country))
			.orElseThrow(() -> new ErrorResponseException(HttpStatus.NOT_FOUND,
					ProblemDetail.forStatusAndDetail(HttpStatus.NOT_FOUND, "No country is known for " + address),
					null));
	}

	@GetMapping
	List<CountryVisits> top(@RequestParam(defaultValue = "10") String top) {
		return this.counters.top((int) Parameters.number("top", top, CountryCode.COUNT));
	}

	/**
	 * An address and its country.
	 */
	record Location(Ipv4 ip, CountryCode country) {

	}

}
