package dev.yammap.sample.visits;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import dev.yammap.journal.Journal;
import dev.yammap.sample.countries.CountryCode;
import dev.yammap.sample.countries.Ipv4;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.Mockito;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;

/**
 * Tests for {@link VisitJournal}.
 */
@Timeout(1_800)
class VisitJournalTests {

	@TempDir
	private Path directory;

	private Path path;

	@BeforeEach
	void setUp() {
		this.path = this.directory.resolve("journal");
	}

	@Test
	void appendedVisitHasTheNextSequenceAndWholeMicroseconds() throws IOException {
		try (TestJournal test = new TestJournal(this.path)) {
			VisitJournal journal = test.journal();
			Ipv4 ip = Ipv4.parse("8.8.8.8");
			assertThat(journal.append(ip, CountryCode.of("US")))
				.isEqualTo(new Visit(0, ip, CountryCode.of("US"), TestJournal.NOW));
			assertThat(journal.append(ip, CountryCode.of("US")).sequence()).isEqualTo(1);
			assertThat(journal.nextSequence()).isEqualTo(2);
		}
	}

	@Test
	void journalContinuesWhereItEnded() throws IOException {
		try (TestJournal test = new TestJournal(this.path)) {
			test.fill(3);
		}
		try (TestJournal test = new TestJournal(this.path)) {
			assertThat(test.journal().nextSequence()).isEqualTo(3);
			assertThat(test.fill(1).journal().read(0, 10)).extracting(Visit::sequence).containsExactly(0L, 1L, 2L, 3L);
		}
	}

	@Test
	void visitsAreReadByRange() throws IOException {
		try (TestJournal test = new TestJournal(this.path)) {
			VisitJournal journal = test.fill(5).journal();
			assertThat(journal.read(1, 2)).extracting((visit) -> visit.ip().bits()).containsExactly(1, 2);
			assertThat(journal.read(3, 100)).extracting((visit) -> visit.ip().bits()).containsExactly(3, 4);
			assertThat(journal.read(0, 0)).isEmpty();
			assertThat(journal.read(5, 100)).isEmpty();
			assertThat(journal.read(Long.MAX_VALUE, Integer.MAX_VALUE)).isEmpty();
		}
	}

	@Test
	void visitIsShownOnlyWhenItIsDurable() throws IOException {
		try (Journal records = Journal.open(this.path)) {
			VisitJournal journal = new VisitJournal(records, InstantSource.system());
			records.append(new Visit(0, new Ipv4(1), CountryCode.UNKNOWN, TestJournal.NOW).encode());
			assertThat(journal.nextSequence()).isZero();
			assertThat(journal.read(0, 10)).isEmpty();
			records.sync();
			assertThat(journal.nextSequence()).isEqualTo(1);
			assertThat(journal.read(0, 10))
				.containsExactly(new Visit(0, new Ipv4(1), CountryCode.UNKNOWN, TestJournal.NOW));
		}
	}

	@Test
	void visitThatIsNotDurableIsNotReturned() throws IOException {
		Journal records = Mockito.mock(Journal.class);
		given(records.appendAndSync(any(byte[].class))).willThrow(new IOException("device error"));
		VisitJournal journal = new VisitJournal(records, InstantSource.system());
		assertThatExceptionOfType(UncheckedIOException.class)
			.isThrownBy(() -> journal.append(new Ipv4(1), CountryCode.UNKNOWN))
			.havingCause()
			.withMessage("device error");
	}

	@Test
	void journalThatIsClosedCannotBeUsed() throws IOException {
		TestJournal test = new TestJournal(this.path);
		VisitJournal journal = test.fill(1).journal();
		test.close();
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> journal.read(0, 1));
		assertThatExceptionOfType(UncheckedIOException.class)
			.isThrownBy(() -> journal.append(new Ipv4(1), CountryCode.UNKNOWN));
	}

	@Test
	void noAppendIsLostAndNoRecordTornAmongManyThreads() throws Exception {
		int threads = 4;
		int visits = 100;
		try (TestJournal test = new TestJournal(this.path);
				ExecutorService executor = Executors.newFixedThreadPool(2 * threads)) {
			VisitJournal journal = test.journal();
			CyclicBarrier start = new CyclicBarrier(2 * threads);
			List<Future<List<Visit>>> results = new ArrayList<>();
			for (int thread = 0; thread < threads; thread++) {
				Ipv4 ip = new Ipv4(thread);
				results.add(executor.submit(() -> append(journal, ip, visits, start)));
				results.add(executor.submit(reader(journal, (long) threads * visits, start)));
			}
			List<Visit> appended = new ArrayList<>();
			for (Future<List<Visit>> result : results) {
				appended.addAll(result.get(10, TimeUnit.MINUTES));
			}
			assertThat(journal.read(0, threads * visits)).hasSize(threads * visits)
				.containsExactlyInAnyOrderElementsOf(appended);
		}
	}

	private static List<Visit> append(VisitJournal journal, Ipv4 ip, int count, CyclicBarrier start) throws Exception {
		List<Visit> appended = new ArrayList<>();
		start.await();
		for (int i = 0; i < count; i++) {
			appended.add(journal.append(ip, CountryCode.UNKNOWN));
		}
		return appended;
	}

	/**
	 * Reads until all visits are there. A torn record would make the journal throw.
	 */
	private static Callable<List<Visit>> reader(VisitJournal journal, long total, CyclicBarrier start) {
		return () -> {
			start.await();
			for (long size = 0; size < total; size = journal.nextSequence()) {
				journal.read(Math.max(0, size - 10), 100);
			}
			return List.of();
		};
	}

}
