package dev.yammap;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Many threads at one file.
 */
class ConcurrencyTests extends AbstractMmapTests {

	/** No divisor of a page, so that records lie across pages. */
	private static final int RECORD = 61;

	private static final int COUNT = 5_000;

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void noRecordIsTornOrLostWhileFourThreadsAppendAndFourRead(boolean virtual) throws Exception {
		Mmap file = openAppend();
		AtomicInteger writers = new AtomicInteger(4);
		Race race = (virtual) ? Race.onVirtualThreads() : Race.onPlatformThreads();
		race.with(4, (thread) -> () -> {
			try {
				for (int i = 0; i < COUNT; i++) {
					assertThat(file.write(record(thread, i))).isEqualTo(RECORD);
				}
			}
			finally {
				writers.decrementAndGet();
			}
		}).with(4, (thread) -> () -> {
			do {
				long records = file.size() / RECORD;
				assertThat(file.size() % RECORD).isZero();
				if (records > 0) {
					assertWhole(readAt(file, RECORD, (records - 1) * RECORD));
					assertWhole(readAt(file, RECORD, ThreadLocalRandom.current().nextLong(records) * RECORD));
				}
				// Virtual threads that yield run before those that return from a call.
				LockSupport.parkNanos(1);
			}
			while (writers.get() > 0);
		}).run();
		assertEachRecordOnce(content(), 4);
	}

	/**
	 * Readers that follow the end of the file ask the system for its size, which shows an
	 * append that is under way.
	 */
	@Test
	@SuppressWarnings("ThreadPriorityCheck")
	void readersThatFollowTheEndSeeWholeRecords() throws Exception {
		Mmap file = openAppend();
		Race.onPlatformThreads().with(2, (thread) -> () -> {
			for (int i = 0; i < COUNT; i++) {
				file.write(record(thread, i));
			}
		}).with(2, (thread) -> () -> {
			byte[] record = new byte[RECORD];
			for (int i = 0; i < 2 * COUNT;) {
				int read = file.readAt(record, (long) i * RECORD);
				if (read != -1) {
					assertThat(read).isEqualTo(RECORD);
					assertWhole(record);
					i++;
				}
				else {
					Thread.yield();
				}
			}
		}).run();
		assertEachRecordOnce(content(), 2);
	}

	@Test
	void cursorWritesOfManyThreadsFollowEachOther() throws Exception {
		Mmap file = openReadWrite();
		Race.onPlatformThreads().with(4, (thread) -> () -> {
			for (int i = 0; i < COUNT; i++) {
				file.write(ByteBuffer.wrap(record(thread, i)));
			}
		}).run();
		assertThat(file.offset()).isEqualTo(4L * COUNT * RECORD);
		assertEachRecordOnce(content(), 4);
	}

	@Test
	void cursorReadsOfManyThreadsFollowEachOther() throws Exception {
		byte[] content = new byte[4 * COUNT * RECORD];
		for (int i = 0; i < 4 * COUNT; i++) {
			System.arraycopy(record(i / COUNT, i % COUNT), 0, content, i * RECORD, RECORD);
		}
		Mmap file = openReadWrite(content);
		AtomicIntegerArray seen = new AtomicIntegerArray(4 * COUNT);
		Race.onPlatformThreads().with(4, (thread) -> () -> {
			byte[] record = new byte[RECORD];
			while (file.read(record) == RECORD) {
				assertWhole(record);
				seen.incrementAndGet(index(record));
			}
		}).run();
		assertThat(IntStream.range(0, 4 * COUNT)).allMatch((i) -> seen.get(i) == 1);
	}

	@ParameterizedTest
	@ValueSource(longs = { 4096, 1L << 30 })
	void positionalWritersOfDisjointRangesGrowTheFileTogether(long reserve) throws Exception {
		Mmap file = open(
				builder(path()).options(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)
					.reserve(reserve));
		Race.onPlatformThreads().with(4, (thread) -> () -> {
			List<Integer> order = new ArrayList<>(IntStream.range(0, COUNT).boxed().toList());
			Collections.shuffle(order, new Random(thread));
			for (int i : order) {
				byte[] record = record(thread, i);
				long offset = (4L * i + thread) * RECORD;
				file.writeAt(record, offset);
				assertThat(readAt(file, RECORD, offset)).isEqualTo(record);
			}
		}).run();
		assertThat(file.size()).isEqualTo(4L * COUNT * RECORD);
		assertEachRecordOnce(content(), 4);
	}

