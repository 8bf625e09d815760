package dev.yammap.spring.boot.metrics;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

import dev.yammap.Backend;
import dev.yammap.FailureCause;
import dev.yammap.Mmap;
import dev.yammap.MmapListener;
import dev.yammap.PageCacheStats;
import dev.yammap.spring.boot.registry.TrackedFile;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.BaseUnits;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one file. They are there from when it is opened until it is closed; where
 * it is opened anew before the old one is closed, they stay.
 */
final class FileMeters implements MmapListener {

	private final SharedMeters shared;

	private final MeterRegistry registry;

	private final String name;

	private final TrackedFile state;

	private final PageCacheSnapshots pageCache;

	private final Set<Mmap> open = Collections.newSetFromMap(new IdentityHashMap<>());

	private List<Meter> meters = List.of();

	private volatile @Nullable SyncTimers syncs;

	/**
	 * Creates the meters, which are not there yet.
	 * @param shared what is in the registry where they will be
	 * @param name the name of the file
	 * @param state what they tell of
	 */
	FileMeters(SharedMeters shared, String name, TrackedFile state) {
		this.shared = shared;
		this.registry = shared.registry();
		this.name = name;
		this.state = state;
		this.pageCache = new PageCacheSnapshots(state::file, this.registry.config().clock());
	}

	String name() {
		return this.name;
	}

	@Nullable Path path() {
		return this.state.path();
	}

	/**
	 * Tells what the meters tell of.
	 * @param state the state of a file
	 * @return whether it is this one
	 */
	@SuppressWarnings("ReferenceEquality")
	boolean isOf(TrackedFile state) {
		return this.state == state;
	}

	@Override
	public void opened(Mmap file) {
		synchronized (SharedMeters.LOCK) {
			if (this.open.add(file) && this.open.size() == 1) {
				this.shared.add(this);
			}
		}
	}

	/**
	 * Has the meters be there. Called with the lock held, as {@link #unregister()}.
	 */
	void register() {
		List<Meter> meters = new ArrayList<>();
		addGauges(meters, this.open.iterator().next());
		if (this.state.isManaged()) {
			addEvents(meters);
		}
		this.meters = meters;
	}

	/** Has the meters not be there any more. */
	void unregister() {
		this.syncs = null;
		this.meters.forEach(this.registry::remove);
		this.meters = List.of();
	}

	@Override
	public void synced(Mmap file, Duration duration, @Nullable IOException failure) {
		SyncTimers timers = this.syncs;
		if (timers != null) {
			((failure != null) ? timers.failure() : timers.success()).record(duration);
		}
	}

	@Override
	public void closed(Mmap file) {
		synchronized (SharedMeters.LOCK) {
			this.open.remove(file);
			if (this.open.isEmpty()) {
				remove();
			}
		}
	}

	/**
	 * Removes the meters, if they are there.
	 */
	void remove() {
		synchronized (SharedMeters.LOCK) {
			this.open.clear();
			this.shared.remove(this);
		}
	}

	private void addGauges(List<Meter> meters, Mmap file) {
		meters.add(problems());
		meters.add(bytes("yammap.file.size", "Size of a mapped file", Mmap::size));
		meters.add(bytes("yammap.mapped.size", "Address space that a mapped file takes", Mmap::mappedSize));
		Backend backend = file.backend();
		// A mock has none.
		if (backend != null) {
			meters.add(backend(backend));
		}
		PageCacheStats stats = PageCacheSnapshots.ask(file);
		if (stats != null) {
			for (PageCacheSnapshots.State state : PageCacheSnapshots.State.values()) {
				if (state.isKnown(stats)) {
					meters.add(pages(state));
				}
			}
		}
	}

	private Gauge bytes(String meter, String description, ToDoubleFunction<Mmap> value) {
		return Gauge.builder(meter, this, (meters) -> meters.read(value))
			.description(description)
			.baseUnit(BaseUnits.BYTES)
			.tag("file", this.name)
			.register(this.registry);
	}

