package dev.yammap.sample.live;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.yammap.Mmap;
import dev.yammap.PageCacheStats;
import org.jspecify.annotations.Nullable;

/**
 * What the page cache holds of a file, cell by cell: each cell stands for some pages of
 * the file, and all but the last for as many.
 *
 * @param pageSize the size of a page in bytes
 * @param pages the number of pages of the file
 * @param pagesPerCell the number of pages that a cell stands for
 * @param cells for each cell the number of pages that are cached, dirty, being written
 * back, and evicted; the latter three are -1 where the operating system does not tell
 */
record PageStrip(long pageSize, long pages, long pagesPerCell, List<long[]> cells) {

	private static final int MAX_CELLS = 128;

	/**
	 * Asks for the pages of a file.
	 * @return the strip, or {@code null} where the operating system does not tell
	 */
	static @Nullable PageStrip of(Mmap file) throws IOException {
		long size = file.size();
		Optional<PageCacheStats> all = (size > 0) ? file.pageCache(0, 1) : Optional.empty();
		if (all.isEmpty()) {
			return null;
		}
		long pageSize = all.get().pageSize();
		long pages = (size + pageSize - 1) / pageSize;
		long pagesPerCell = (pages + MAX_CELLS - 1) / MAX_CELLS;
		List<long[]> cells = new ArrayList<>();
		for (long page = 0; page < pages; page += pagesPerCell) {
			long offset = page * pageSize;
			PageCacheStats stats = file.pageCache(offset, Math.min(pagesPerCell * pageSize, size - offset))
				.orElseThrow();
			cells.add(new long[] { stats.cached(), stats.dirty(), stats.writeback(), stats.evicted() });
		}
		return new PageStrip(pageSize, pages, pagesPerCell, cells);
	}

	/**
	 * Returns the length of the part of a file that a cell stands for, in bytes.
	 */
	long cellSize() {
		return this.pageSize * this.pagesPerCell;
	}

}
