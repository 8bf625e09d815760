package dev.yammap.spring.boot.metrics;

import java.util.Objects;

import dev.yammap.PageCacheStats;
import dev.yammap.spring.boot.tracking.TrackedFile;
import dev.yammap.spring.boot.tracking.TrackedResource;
import io.micrometer.core.instrument.Gauge;

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
		add(bytes("yammap.file.size", "Size of a mapped file", TrackedResource::size));
		PageCacheStats stats = PageCacheSnapshots.ask(Objects.requireNonNull(this.state.file()));
		if (stats != null) {
			for (PageCacheSnapshots.State state : PageCacheSnapshots.State.values()) {
				if (state.isKnown(stats)) {
					add(pages(state));
				}
			}
		}
	}

	private Gauge.Builder<FileMeters> pages(PageCacheSnapshots.State state) {
		return Gauge.builder("yammap.pages", this, (meters) -> meters.read(() -> meters.pageCache.pages(state)))
			.description("Pages of a mapped file that are, or were, in the page cache")
			.baseUnit("pages")
			.tag("state", state.tag());
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
