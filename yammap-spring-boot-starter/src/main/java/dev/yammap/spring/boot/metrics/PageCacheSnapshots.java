package dev.yammap.spring.boot.metrics;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

import dev.yammap.Mmap;
import dev.yammap.PageCacheStats;
import io.micrometer.core.instrument.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Asks what the page cache holds of one file, once for all the numbers that are read
 * together. A snapshot gives each number once, and is soon too old. So a scrape, which
 * reads all numbers, costs one system call and gets numbers of one moment, however long
 * it takes and however often it comes.
 */
final class PageCacheSnapshots {

	private static final long LONGEST_USE = Duration.ofSeconds(5).toNanos();

	private final Supplier<@Nullable Mmap> file;

	private final Clock clock;

	private final Set<State> told = EnumSet.noneOf(State.class);

	private @Nullable PageCacheStats snapshot;

	private long taken;

	/**
	 * Creates the snapshots of a file. Asks nothing yet.
	 * @param file returns the file, which may be closed
	 * @param clock shows how old a snapshot is
	 */
	PageCacheSnapshots(Supplier<@Nullable Mmap> file, Clock clock) {
		this.file = file;
		this.clock = clock;
	}

	/**
	 * Returns how many pages are in a state.
	 * @param state the state
	 * @return the number of pages, {@code NaN} if it is not known
	 */
	synchronized double pages(State state) {
		long now = this.clock.monotonicTime();
		if (this.snapshot == null || this.told.contains(state) || now - this.taken > LONGEST_USE) {
			this.snapshot = ask(this.file.get());
			this.taken = now;
			this.told.clear();
		}
		this.told.add(state);
		return (this.snapshot != null && state.isKnown(this.snapshot)) ? state.pages(this.snapshot) : Double.NaN;
	}

	/**
	 * Asks the operating system.
	 * @param file the file
	 * @return its answer, or {@code null} if there is none
	 */
	static @Nullable PageCacheStats ask(@Nullable Mmap file) {
		try {
			return (file != null && file.isOpen()) ? file.pageCache().orElse(null) : null;
		}
		catch (IOException ex) {
			// The file was closed meanwhile, or the system does not tell: a meter cannot
			// say so.
			return null;
		}
	}

	/**
	 * The states of a page.
	 */
	enum State {

		/** In the page cache. */
		CACHED,

		/** In it, and must be written back. */
		DIRTY,

		/** In it, and being written back. */
		WRITEBACK,

		/** Once in it. */
		EVICTED,

		/** Once in it, and would still be if memory were a little larger. */
		RECENTLY_EVICTED;

		long pages(PageCacheStats stats) {
			return switch (this) {
				case CACHED -> stats.cached();
				case DIRTY -> stats.dirty();
				case WRITEBACK -> stats.writeback();
				case EVICTED -> stats.evicted();
				case RECENTLY_EVICTED -> stats.recentlyEvicted();
			};
		}

		boolean isKnown(PageCacheStats stats) {
			return pages(stats) != PageCacheStats.UNKNOWN;
		}

		/**
		 * Returns the value of a tag.
		 */
		String tag() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

}
