package dev.yammap.sample.visits;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;

import dev.yammap.Mmap;
import dev.yammap.journal.DamageAction;
import dev.yammap.journal.Journal;
import dev.yammap.journal.JournalDamagedException;
import dev.yammap.sample.countries.CountryCode;
import dev.yammap.sample.countries.Ipv4;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link VisitCounters}.
 */
class VisitCountersTests {

	@TempDir
	private Path directory;

	private TestJournal test;

	private Mmap file;

	@BeforeEach
	void setUp() throws IOException {
		this.test = new TestJournal(this.directory.resolve("journal"));
		this.file = Mmap.create(this.directory.resolve("counters.bin"), VisitCounters.FILE_SIZE);
	}

	@AfterEach
	void tearDown() throws IOException {
		this.file.close();
		this.test.close();
	}

	@Test
	void newCountersAreZero() throws IOException {
		assertThat(counters().top(CountryCode.COUNT)).isEmpty();
	}

	@Test
	void countersAreRaisedToWhatTheJournalSays() throws IOException {
		this.test.fill(3);
		this.test.journal().append(new Ipv4(1), CountryCode.UNKNOWN);
		assertThat(counters().top(10)).containsExactly(count("DE", 3), count("ZZ", 1));
	}

	@Test
	void countersAreLoweredToWhatTheJournalSays() throws IOException {
		VisitCounters counters = counters();
		counters.increment(CountryCode.of("DE"));
		counters.increment(CountryCode.of("FR"));
		this.test.fill(1);
		assertThat(counters().top(10)).containsExactly(count("DE", 1));
	}

	@Test
	void journalOfMoreThanOneBlockIsCounted() throws IOException {
		Path path = this.directory.resolve("long");
		writeUnsynced(path, 2500);
		try (TestJournal journal = new TestJournal(path)) {
			assertThat(new VisitCounters(this.file, journal.journal()).top(1)).containsExactly(count("AA", 2500));
		}
	}

	@Test
	void damageInTheMiddleOfTheJournalIsReported() throws IOException {
		Path path = this.directory.resolve("damaged");
		Path segment = writeUnsynced(path, 2500);
		try (TestJournal journal = new TestJournal(path)) {
			damage(segment, 1234);
			assertThatExceptionOfType(UncheckedIOException.class)
				.isThrownBy(() -> new VisitCounters(this.file, journal.journal()))
				.havingCause()
				.isInstanceOf(JournalDamagedException.class)
				.withMessageContaining("its record 1234 is not whole");
		}
	}

	@Test
	void visitIsCountedOnceIfAnEarlierOneWasDamagedAndIsSkipped() throws IOException {
		Path path = this.directory.resolve("skipped");
		damage(writeUnsynced(path, 2500), 100);
		try (Journal records = Journal.builder(path).segmentSize(1 << 20).whenDamaged(DamageAction.SKIP).open()) {
			VisitJournal journal = new VisitJournal(records, InstantSource.system());
			VisitCounters counters = new VisitCounters(this.file, journal);
			assertThat(counters.top(1)).containsExactly(count("AA", 2499));
			assertThat(counters.durable()).isEqualTo(2499);
			assertThat(LongStream.of(0, 100, 101, 102).map(counters::before)).containsExactly(0L, 100L, 100L, 101L);
			journal.append(new Ipv4(1), CountryCode.UNKNOWN);
			assertThat(counters.durable()).isEqualTo(2500);
		}
	}

	@Test
	void firstAndLastCodeHaveCountersOfTheirOwn() throws IOException {
		VisitCounters counters = counters();
		counters.increment(CountryCode.ofIndex(0));
		counters.increment(CountryCode.UNKNOWN);
		counters.increment(CountryCode.UNKNOWN);
		assertThat(counters.top(10)).containsExactly(count("ZZ", 2), count("AA", 1));
	}

	@Test
	void equalNumbersAreInAlphabeticalOrderAndTheLimitHolds() throws IOException {
		VisitCounters counters = counters();
		for (String country : new String[] { "SE", "DE", "IT", "DE" }) {
			counters.increment(CountryCode.of(country));
		}
		assertThat(counters.top(2)).containsExactly(count("DE", 2), count("IT", 1));
		assertThat(counters.top(0)).isEmpty();
	}

	@Test
	void noVisitIsLostAmongManyThreads() throws Exception {
		VisitCounters counters = counters();
		CyclicBarrier start = new CyclicBarrier(4);
		Callable<Void> visits = () -> {
			start.await();
			for (int i = 0; i < 10_000; i++) {
				counters.increment(CountryCode.of("DE"));
			}
			return null;
		};
		try (ExecutorService executor = Executors.newFixedThreadPool(4)) {
			for (Future<Void> result : executor.invokeAll(Collections.nCopies(4, visits))) {
				result.get();
			}
		}
		assertThat(counters.top(1)).containsExactly(count("DE", 40_000));
	}

	@Test
	void fileOfAnotherSizeIsRefused() throws IOException {
		this.file.truncate(VisitCounters.FILE_SIZE + 8);
		assertThatIOException().isThrownBy(this::counters).withMessageContaining("should have 5408 bytes");
	}

	private VisitCounters counters() throws IOException {
		return new VisitCounters(this.file, this.test.journal());
	}

	private static CountryVisits count(String country, long visits) {
		return new CountryVisits(CountryCode.of(country), visits);
	}

	/** Returns the file that holds the records. */
	private static Path writeUnsynced(Path path, int count) throws IOException {
		try (Journal journal = Journal.builder(path).segmentSize(1 << 20).open()) {
			for (int i = 0; i < count; i++) {
				journal.append(new Visit(i, new Ipv4(i), CountryCode.ofIndex(0), TestJournal.NOW).encode());
			}
			return journal.segments().getFirst().file();
		}
	}

	/** Changes the address in the record of a visit. */
	private static void damage(Path segment, int visit) throws IOException {
		byte[] address = ByteBuffer.allocate(Integer.BYTES).putInt(visit).array();
		try (Mmap bytes = Mmap.open(segment, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
			byte[] found = new byte[address.length];
			long offset = 4096;
			while (!Arrays.equals(found, address)) {
				offset += Integer.BYTES;
				bytes.readAt(found, offset);
			}
			bytes.writeAt(new byte[address.length], offset);
		}
	}

}
