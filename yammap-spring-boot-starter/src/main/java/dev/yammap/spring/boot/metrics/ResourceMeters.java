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
import dev.yammap.MmapListener.WriteOperation;
import dev.yammap.spring.boot.tracking.FailedWrites;
import dev.yammap.spring.boot.tracking.ResourceFollower;
import dev.yammap.spring.boot.tracking.TrackedFile;
import dev.yammap.spring.boot.tracking.TrackedJournal;
import dev.yammap.spring.boot.tracking.TrackedResource;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.BaseUnits;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one resource that all kinds have, with the same names and tags. They
 * exist from its opening until it is closed. If it is opened again before the old one is
 * closed, they stay.
 */
abstract sealed class ResourceMeters implements ResourceFollower permits FileMeters, JournalMeters {

	private final SharedMeters shared;

	private final String name;

	private final TrackedResource state;

	/** Guarded by the lock of what the contexts share. */
	private final Set<Object> open = Collections.newSetFromMap(new IdentityHashMap<>());

	private final List<Meter> meters = new ArrayList<>();

	private volatile @Nullable SyncTimers syncs;

	/**
	 * Creates the meters, without registering them.
	 * @param shared the meters that the contexts share in the registry
	 * @param name the name of the resource
	 * @param state the state that the meters show
	 */
	ResourceMeters(SharedMeters shared, String name, TrackedResource state) {
		this.shared = shared;
		this.name = name;
		this.state = state;
	}

	static ResourceMeters of(SharedMeters shared, String name, TrackedResource state) {
		return switch (state) {
			case TrackedFile file -> new FileMeters(shared, name, file);
			case TrackedJournal journal -> new JournalMeters(shared, name, journal);
		};
	}

	final MeterRegistry registry() {
		return this.shared.registry();
	}

	final String name() {
		return this.name;
	}

	final String noun() {
		return this.state.kind().noun();
	}

	final @Nullable Path path() {
		return this.state.path();
	}

	/**
	 * Tells whether these are the meters of a resource.
	 * @param state the state of a resource
	 * @return whether they are
	 */
	@SuppressWarnings("ReferenceEquality")
	final boolean isOf(TrackedResource state) {
		return this.state == state;
	}

	@Override
	public final void opened(Object resource) {
		this.shared.change(this.name, (sameName) -> {
			if (this.open.add(resource) && this.open.size() == 1) {
				sameName.add(this);
			}
			else {
				sameName.update(this);
			}
		});
	}

	/**
	 * Registers the meters. This, {@link #update()} and {@link #unregister()} are called
	 * by one thread at a time, without a lock.
	 */
	final void register() {
		add(Gauge.builder("yammap.problems", this, (meters) -> meters.read(meters.state.problems()::size))
			.description("Problems that the health check sees with a mapped file or journal"));
		add(bytes("yammap.mapped.size", "Address space that a mapped file or journal takes",
				TrackedResource::mappedSize));
		Backend backend = this.state.backend();
		// A mock has no backend.
		if (backend != null) {
			add(Gauge.builder("yammap.backend", this, (meters) -> meters.read(() -> 1))
				.description("The backend of a mapped file or journal; the value is always 1")
				.tag("backend", tag(backend)));
		}
		addGauges();
		update();
		if (this.state.isManaged()) {
			addEvents();
		}
	}

	/** Removes the meters from the registry. */
	final void unregister() {
		this.syncs = null;
		this.meters.forEach(registry()::remove);
		this.meters.clear();
	}

	@Override
	public final void synced(Duration duration, @Nullable IOException failure) {
		SyncTimers timers = this.syncs;
		if (timers != null) {
			((failure != null) ? timers.failure() : timers.success()).record(duration);
		}
	}

	@Override
	public final void closed(Object resource) {
		this.shared.change(this.name, (sameName) -> {
			this.open.remove(resource);
			if (this.open.isEmpty()) {
				sameName.remove(this);
			}
		});
	}

	/**
	 * Removes the meters, if they are registered.
	 */
	final void remove() {
		this.shared.change(this.name, (sameName) -> {
			this.open.clear();
			sameName.remove(this);
		});
	}

	/** Adds the gauges of the kind. Called once, when the resource is open. */
	abstract void addGauges();

	/** Has meters added for what the resource has got meanwhile. */
	final void updateSoon() {
		this.shared.change(this.name, (sameName) -> sameName.update(this));
	}

	/** Adds meters for what the resource has got since then. A file gets nothing new. */
	void update() {
	}

	/** Adds the counters of the kind, of a resource that a registry manages. */
	abstract void addCounters();

	final void add(Gauge.Builder<?> gauge) {
		this.meters.add(gauge.tag("file", this.name).register(registry()));
	}

	final Gauge.Builder<ResourceMeters> bytes(String meter, String description,
			ToDoubleFunction<TrackedResource> value) {
		return Gauge.builder(meter, this, (meters) -> meters.read(() -> value.applyAsDouble(meters.state)))
			.description(description)
			.baseUnit(BaseUnits.BYTES);
	}

	/**
	 * Reads a value of the resource. If the application made it itself, nothing reports
	 * that it was closed, so this finds out.
	 */
	final double read(Value value) {
		if (this.state.isOpen()) {
			return value.get();
		}
		if (!this.state.isManaged()) {
			remove();
		}
		return Double.NaN;
	}

	private void addEvents() {
		SyncTimers timers = new SyncTimers(sync("success"), sync("failure"));
		this.meters.add(timers.success());
		this.meters.add(timers.failure());
		this.syncs = timers;
		this.meters.add(TimeGauge
			.builder("yammap.sync.age", this.state, TimeUnit.NANOSECONDS, (state) -> state.events().syncAge())
			.description("Time since the last sync of a mapped file or journal that succeeded")
			.tag("file", this.name)
			.register(registry()));
		add(counter("yammap.sync.coalesced", "Calls that were served by the sync of another",
				(state) -> state.events().coalescedSyncs()));
		addErrors("sync", (state) -> state.events().failedSyncs());
		this.state.writeOperations().forEach(this::addFailedWrites);
		addCounters();
	}

	/**
	 * Adds all of these counters at once: a counter that appears with the value 1 shows
	 * no rate for its first event.
	 */
	private void addFailedWrites(WriteOperation operation) {
		for (FailureCause cause : FailedWrites.CAUSES) {
			add(counter("yammap.write.failures", "Writes to a mapped file or journal that were refused",
					(state) -> state.events().failedWrites().count(operation, cause))
				.tag("operation", tag(operation))
				.tag("cause", tag(cause)));
		}
	}

	private Timer sync(String outcome) {
		return Timer.builder("yammap.sync")
			.description("Time to make what was written to a mapped file or journal durable")
			.tag("file", this.name)
			.tag("outcome", outcome)
			.register(registry());
	}

	final void addErrors(String operation, ToDoubleFunction<TrackedResource> value) {
		add(counter("yammap.errors", "Syncs and reloads that failed, and accesses that met a fault", value)
			.tag("operation", operation));
	}

	final FunctionCounter.Builder<TrackedResource> counter(String meter, String description,
			ToDoubleFunction<TrackedResource> value) {
		return FunctionCounter.builder(meter, this.state, value).description(description);
	}

	final void add(FunctionCounter.Builder<?> counter) {
		this.meters.add(counter.tag("file", this.name).register(registry()));
	}

	static String tag(Enum<?> value) {
		return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	/**
	 * A value of a resource that is open.
	 */
	@FunctionalInterface
	interface Value {

		double get();

	}

	/**
	 * The timers of syncs by their outcome.
	 */
	private record SyncTimers(Timer success, Timer failure) {
	}

}
