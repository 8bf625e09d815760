package dev.yammap.docs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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
import java.util.stream.Stream;

import dev.yammap.Mmap;
import dev.yammap.MmapListener;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.AdditionalAnswers;
import org.mockito.InOrder;
import org.mockito.Mockito;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.BDDMockito.willReturn;

/**
 * Tests that the journal in the guide keeps what it promises.
 */
@ExtendWith(OutputCaptureExtension.class)
class JournalRecipeTests {

	private static final byte[][] RECORDS = { {}, { 1, 2, 3 }, new byte[40], { 4 } };

	private static final int HEADER = 12;

	private static final int MARK = 0x4C4E524A;

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

	@Test
	void tornEndIsKeptAsideBeforeItIsCutAndTheCutIsDurableBeforeTheNextRecord(CapturedOutput output) throws Exception {
		byte[] torn = { 'J', 'R', 'N', 'L', 9, 0, 0, 0, 7, 7 };
		try (Mmap file = open()) {
			append(journal(file), RECORDS);
			file.write(torn);
		}
		long end = Files.size(path()) - torn.length;
		List<Path> keptAtTheCut = new ArrayList<>();
		try (Mmap file = open()) {
			Mmap watched = Mockito.mock(Mmap.class, AdditionalAnswers.delegatesTo(file));
			willAnswer((invocation) -> {
				keptAtTheCut.addAll(kept());
				file.truncate(invocation.getArgument(0));
				return null;
			}).given(watched).truncate(anyLong());
			append(journal(watched), new byte[] { 9 });
			InOrder order = Mockito.inOrder(watched);
			order.verify(watched).truncate(end);
			order.verify(watched).sync();
			order.verify(watched).write(any(ByteBuffer.class));
		}
		assertThat(keptAtTheCut).singleElement().satisfies((copy) -> {
			assertThat(copy).hasBinaryContent(torn);
			assertThat(output).contains("Cutting the torn end of '" + path() + "', 10 bytes from offset " + end,
					copy.toString());
		});
	}

	@Test
	void tornEndThatCannotBeKeptIsNotCut() throws Exception {
		byte[] torn = { 1, 2, 3 };
		Files.write(path(), torn);
		try (Mmap file = open()) {
			Mmap elsewhere = Mockito.mock(Mmap.class, AdditionalAnswers.delegatesTo(file));
			willReturn(this.directory.resolve("missing/orders.log")).given(elsewhere).path();
			assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> journal(elsewhere));
		}
		assertThat(path()).hasBinaryContent(torn);
	}

	@Test
	void wholeJournalIsLeftAsItIs() throws Exception {
		try (Mmap file = open()) {
			append(journal(file), RECORDS);
		}
		byte[] whole = Files.readAllBytes(path());
		assertThat(recordsAfterStart()).containsExactly(RECORDS);
		assertThat(path()).hasBinaryContent(whole);
		assertThat(kept()).isEmpty();
	}

	@Test
	void oneDamagedByteBeforeTheLastRecordStopsTheStartAndChangesNothing() throws Exception {
		try (Mmap file = open()) {
			append(journal(file), RECORDS);
		}
		byte[] whole = Files.readAllBytes(path());
		int last = whole.length - HEADER - RECORDS[RECORDS.length - 1].length;
		for (int at = 0; at < last; at++) {
			for (int mask : new int[] { 1, 0x80, 0xFF }) {
				byte[] damaged = whole.clone();
				damaged[at] ^= (byte) mask;
				assertStopsTheStart(damaged, startOfRecordAt(at));
			}
		}
	}

	@Test
	void damageAfterTheStartIsNotTakenForTheEnd() throws Exception {
		try (Mmap file = open()) {
			Recipe journal = journal(file);
			append(journal, RECORDS);
			byte[] damaged = Files.readAllBytes(path());
			damaged[HEADER + HEADER] ^= 1;
			Files.write(path(), damaged, StandardOpenOption.WRITE);
			List<byte[]> records = new ArrayList<>();
			Consumer<byte[]> body = records::add;
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> journal.call("forEach", body))
				.withMessageContaining("is damaged at offset " + HEADER);
			assertThat(records).containsExactly(RECORDS[0]);
		}
	}

	@Test
	void damageFarFromTheEndStopsTheStart() throws Exception {
		byte[] record = new byte[187];
		Arrays.fill(record, (byte) 'x');
		byte[] whole = recordWith(record);
		ByteBuffer damaged = ByteBuffer.allocate(12_000_000 / whole.length * whole.length);
		while (damaged.hasRemaining()) {
			damaged.put(whole);
		}
		damaged.put(2000, (byte) (damaged.get(2000) + 1));
		assertStopsTheStart(damaged.array(), 2000 - 2000 % whole.length);
	}

	@ParameterizedTest
	@ValueSource(bytes = { 0, 1, -1 })
	void moreThanACrashCanTearStopsTheStartAndChangesNothing(byte filler) throws Exception {
		byte[] damaged = new byte[17 << 20];
		Arrays.fill(damaged, filler);
		assertStopsTheStart(damaged, 0);
	}

	@Test
	@Timeout(60)
	void endThatIsFullOfMarksStopsTheStartSoon() throws Exception {
		// All its checksums would take an hour.
		ByteBuffer marks = ByteBuffer.allocate(16 << 20).order(ByteOrder.LITTLE_ENDIAN);
		while (marks.remaining() >= HEADER) {
			marks.putInt(MARK).putInt(1 << 20).putInt(0);
		}
		assertStopsTheStart(marks.array(), 0);
	}

	@ParameterizedTest
	@ValueSource(ints = { -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1 << 20, (1 << 20) + 1, 0x01010101 })
	void endWithMarksAndLengthsThatCannotBeIsCut(int length) throws Exception {
		ByteBuffer torn = ByteBuffer.allocate(1000).order(ByteOrder.LITTLE_ENDIAN);
		while (torn.remaining() >= HEADER) {
			torn.putInt(MARK).putInt(length).putInt(0);
		}
		assertThat(afterTornEnd(torn.array())).isEmpty();
	}

	private void assertStopsTheStart(byte[] damaged, long offset) throws Exception {
		Files.write(path(), damaged);
		try (Mmap file = open()) {
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> journal(file))
				.withMessageContaining("'" + path() + "' is damaged at offset " + offset + ":")
				.withMessageContaining("Restore the file from a backup");
		}
		assertThat(Files.readAllBytes(path())).isEqualTo(damaged);
		assertThat(kept()).isEmpty();
	}

	private static int startOfRecordAt(int offset) {
		int start = 0;
		for (byte[] content : RECORDS) {
			int next = start + HEADER + content.length;
			if (next > offset) {
				break;
			}
			start = next;
		}
		return start;
	}

	private byte[] recordWith(byte[] content) throws Exception {
		try (Mmap file = open()) {
			append(journal(file), content);
		}
		return Files.readAllBytes(path());
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

	/** Returns the copies of torn ends. */
	private List<Path> kept() throws IOException {
		try (Stream<Path> files = Files.list(this.directory)) {
			return files.filter((file) -> file.getFileName().toString().startsWith("orders.log.torn-")).toList();
		}
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
