package dev.yammap.journal.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import dev.yammap.journal.Journal;
import dev.yammap.journal.JournalDamagedException;
import dev.yammap.journal.LoggedWarnings;
import dev.yammap.journal.RecoveryReport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The power is cut while eight threads append, sync, roll and remove, again and again on
 * the same journal: what was acknowledged is there, nothing else but what was appended,
 * and no number is missing.
 */
@Tag("faults")
@Timeout(value = 1, unit = TimeUnit.HOURS)
class PowerCutTests {

	private static final int CYCLES = Integer.getInteger("yammap.journal.cycles", 200);

	private static final int THREADS = 8;

	private static final int LEAST_ACKNOWLEDGED = 5;

	private static final long PAUSE = TimeUnit.MICROSECONDS.toNanos(100);

	/** With few syncs there is much in a cache to be lost: one of these in each cycle. */
	private static final int[] RECORDS_PER_SYNC = { 1, 20, 200 };

	private static final long SEED = 20260101;

	@TempDir
	private Path temporary;

	/** What is said of a disk that is gone is said to nobody. */
	private final LoggedWarnings logged = new LoggedWarnings();

	private final AtomicLong keys = new AtomicLong();

	private final AtomicLong acknowledgements = new AtomicLong();

	/** What must be there, by number; and what may be, as somebody tried to append it. */
	private final Map<Long, Long> acknowledged = new ConcurrentHashMap<>();

	private final Map<Long, Long> appended = new ConcurrentHashMap<>();

	@ParameterizedTest
	@EnumSource(names = { "EXT4", "XFS" })
	void whatWasAcknowledgedIsThereAfterEveryPowerCut(Disk.Kind kind) throws Exception {
		try (Disk disk = mount(kind)) {
			assertThat(cutPower(disk, CYCLES, true, 1)).isZero();
		}
		assertThat(this.acknowledgements).hasValueGreaterThan(CYCLES);
	}

	/** Of what was not flushed any part may be there, in any order. */
	@ParameterizedTest
	@EnumSource
	void whatWasAcknowledgedIsThereAfterEveryPowerCutOfADiskWithAVolatileCache(VolatileDisk.Kind kind)
			throws Exception {
		try (VolatileDisk disk = VolatileDisk.mount(kind, this.temporary, SEED)) {
			assertThat(cutPower(disk, CYCLES, true, RECORDS_PER_SYNC)).isZero();
			assertThat(disk.lost()).isGreaterThan(CYCLES);
		}
		assertThat(this.acknowledgements).hasPositiveValue();
	}

	/** The same without the syncs finds losses, so it can find them. */
	@ParameterizedTest
	@EnumSource(names = { "EXT4", "XFS" })
	void withoutSyncsRecordsAreLost(Disk.Kind kind) throws Exception {
		try (Disk disk = mount(kind)) {
			assertThat(cutPower(disk, 10, false, 1)).isPositive();
		}
	}

	@ParameterizedTest
	@EnumSource
	void withoutSyncsRecordsAreLostWithAVolatileCache(VolatileDisk.Kind kind) throws Exception {
		try (VolatileDisk disk = VolatileDisk.mount(kind, this.temporary, SEED)) {
			assertThat(cutPower(disk, 10, false, 1)).isPositive();
		}
	}

	private Disk mount(Disk.Kind kind) throws IOException {
		return Disk.mount(kind, (kind == Disk.Kind.EXT4) ? "64m" : "320m", this.temporary);
	}

	@BeforeEach
	void listen() {
		this.logged.messages().clear();
	}

	@AfterEach
	void stopListening() {
		this.logged.close();
	}

