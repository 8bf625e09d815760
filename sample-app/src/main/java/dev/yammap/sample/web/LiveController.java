package dev.yammap.sample.web;

import dev.yammap.sample.countries.Ipv4;
import dev.yammap.sample.live.Bursts;
import dev.yammap.sample.live.LiveFeed;
import dev.yammap.sample.live.LookUps;
import dev.yammap.sample.live.PageCaches;
import dev.yammap.sample.live.TableSwaps;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * What the start page needs beyond the interface for programs. {@link SameOriginOnly}
 * keeps other sites from posting here.
 */
@RestController
@RequestMapping("/api/live")
class LiveController {

	private final LiveFeed feed;

	private final LookUps lookUps;

	private final Bursts bursts;

	private final PageCaches pages;

	private final TableSwaps swaps;

	LiveController(LiveFeed feed, LookUps lookUps, Bursts bursts, PageCaches pages, TableSwaps swaps) {
		this.feed = feed;
		this.lookUps = lookUps;
		this.bursts = bursts;
		this.pages = pages;
		this.swaps = swaps;
	}

	@GetMapping(path = "/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	SseEmitter events() {
		return this.feed.subscribe();
	}

	@GetMapping("/countries/{ip}")
	LookUps.LookUp find(@PathVariable String ip) {
		return this.lookUps.find(Ipv4.parse(ip));
	}

	@PostMapping("/burst")
	@ResponseStatus(HttpStatus.ACCEPTED)
	Bursts.BurstState burst(@RequestBody NewBurst burst) {
		return this.bursts.start(number("visits", burst.visits(), Bursts.MAX_VISITS),
				number("threads", burst.threads(), Bursts.MAX_THREADS));
	}

	@PostMapping("/burst/cancel")
	Bursts.BurstState cancel() {
		return this.bursts.cancel();
	}

	@PostMapping("/files/{name}/flush")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void flush(@PathVariable String name) {
		this.pages.flush(name);
	}

	@PostMapping("/files/{name}/drop")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void drop(@PathVariable String name) {
		this.pages.drop(name);
	}

	@PostMapping("/files/{name}/fill")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void fill(@PathVariable String name) {
		this.pages.fill(name);
	}

	@PostMapping("/table")
	@ResponseStatus(HttpStatus.ACCEPTED)
	TableSwaps.SwapState replaceTable() {
		return this.swaps.start();
	}

	private static int number(String name, @Nullable Integer value, int max) {
		if (value == null || value < 1 || value > max) {
			throw Parameters.badRequest("The field '" + name + "' must be a number from 1 to " + max);
		}
		return value;
	}

	/**
	 * What the page sends to start a burst.
	 */
	record NewBurst(@Nullable Integer visits, @Nullable Integer threads) {

	}

}
