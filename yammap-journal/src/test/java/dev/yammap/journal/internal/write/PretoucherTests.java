package dev.yammap.journal.internal.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

import dev.yammap.Backend;
import dev.yammap.Mmap;
import dev.yammap.PageCacheStats;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Which pages are touched ahead of appends, and when none is. The test runs what is
 * handed to the other thread.
 */
class PretoucherTests {

	private static final int WINDOW = Pretoucher.WINDOW;

	private final List<Runnable> tasks = new ArrayList<>();

	private final Pretoucher pretoucher = new Pretoucher(this.tasks::add);

	private final long start = System.nanoTime() + 10 * Pretoucher.FAST;

	@TempDir
	private Path temporary;

	@SuppressWarnings("NullAway.Init")
	private Mmap file;

	@BeforeEach
	void open() throws IOException {
		this.file = open(Backend.NATIVE);
	}

	@AfterEach
	void close() throws IOException {
		this.file.close();
	}

	private Mmap open(Backend backend) throws IOException {
		return Mmap.builder(this.temporary.resolve(backend.name()))
			.options(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)
			.size(4 * WINDOW + 4096)
			// In a file system in memory, blocks are pages.
			.preallocate(false)
			.backend(backend)
			.open();
	}

	/** Fills windows from the first on, each in the given time. */
	private void fill(Mmap mapped, int count, long nanos) {
		for (int i = 1; i <= count; i++) {
			this.pretoucher.filled(mapped, (long) i * WINDOW + 40, 7, this.start + i * nanos);
		}
	}

	private long cached(long offset) throws IOException {
		return this.file.pageCache(offset, WINDOW).map(PageCacheStats::cached).orElseThrow();
	}

	@Test
	void pagesOfTheNextWindowAreReadyWhereRecordsComeFast() throws IOException {
		fill(this.file, 2, Pretoucher.FAST / 2);
		assertThat(this.tasks).hasSize(1);
		this.tasks.forEach(Runnable::run);
		assertThat(cached(3 * WINDOW)).isEqualTo(WINDOW / this.file.pageCache().orElseThrow().pageSize());
		assertThat(this.file.isDirty()).isTrue();
	}

	@Test
	void nothingIsTouchedWhereRecordsComeSlowly() {
		fill(this.file, 3, Pretoucher.FAST);
		assertThat(this.tasks).isEmpty();
	}

	@Test
	void nothingIsTouchedWhereSomebodySynced() throws IOException {
		this.pretoucher.filled(this.file, WINDOW, 7, this.start);
		this.pretoucher.filled(this.file, 2 * WINDOW, 8, this.start + 1);
		runTasks();
		assertThat(cached(3 * WINDOW)).isZero();
		this.pretoucher.filled(this.file, 2 * WINDOW, 8, this.start + 2);
		runTasks();
		assertThat(cached(3 * WINDOW)).isPositive();
	}

	private void runTasks() {
		this.tasks.forEach(Runnable::run);
		this.tasks.clear();
	}

	/** Or else a sync would write all that the kernel read in at once. */
	@Test
	void pagesComeOneByOneWhereSomebodySyncs() throws IOException {
		this.pretoucher.filled(this.file, WINDOW, 7, this.start);
		this.pretoucher.filled(this.file, WINDOW, 8, this.start + 1);
		assertThat(isReadAtRandom()).isFalse();
		runTasks();
		assertThat(isReadAtRandom()).isTrue();
		this.pretoucher.filled(this.file, WINDOW, 9, this.start + 2);
		assertThat(this.tasks).isEmpty();
	}

	@Test
	void pagesComeTogetherAgainWhereNobodySyncsAnyMore() throws IOException {
		this.pretoucher.filled(this.file, WINDOW, 7, this.start);
		this.pretoucher.filled(this.file, WINDOW, 8, this.start + 1);
		this.pretoucher.filled(this.file, WINDOW, 8, this.start + 2);
		runTasks();
		assertThat(isReadAtRandom()).isFalse();
	}

	/** What the kernel was told of the mapping: {@code rr} is random read. */
	private boolean isReadAtRandom() throws IOException {
		boolean isFile = false;
		for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
			if (line.startsWith("VmFlags:")) {
				if (isFile) {
					return line.contains(" rr ");
				}
			}
			else if (line.contains("-") && line.contains(" rw-s ")) {
				isFile = line.endsWith(this.file.path().toString());
			}
		}
		throw new AssertionError("Not mapped");
	}

	@Test
	void nothingIsTouchedBehindTheEnd() {
		fill(this.file, 4, 1);
		assertThat(this.tasks).hasSize(2);
		assertThatNoException().isThrownBy(() -> this.tasks.forEach(Runnable::run));
		assertThat(this.file.size()).isEqualTo(4 * WINDOW + 4096);
	}

	@Test
	void whatCannotBeTouchedDoesNoHarm() throws IOException {
		fill(this.file, 2, 1);
		this.file.close();
		try (Mmap portable = open(Backend.PORTABLE)) {
			fill(portable, 1, 1);
			assertThatNoException().isThrownBy(() -> this.tasks.forEach(Runnable::run));
		}
		assertThat(this.tasks).hasSize(2);
	}

	@Test
	void threadThatCannotBeHadDoesNoHarm() {
		Pretoucher withoutThreads = new Pretoucher((_) -> {
			throw new OutOfMemoryError("no thread");
		});
		withoutThreads.filled(this.file, WINDOW, 7, this.start);
		assertThatNoException().isThrownBy(() -> withoutThreads.filled(this.file, 2 * WINDOW, 7, this.start + 1));
	}

	@Test
	void windowIsFilledOnceByRecordsOfAnyLength() {
		assertThat(Pretoucher.isFirst(WINDOW - 88, WINDOW)).isTrue();
		assertThat(Pretoucher.isFirst(WINDOW, WINDOW + 88)).isFalse();
		assertThat(Pretoucher.isFirst(WINDOW - 8, 5L * WINDOW)).isTrue();
		assertThat(Pretoucher.isFirst(0xFFFF_FF00L, 0x1_0000_0000L)).isTrue();
	}

}
