package dev.yammap;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What the page cache holds. The portable backend cannot tell.
 */
class PageCacheTests extends AbstractMmapTests {

	private static final int PAGES = 32;

	@Test
	void whatWasWrittenIsCachedAndDirtyUntilItIsSynced(@TempDir(factory = OnDisk.class) Path disk) throws IOException {
		this.directory = disk;
		Mmap file = create(0);
		if (isUnknown(file)) {
			return;
		}
		long page = file.pageCache().orElseThrow().pageSize();
		file.write(random((int) (PAGES * page), 1));
		PageCacheStats written = file.pageCache().orElseThrow();
		assertThat(written.cached()).isEqualTo(PAGES);
		assertThat(written.dirty() + written.writeback()).isEqualTo(PAGES);
		assertThat(written.evicted()).isZero();
		assertThat(written.recentlyEvicted()).isZero();
		file.sync();
		PageCacheStats synced = file.pageCache().orElseThrow();
		assertThat(synced.cached()).isEqualTo(PAGES);
		assertThat(synced.dirty()).isZero();
		assertThat(synced.writeback()).isZero();
	}

	@Test
	void storeMakesItsPageDirty(@TempDir(factory = OnDisk.class) Path disk) throws IOException {
		this.directory = disk;
		Mmap file = openReadWrite(random(SOME_PAGES, 1));
		file.sync();
		if (isUnknown(file)) {
			return;
		}
		file.set(ValueLayout.JAVA_BYTE, 10_000, (byte) 1);
		assertThat(file.pageCache(10_000, 1).orElseThrow().dirty()).isEqualTo(1);
		file.sync();
		assertThat(file.pageCache().orElseThrow().dirty()).isZero();
	}

	@Test
	void rangeCountsEveryPageThatItTouches() throws IOException {
		Mmap file = openReadWrite(random(SOME_PAGES, 1));
		if (isUnknown(file)) {
			return;
		}
		int page = (int) file.pageCache().orElseThrow().pageSize();
		assertThat(file.pageCache(0, 1).orElseThrow().cached()).isEqualTo(1);
		assertThat(file.pageCache(page - 1, 2).orElseThrow().cached()).isEqualTo(2);
		assertThat(file.pageCache(page, 3L * page).orElseThrow().cached()).isEqualTo(3);
		assertThat(file.pageCache(page, 0).orElseThrow()).isEqualTo(new PageCacheStats(page, 0, 0, 0, 0, 0));
	}

	@Test
	void holesAreNotCached() throws IOException {
		Mmap file = create(1 << 20, StandardOpenOption.SPARSE);
		if (isUnknown(file)) {
			return;
		}
		assertThat(file.pageCache(4_096, (1 << 20) - 8_192).orElseThrow().cached()).isZero();
	}

	@Test
	void emptyFileHasNoPages() throws IOException {
		Mmap file = openReadWrite(new byte[0]);
		if (isUnknown(file)) {
			return;
		}
		assertThat(file.pageCache().orElseThrow().cached()).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void everyKindOfMappingCanAsk(MapMode mode) throws IOException {
		Mmap file = open(builder(write(random(SOME_PAGES, 1))).mode(mode));
		assertThat(file.pageCache().isPresent()).isEqualTo(this.backend == Backend.NATIVE);
		file.pageCache()
			.ifPresent((stats) -> assertThat(stats.cached() * stats.pageSize()).isBetween((long) SOME_PAGES,
					SOME_PAGES + stats.pageSize()));
	}

	@Test
	void rangeMustBeWithinTheFile() throws IOException {
		Mmap file = openReadWrite(random(100, 1));
		for (long[] range : new long[][] { { -1, 1 }, { 0, 101 }, { 100, 1 }, { 0, -1 } }) {
			assertThatExceptionOfType(IndexOutOfBoundsException.class)
				.isThrownBy(() -> file.pageCache(range[0], range[1]));
		}
	}

	@Test
	void closedFileCannotBeAsked() throws IOException {
		Mmap file = openReadWrite(random(100, 1));
		file.close();
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(file::pageCache);
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> file.pageCache(0, 100));
	}

	@Test
	void mappedSizeCoversTheFileAndEndsWithIt() throws IOException {
		Mmap file = open(builder(write(random(SOME_PAGES, 1))).options(StandardOpenOption.WRITE).reserve(1 << 30));
		long expected = (this.backend == Backend.NATIVE) ? 1 << 30 : SOME_PAGES;
		assertThat(file.mappedSize()).isEqualTo(expected);
		file.close();
		assertThat(file.mappedSize()).isZero();
	}

	private boolean isUnknown(Mmap file) throws IOException {
		assertThat(file.pageCache().isPresent()).isEqualTo(this.backend == Backend.NATIVE);
		return this.backend == Backend.PORTABLE;
	}

}