	@Test
	void positionalWritesAndAppendsAndTruncatesLoseNothing() throws Exception {
		Mmap file = openReadWrite();
		Race.onPlatformThreads().with(() -> {
			for (int i = 0; i < COUNT; i++) {
				file.writeAt(record(0, i), (long) i * RECORD);
			}
		}).with(() -> {
			for (int i = 0; i < 1_000; i++) {
				file.truncate(Math.max(file.size(), (long) COUNT * RECORD) + 4096);
				file.sync();
			}
		}).run();
		assertEachRecordOnce(Arrays.copyOf(content(), COUNT * RECORD), 1);
	}

	@Test
	void readersOfAFileThatShrinksAndGrowsReadShortOrOutOfBounds() throws Exception {
		Mmap file = openReadWrite(filled(SOME_PAGES, 7));
		AtomicBoolean done = new AtomicBoolean();
		Race.onPlatformThreads().with(3, (thread) -> () -> {
			byte[] dst = new byte[10_000];
			while (!done.get()) {
				long offset = ThreadLocalRandom.current().nextLong(SOME_PAGES - 8);
				int read = file.readAt(dst, offset);
				assertThat(read).isBetween(-1, dst.length).isNotZero();
				readValues(file, offset);
			}
		}).runWith(() -> {
			try {
				byte[] content = filled(SOME_PAGES, 7);
				for (int i = 0; i < 3_000; i++) {
					file.truncate((i * 4_099L) % SOME_PAGES);
					file.writeAt(content, 0);
				}
			}
			finally {
				done.set(true);
			}
		});
		assertThat(content()).isEqualTo(filled(SOME_PAGES, 7));
	}

	@Test
	void wholeFileCanBeViewedWhileItShrinksAndGrows() throws Exception {
		Mmap file = openReadWrite(new byte[4096]);
		AtomicBoolean done = new AtomicBoolean();
		Race.onPlatformThreads().with(2, (thread) -> () -> {
			while (!done.get()) {
				assertThat(file.segment().byteSize()).isIn(100L, 4096L);
			}
		}).runWith(() -> {
			try {
				for (int i = 0; i < 20_000; i++) {
					file.truncate((i % 2 == 0) ? 100 : 4096);
				}
			}
			finally {
				done.set(true);
			}
		});
	}

	/**
	 * The function cannot be run again as a read can, so it may meet the fault. It boxes
	 * no number: that looks into a table by the number, which may be garbage.
	 */
	@Test
	void accessToAFileThatShrinksSucceedsOrFailsCleanly() throws Exception {
		Mmap file = openReadWrite(new byte[SOME_PAGES]);
		AtomicBoolean done = new AtomicBoolean();
		Race.onPlatformThreads().with(2, (thread) -> () -> {
			while (!done.get()) {
				try {
					assertThat(file.<Boolean, RuntimeException>access(100_000, 8,
							(view) -> view.get(ValueLayout.JAVA_BYTE, 7) == 0))
						.isTrue();
				}
				catch (IndexOutOfBoundsException | MappedFaultException ex) {
					assertThat(file.isOpen()).isTrue();
				}
			}
		}).runWith(() -> {
			try {
				for (int i = 0; i < 5_000; i++) {
					file.truncate((i % 2 == 0) ? 100 : SOME_PAGES);
				}
			}
			finally {
				done.set(true);
			}
		});
	}

	private static void readValues(Mmap file, long offset) {
		try {
			file.get(ValueLayout.JAVA_BYTE, offset);
			file.get(ValueLayout.JAVA_LONG_UNALIGNED, offset);
			file.atomics().getLongVolatile(offset & -8);
			assertThat(file.segment(offset, 8).byteSize()).isEqualTo(8);
		}
		catch (IndexOutOfBoundsException ex) {
			assertThat(ex).isNotNull();
		}
	}

	/**
	 * Every byte of a record follows from its first eight.
	 */
	private static byte[] record(int thread, int number) {
		ByteBuffer record = ByteBuffer.allocate(RECORD).putInt(thread).putInt(number);
		while (record.hasRemaining()) {
			record.put((byte) (thread * 31 + number * 7 + record.position()));
		}
		return record.array();
	}

	private static int index(byte[] record) {
		ByteBuffer buffer = ByteBuffer.wrap(record);
		return buffer.getInt() * COUNT + buffer.getInt();
	}

	private static void assertWhole(byte[] record) {
		assertThat(record).hasSize(RECORD);
		int index = index(record);
		assertThat(record).isEqualTo(record(index / COUNT, index % COUNT));
	}

	private static void assertEachRecordOnce(byte[] content, int threads) {
		assertThat(content).hasSize(threads * COUNT * RECORD);
		boolean[] seen = new boolean[threads * COUNT];
		for (int offset = 0; offset < content.length; offset += RECORD) {
			byte[] record = Arrays.copyOfRange(content, offset, offset + RECORD);
			assertWhole(record);
			assertThat(seen[index(record)]).isFalse();
			seen[index(record)] = true;
		}
	}

}
