package dev.yammap.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import dev.yammap.Mmap;
import dev.yammap.MmapListener;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that the journal in the guide keeps what it promises.
 */
class JournalRecipeTests {

	private static final byte[][] RECORDS = { {}, { 1, 2, 3 }, new byte[40], { 4 } };

	private static final int HEADER = 8;

	@TempDir
	private Path directory;

	@Test
	void everyRecordIsSyncedAndThereAfterASecondStart() throws Exception {
		AtomicInteger syncs = new AtomicInteger();
		try (Mmap file = open(new MmapListener() {

			@Override
			public void synced(Mmap synced, Duration duration, @Nullable IOException failure) {
				syncs.incrementAndGet();
			}

		})) {
			Recipe journal = journal(file);
			int before = syncs.get();
			append(journal, RECORDS);
			assertThat(syncs).hasValue(before + RECORDS.length);
		}
		assertThat(recordsAfterStart()).containsExactly(RECORDS);
	}

	@Test
	void endThatWasTornAnywhereIsCut() throws Exception {
		try (Mmap file = open()) {
			append(journal(file), RECORDS);
		}
		byte[] whole = Files.readAllBytes(path());
		for (int length = 0; length <= whole.length; length++) {
			byte[] torn = Arrays.copyOf(whole, length);
			assertThat(afterTornEnd(torn)).as("cut at %d", length)
				.containsExactly(Arrays.copyOf(RECORDS, wholeRecords(length)));
			// A file system may have the new length, but not the bytes.
			assertThat(afterTornEnd(Arrays.copyOf(torn, length + 100))).as("zeros from %d", length)
				.startsWith(Arrays.copyOf(RECORDS, wholeRecords(length)))
				.hasSizeLessThanOrEqualTo(RECORDS.length);
		}
	}

	private List<byte[]> afterTornEnd(byte[] content) throws Exception {
		Files.write(path(), content);
		List<byte[]> found = recordsAfterStart();
		try (Mmap file = open()) {
			append(journal(file), new byte[] { 9 });
		}
		List<byte[]> more = new ArrayList<>(found);
		more.add(new byte[] { 9 });
		assertThat(recordsAfterStart()).containsExactlyElementsOf(more);
		return found;
	}

	private static int wholeRecords(int length) {
		int end = 0;
		for (int i = 0; i < RECORDS.length; i++) {
			end += HEADER + RECORDS[i].length;
			if (end > length) {
				return i;
			}
		}
		return RECORDS.length;
	}

	@ParameterizedTest
	@ValueSource(bytes = { 0, 1, -1 })
	void damageThatIsNoTornEndStopsTheStartAndChangesNothing(byte filler) throws Exception {
		byte[] damaged = new byte[17 << 20];
		Arrays.fill(damaged, filler);
		Files.write(path(), damaged);
		try (Mmap file = open()) {
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> journal(file))
				.withMessageContaining(path().toString())
				.withMessageContaining("offset 0");
		}
		assertThat(Files.readAllBytes(path())).isEqualTo(damaged);
	}

	@Test
	void recordThatIsTooLongIsRefused() throws Exception {
		try (Mmap file = open()) {
			Recipe journal = journal(file);
			assertThatExceptionOfType(IllegalArgumentException.class)
				.isThrownBy(() -> append(journal, new byte[(1 << 20) + 1]));
			append(journal, new byte[1 << 20]);
		}
		assertThat(recordsAfterStart()).containsExactly(new byte[1 << 20]);
	}

	@Test
	void threadsAppendAtTheSameTime() throws Exception {
		try (Mmap file = open(); ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			Recipe journal = journal(file);
			List<Future<?>> appends = new ArrayList<>();
			for (int i = 0; i < 200; i++) {
				byte[] record = new byte[i];
				appends.add(threads.submit(() -> {
					append(journal, record);
					return true;
				}));
			}
			for (Future<?> append : appends) {
				append.get();
			}
		}
		assertThat(recordsAfterStart()).extracting((record) -> record.length).hasSize(200).doesNotHaveDuplicates();
	}

	private Path path() {
		return this.directory.resolve("orders.log");
	}

	private Mmap open(MmapListener... listeners) throws IOException {
		Mmap.Builder builder = Mmap.builder(path())
			.options(StandardOpenOption.READ, StandardOpenOption.APPEND, StandardOpenOption.CREATE);
		for (MmapListener listener : listeners) {
			builder.listener(listener);
		}
		return builder.open();
	}

	private static Recipe journal(Mmap file) throws Exception {
		return Recipe.create("docs/guide/journal.md", "Journal", file);
	}

	private static void append(Recipe journal, byte[]... records) throws Exception {
		for (byte[] record : records) {
			journal.call("append", record);
		}
	}

	private List<byte[]> recordsAfterStart() throws Exception {
		List<byte[]> records = new ArrayList<>();
		try (Mmap file = open()) {
			Consumer<byte[]> body = records::add;
			journal(file).call("forEach", body);
		}
		return records;
	}

}
