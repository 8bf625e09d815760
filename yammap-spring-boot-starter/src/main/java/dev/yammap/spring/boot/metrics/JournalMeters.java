package dev.yammap.spring.boot.metrics;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.yammap.spring.boot.tracking.TrackedJournal;
import dev.yammap.spring.boot.tracking.TrackedResource;
import io.micrometer.core.instrument.Gauge;

/**
 * The meters that only a journal has.
 */
final class JournalMeters extends ResourceMeters {

	/** Any name that no reader can have. */
	private static final String SEGMENTS = "";

	private final TrackedJournal state;

	/** The readers whose lag is measured. A named reader may be made at any time. */
	private final Set<String> readers = ConcurrentHashMap.newKeySet();

	private final ReaderLags lags;

	JournalMeters(SharedMeters shared, String name, TrackedJournal state) {
		super(shared, name, state);
		this.state = state;
		this.lags = new ReaderLags(state::lags, shared.registry().config().clock());
	}

	@Override
	void addGauges() {
		this.readers.clear();
		add(bytes("yammap.journal.size", "Size of all segments of a journal together", TrackedResource::size));
		add(Gauge.builder("yammap.journal.segments", this, (meters) -> meters.read(meters::segments))
			.description("Segments of a journal")
			.baseUnit("segments"));
		add(Gauge.builder("yammap.journal.unsynced", this, (meters) -> meters.read(meters.state::unsynced))
			.description("Records of a journal that a power cut may take back")
			.baseUnit("records"));
	}

	/**
	 * Counts the segments. As each scrape asks for that, it is the time to look for
	 * readers of other processes, which nobody reports. The next scrape measures them.
	 */
	private double segments() {
		if (!this.readers.containsAll(this.lags.read(SEGMENTS).keySet())) {
			updateSoon();
		}
		return this.state.segments().size();
	}

	@Override
	void update() {
		for (String reader : this.state.lags().keySet()) {
			if (this.readers.add(reader)) {
				add(Gauge
					.builder("yammap.journal.lag", this,
							(meters) -> meters.read(() -> meters.lags.read(reader).getOrDefault(reader, 0L)))
					.description("Records of a journal that a named reader still needs")
					.baseUnit("records")
					.tag("reader", reader));
			}
		}
		this.lags.forget();
	}

	@Override
	void addCounters() {
		add(counter("yammap.journal.records", "Records appended to a journal since it was opened",
				(_) -> this.state.appended())
			.baseUnit("records"));
	}

}