	private Gauge problems() {
		return Gauge.builder("yammap.problems", this, (meters) -> meters.read((_) -> meters.state.problems().size()))
			.description("Problems that the health check sees with a mapped file")
			.tag("file", this.name)
			.register(this.registry);
	}

	private Gauge backend(Backend backend) {
		return Gauge.builder("yammap.backend", this, (meters) -> meters.read((_) -> 1))
			.description("The backend of a mapped file; the value is always 1")
			.tag("file", this.name)
			.tag("backend", tag(backend))
			.register(this.registry);
	}

	private static String tag(Enum<?> value) {
		return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	private Gauge pages(PageCacheSnapshots.State state) {
		return Gauge.builder("yammap.pages", this, (meters) -> meters.read((_) -> meters.pageCache.pages(state)))
			.description("Pages of a mapped file that are, or were, in the page cache")
			.baseUnit("pages")
			.tag("file", this.name)
			.tag("state", state.tag())
			.register(this.registry);
	}

	/**
	 * Nobody tells when a file of the application's own is closed, so that is found out.
	 */
	private double read(ToDoubleFunction<Mmap> value) {
		Mmap file = this.state.file();
		if (file != null && file.isOpen()) {
			return value.applyAsDouble(file);
		}
		if (!this.state.isManaged()) {
			remove();
		}
		return Double.NaN;
	}

	private void addEvents(List<Meter> meters) {
		SyncTimers timers = new SyncTimers(sync("success"), sync("failure"));
		meters.add(timers.success());
		meters.add(timers.failure());
		this.syncs = timers;
		meters.add(TimeGauge
			.builder("yammap.sync.age", this.state, TimeUnit.NANOSECONDS, (state) -> state.events().syncAge())
			.description("Time since the last sync of a mapped file that succeeded")
			.tag("file", this.name)
			.register(this.registry));
		meters.add(counter("yammap.sync.coalesced", "Calls that were served by the sync of another",
				(state) -> state.events().coalescedSyncs())
			.register(this.registry));
		meters.add(counter("yammap.grows", "Growths of a mapped file", (state) -> state.events().growths())
			.register(this.registry));
		meters.add(errors("sync", (state) -> state.events().failedSyncs()));
		meters.add(errors("access", (state) -> state.events().faults()));
		if (this.state.isWritten()) {
			addFailedWrites(meters);
		}
		if (this.state.isFollowed()) {
			meters.add(counter("yammap.reloads", "Replacements of a mapped file that were taken over",
					(state) -> state.reloads().count())
				.register(this.registry));
			meters.add(errors("reload", (state) -> state.reloads().failed()));
		}
	}

	/** All from the start: a counter that begins with 1 tells no rate of its first. */
	private void addFailedWrites(List<Meter> meters) {
		for (FailureCause cause : FailureCause.values()) {
			meters.add(counter("yammap.write.failures", "Writes to a mapped file that the operating system refused",
					(state) -> state.events().failedWrites().count(cause))
				.tag("cause", tag(cause))
				.register(this.registry));
		}
	}

	private Timer sync(String outcome) {
		return Timer.builder("yammap.sync")
			.description("Time to make what was written to a mapped file durable")
			.tag("file", this.name)
			.tag("outcome", outcome)
			.register(this.registry);
	}

	private FunctionCounter errors(String operation, ToDoubleFunction<TrackedFile> value) {
		return counter("yammap.errors", "Syncs and reloads of a mapped file that failed, and accesses that met a fault",
				value)
			.tag("operation", operation)
			.register(this.registry);
	}

	private FunctionCounter.Builder<TrackedFile> counter(String meter, String description,
			ToDoubleFunction<TrackedFile> value) {
		return FunctionCounter.builder(meter, this.state, value).description(description).tag("file", this.name);
	}

	/**
	 * The timers of syncs by their outcome.
	 */
	private record SyncTimers(Timer success, Timer failure) {
	}

}
