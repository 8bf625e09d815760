package dev.yammap.sample.live;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

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

	/** What was told last, by the name of the event; guarded by itself. */
	private final Map<String, Event> told = new LinkedHashMap<>();

	/** The events whose figures could not be read last; guarded by {@link #told}. */
	private final Set<String> unreadable = new HashSet<>();

	private int ticks;

	/** The thread that looks; {@code null} while this is stopped. */
	private volatile @Nullable Thread ticker;

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
	 * Begins to tell a page what changes. Figures that cannot be read are left out, so a
	 * page also hears of the others while a file is broken.
	 * @return what to answer the page with
	 * @throws UnavailableException if too many pages are open, or this is stopped
	 */
	public SseEmitter subscribe() {
		Subscriber subscriber = new Subscriber(this.subscribers::remove);
		synchronized (this.told) {
			if (!isRunning()) {
				throw new UnavailableException("The server is stopping: try again later");
			}
			if (this.subscribers.size() >= MAX_SUBSCRIBERS) {
				throw new UnavailableException("Too many pages are open: close one, or try again later");
			}
			look();
			this.told.values().forEach(subscriber::offer);
			this.subscribers.add(subscriber);
		}
		subscriber.start();
		return subscriber.emitter();
	}

	private void run() {
		try {
			while (Thread.currentThread().equals(this.ticker)) {
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
		synchronized (this.told) {
			look();
			if (++this.ticks % TICKS_PER_BEAT == 0) {
				tell(new Event("beat", "{}"));
			}
		}
	}

	private void look() {
		AllVisits all = this.all;
		tellIfChanged("state", this.states::read);
		tellIfChanged("countries", () -> this.counters.top(CountryCode.COUNT));
		if (all != null) {
			tellIfChanged("totals", () -> Totals.of(all));
		}
		tellIfChanged("pages", this.pages::strips);
	}

	private void tellIfChanged(String name, Supplier<?> figures) {
		try {
			Event event = new Event(name, this.mapper.writeValueAsString(figures.get()));
			this.unreadable.remove(name);
			if (!event.equals(this.told.put(name, event))) {
				tell(event);
			}
		}
		catch (RuntimeException ex) {
			// Once, and not at each of the many looks that follow.
			if (this.unreadable.add(name)) {
				logger.error("The live figures '{}' cannot be read", name, ex);
			}
		}
	}

	private void tell(Event event) {
		this.subscribers.forEach((subscriber) -> subscriber.offer(event));
	}

	@Override
	public void start() {
		this.pages.start();
		Thread ticker = Thread.ofVirtual().name("live-ticker").unstarted(this::run);
		this.ticker = ticker;
		ticker.start();
	}

	/**
	 * Ends all answers that have no end of their own: the web server, which stops next,
	 * waits for every answer.
	 */
	@Override
	public void stop() {
		this.pages.stop();
		this.bursts.stop();
		this.swaps.stop();
		// A page that begins to listen does so before, or not at all.
		synchronized (this.told) {
			this.ticker = null;
			tell(Event.END);
		}
	}

	@Override
	public boolean isRunning() {
		return this.ticker != null;
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