	/** Returns how many records were acknowledged and are not there. */
	private long cutPower(PoweredDisk disk, int cycles, boolean synced, int... recordsPerSync) throws Exception {
		long lost = 0;
		Random random = new Random(SEED);
		try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
			Path path = disk.resolve("journal");
			for (int cycle = 0; cycle < cycles; cycle++) {
				Journal journal = open(path);
				try {
					lost += check(journal, cycle);
					run(journal, threads, disk, random.nextInt(10_000_000),
							recordsPerSync[cycle % recordsPerSync.length], synced);
				}
				finally {
					closeWithoutPower(journal);
				}
				disk.startAgain();
			}
			try (Journal journal = open(path)) {
				lost += check(journal, cycles);
			}
		}
		return lost;
	}

	/** Opens it while there is power, and insists that it says what it put aside. */
	private Journal open(Path path) throws IOException {
		// What was said of a disk that was gone.
		this.logged.messages().clear();
		Journal journal = Journal.builder(path).segmentSize(64 << 10).open();
		RecoveryReport report = journal.recovery();
		List<Long> sizes = new ArrayList<>();
		for (Path file : report.putAside()) {
			assertThat(this.logged.messages()).anySatisfy((message) -> assertThat(message).endsWith(file.toString()));
			sizes.add(Files.size(file));
			// Or else they would fill the disk.
			Files.delete(file);
		}
		if (report.tornBytes() > 0) {
			assertThat(sizes).contains(report.tornBytes());
		}
		return journal;
	}

	private static void closeWithoutPower(Journal journal) throws IOException {
		try {
			journal.close();
		}
		catch (JournalDamagedException ex) {
			throw ex;
		}
		catch (IOException ex) {
			// What an application meets whose disk is gone.
		}
	}

	private long check(Journal journal, int cycle) throws IOException {
		long first = journal.firstSequence();
		long[] found = Workload.read(journal);
		long lost = 0;
		for (Map.Entry<Long, Long> entry : this.acknowledged.entrySet()) {
			int index = (int) (entry.getKey() - first);
			if (index >= found.length) {
				lost++;
			}
			else if (index >= 0) {
				assertThat(found[index]).as("record " + entry.getKey() + " after power cut " + cycle)
					.isEqualTo(entry.getValue());
			}
		}
		for (int i = 0; i < found.length; i++) {
			Long expected = this.appended.get(first + i);
			if (expected != null) {
				assertThat(found[i]).as("record " + (first + i) + " after power cut " + cycle).isEqualTo(expected);
			}
		}
		// Numbers that were lost are given again.
		this.acknowledged.keySet().removeIf((number) -> number >= first + found.length || number < first);
		this.appended.keySet().removeIf((number) -> number >= first + found.length || number < first);
		return lost;
	}

	private void run(Journal journal, ExecutorService threads, PoweredDisk disk, long nanos, int recordsPerSync,
			boolean synced) throws Exception {
		Cut cut = new Cut();
		List<Future<?>> appenders = new ArrayList<>();
		for (int i = 0; i < THREADS; i++) {
			int every = (i % 2 == 0) ? recordsPerSync : 0;
			boolean manages = i == 1;
			appenders.add(threads.submit(() -> append(journal, cut, every, synced, manages)));
		}
		LockSupport.parkNanos(nanos);
		if (nanos % 2 == 0) {
			// However busy the machine is, something is there to be lost.
			long least = this.acknowledgements.get() + LEAST_ACKNOWLEDGED;
			while (this.acknowledgements.get() < least && !appenders.stream().allMatch(Future::isDone)) {
				LockSupport.parkNanos(PAUSE);
			}
		}
		cut.begins = true;
		try {
			disk.cutPower();
		}
		finally {
			cut.done = true;
		}
		for (Future<?> appender : appenders) {
			appender.get();
		}
	}

	private Void append(Journal journal, Cut cut, int every, boolean synced, boolean manages) throws IOException {
		try {
			for (int i = 0; i < 100_000 && !Thread.currentThread().isInterrupted(); i++) {
				long key = this.keys.getAndIncrement();
				long number = journal.append(Workload.content(key));
				this.appended.put(number, key);
				if (every > 0 && i % every == 0) {
					if (synced) {
						journal.sync();
					}
					// The kernel takes a while to cut the power, and may report a sync
					// meanwhile.
					if (!cut.begins) {
						this.acknowledged.put(number, key);
						this.acknowledgements.incrementAndGet();
					}
				}
				if (manages && i % 50 == 49) {
					journal.roll();
					journal.removeBefore(journal.durableSequence() - 500);
				}
				if (cut.done) {
					return null;
				}
			}
		}
		catch (IOException ex) {
			if (!cut.begins || ex instanceof JournalDamagedException) {
				throw ex;
			}
			// The disk is gone.
		}
		return null;
	}

	/** How far a power cut is. */
	private static final class Cut {

		private volatile boolean begins;

		private volatile boolean done;

	}

}
