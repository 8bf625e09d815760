package dev.yammap.spring.boot.metrics;

import java.util.Objects;
import java.util.function.ToDoubleFunction;

import dev.yammap.Backend;
import dev.yammap.Mmap;
import dev.yammap.PageCacheStats;
import dev.yammap.spring.boot.tracking.TrackedFile;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.BaseUnits;

/**
 * The meters that only a file has.
 */
final class FileMeters extends ResourceMeters {

	private final TrackedFile state;

	private final PageCacheSnapshots pageCache;

	FileMeters(SharedMeters shared, String name, TrackedFile state) {
		super(shared, name, state);
		this.state = state;
		this.pageCache = new PageCacheSnapshots(state::file, registry().config().clock());
	}

	@Override
	void addGauges() {
		add(bytes("yammap.file.size", "Size of a mapped file", Mmap::size));
		add(bytes("yammap.mapped.size", "Address space that a mapped file takes", Mmap::mappedSize));
		Mmap file = file();
		Backend backend = file.backend();
		// A mock has none.
		if (backend != null) {
			add(Gauge.builder("yammap.backend", this, (meters) -> meters.read(() -> 1))
				.description("The backend of a mapped file; the value is always 1")
				.tag("backend", tag(backend)));
		}
		PageCacheStats stats = PageCacheSnapshots.ask(file);
		if (stats != null) {
			for (PageCacheSnapshots.State state : PageCacheSnapshots.State.values()) {
				if (state.isKnown(stats)) {
					add(pages(state));
				}
			}
		}
	}

	private Gauge.Builder<FileMeters> bytes(String meter, String description, ToDoubleFunction<Mmap> value) {
		return Gauge.builder(meter, this, (meters) -> meters.read(() -> value.applyAsDouble(meters.file())))
			.description(description)
			.baseUnit(BaseUnits.BYTES);
	}

	private Gauge.Builder<FileMeters> pages(PageCacheSnapshots.State state) {
		return Gauge.builder("yammap.pages", this, (meters) -> meters.read(() -> meters.pageCache.pages(state)))
			.description("Pages of a mapped file that are, or were, in the page cache")
			.baseUnit("pages")
			.tag("state", state.tag());
	}

	/** There is one once it was opened. */
	private Mmap file() {
		return Objects.requireNonNull(this.state.file());
	}

	@Override
	void addCounters() {
		add(counter("yammap.grows", "Growths of a mapped file", (state) -> state.events().growths()));
		addErrors("access", (state) -> state.events().faults());
		if (this.state.isFollowed()) {
			add(counter("yammap.reloads", "Replacements of a mapped file that were taken over",
					(_) -> this.state.reloads().count()));
			addErrors("reload", (_) -> this.state.reloads().failed());
		}
	}

}
