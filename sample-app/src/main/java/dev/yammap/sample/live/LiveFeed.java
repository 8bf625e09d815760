package dev.yammap.sample.live;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.yammap.sample.countries.CountryCode;
import dev.yammap.sample.kafka.AllVisits;
import dev.yammap.sample.live.Subscriber.Event;
import dev.yammap.sample.visits.CountryVisits;
import dev.yammap.sample.visits.VisitCounters;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Tells every open page what has changed, ten times a second at most. While no page is
 * open it looks at nothing.
 */
@Component
public class LiveFeed implements SmartLifecycle {

	/** The greatest number of pages that are open at a time. */
	public static final int MAX_SUBSCRIBERS = 32;

	private static final Logger logger = LoggerFactory.getLogger(LiveFeed.class);

	private static final long TICK_MILLIS = 100;

	/**
	 * Something is sent at least every second: so a page notices silence, and the server
	 * notices that a page was closed.
	 */
	private static final int TICKS_PER_BEAT = 10;

	private final LiveStates states;

	private final VisitCounters counters;

	private final @Nullable AllVisits all;

	private final PageCaches pages;

	private final Bursts bursts;

	private final TableSwaps swaps;

	private final JsonMapper mapper;

	private final Set<Subscriber> subscribers = ConcurrentHashMap.newKeySet();

	private final AtomicInteger count = new AtomicInteger();

	/** What was told last, by the name of the event; guarded by itself. */
	private final Map<String, Event> told = new LinkedHashMap<>();

	private int ticks;

	private volatile boolean running;

	LiveFeed(LiveStates states, VisitCounters counters, ObjectProvider<AllVisits> all, PageCaches pages, Bursts bursts,
			TableSwaps swaps, JsonMapper mapper) {
		this.states = states;
		this.counters = counters;
		this.all = all.getIfAvailable();
		this.pages = pages;
		this.bursts = bursts;
		this.swaps = swaps;
		this.mapper = mapper;
	}

	/**
	 * Begins to tell a page what changes.
	 * @return what to answer the page with
	 * @throws NoRoomException if too many pages are open
	 */
	public SseEmitter subscribe() {
		if (!this.running || this.count.incrementAndGet() > MAX_SUBSCRIBERS) {
			this.count.decrementAndGet();
			throw new NoRoomException("Too many pages are open: close one, or try again later");
		}
		Subscriber[] self = new Subscriber[1];
		self[0] = new Subscriber(() -> {
			if (this.subscribers.remove(self[0])) {
				this.count.decrementAndGet();
			}
		});
		synchronized (this.told) {
			look();
			this.told.values().forEach(self[0]::offer);
			this.subscribers.add(self[0]);
		}
		self[0].start();
		return self[0].emitter();
	}

	private void run() {
		try {
			while (this.running) {
				tick();
				TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void tick() {
		if (this.subscribers.isEmpty()) {
			return;
		}
		try {
			synchronized (this.told) {
				look();
				if (++this.ticks % TICKS_PER_BEAT == 0) {
					tell(new Event("beat", "{}"));
				}
			}
		}
		catch (RuntimeException ex) {
			logger.error("The live figures could not be read", ex);
		}
	}

	private void look() {
		tellIfChanged("state", this.states.read());
		tellIfChanged("countries", this.counters.top(CountryCode.COUNT));
		if (this.all != null) {
			tellIfChanged("totals", Totals.of(this.all));
		}
		tellIfChanged("pages", this.pages.strips());
	}

	private void tellIfChanged(String name, Object value) {
		Event event = new Event(name, this.mapper.writeValueAsString(value));
		if (!event.equals(this.told.put(name, event))) {
			tell(event);
		}
	}

	private void tell(Event event) {
		this.subscribers.forEach((subscriber) -> subscriber.offer(event));
	}

	@Override
	public void start() {
		this.running = true;
		Thread.ofVirtual().name("live-ticker").start(this::run);
	}

	/**
	 * Ends all answers that have no end of their own: the web server, which stops next,
	 * waits for every answer.
	 */
	@Override
	public void stop() {
		this.running = false;
		this.pages.stop();
		this.bursts.stop();
		this.swaps.stop();
		tell(Event.END);
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	/**
	 * The visits of all instances, as far as this one knows.
	 */
	private record Totals(long shipped, long visits, int instances, List<CountryVisits> countries,
			@Nullable String problem) {

		static Totals of(AllVisits all) {
			return new Totals(all.shipped(), all.visits(), all.instances(), all.top(CountryCode.COUNT), all.problem());
		}

	}

}
