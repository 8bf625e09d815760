package dev.yammap.sample.web;

import java.net.URI;
import java.util.List;

import dev.yammap.sample.countries.Ipv4;
import dev.yammap.sample.visits.Visit;
import dev.yammap.sample.visits.VisitJournal;
import dev.yammap.sample.visits.Visits;
import org.jspecify.annotations.Nullable;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Records visits and lists them.
 */
@RestController
@RequestMapping("/api/visits")
class VisitController {

	private static final int MAX_LIMIT = 1000;

	private final Visits visits;

	private final VisitJournal journal;

	VisitController(Visits visits, VisitJournal journal) {
		this.visits = visits;
		this.journal = journal;
	}

	/**
	 * Records a visit. Answers only when the visit is durable.
	 */
	@PostMapping
	ResponseEntity<Visit> record(@RequestBody NewVisit visit) {
		if (visit.ip() == null) {
			throw Parameters.badRequest("The field 'ip' is missing");
		}
		Visit recorded = this.visits.record(Ipv4.parse(visit.ip()));
		return ResponseEntity.created(URI.create("/api/visits?from=" + recorded.sequence() + "&limit=1"))
			.body(recorded);
	}

	@GetMapping
	List<Visit> list(@RequestParam(defaultValue = "0") String from, @RequestParam(defaultValue = "100") String limit) {
		return this.journal.read(Parameters.number("from", from, Long.MAX_VALUE),
				(int) Parameters.number("limit", limit, MAX_LIMIT));
	}

	/**
	 * What a client sends.
	 */
	record NewVisit(@Nullable String ip) {

	}

}
