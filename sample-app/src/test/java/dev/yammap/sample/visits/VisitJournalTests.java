package dev.yammap.sample.visits;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import dev.yammap.Mmap;
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
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willDoNothing;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.never;

/**
 * Tests for {@link VisitJournal}.
 */
@Timeout(60)
class VisitJournalTests {

	@TempDir
	private Path directory;

	private Path path;

	@BeforeEach
	void setUp() {
		this.path = this.directory.resolve("journal.log");
	}

	@Test
	void appendedVisitHasTheNextSequenceAndWholeMicroseconds() throws IOException {
		try (TestJournal test = new TestJournal(this.path)) {
			VisitJournal journal = test.journal();
			Ipv4 ip = Ipv4.parse("8.8.8.8");
			assertThat(journal.append(ip, CountryCode.of("US")))
				.isEqualTo(new Visit(0, ip, CountryCode.of("US"), TestJournal.NOW));
			assertThat(journal.append(ip, CountryCode.of("US")).sequence()).isEqualTo(1);
			assertThat(journal.size()).isEqualTo(2);
		}
		assertThat(this.path).hasSize(3 * 32);
	}

	@Test
	void journalContinuesWhereItEnded() throws IOException {
		try (TestJournal test = new TestJournal(this.path)) {
			test.fill(3);
		}
		try (TestJournal test = new TestJournal(this.path)) {
			assertThat(test.journal().size()).isEqualTo(3);
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
			assertThat(journal.read(VisitJournal.MAX_SEQUENCE, Integer.MAX_VALUE)).isEmpty();
		}
	}

	@Test
	void damagedRecordIsReported() throws IOException {
		try (TestJournal test = new TestJournal(this.path)) {
			test.fill(3);
		}
		byte[] bytes = Files.readAllBytes(this.path);
		try (TestJournal test = new TestJournal(this.path)) {
			bytes[32 + 32 + 16] ^= 1;
			Files.write(this.path, bytes, StandardOpenOption.WRITE);
			assertThat(test.journal().read(2, 1)).hasSize(1);
			assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> test.journal().read(0, 3))
				.havingCause()
				.withMessageStartingWith("The record of visit 1, at offset 64 of the journal, is damaged");
		}
	}

	@Test
	void visitIsShownOnlyWhenItIsDurable() throws IOException {
		Mmap file = emptyJournal();
		VisitJournal journal = new VisitJournal(file, InstantSource.system());
		List<Long> sizeWhileSyncing = new ArrayList<>();
		Mockito.doAnswer((invocation) -> sizeWhileSyncing.add(journal.size())).when(file).sync();
		journal.append(new Ipv4(1), CountryCode.UNKNOWN);
		assertThat(sizeWhileSyncing).containsExactly(0L);
		assertThat(journal.size()).isEqualTo(1);
	}

	@Test
	void journalTakesNoMoreVisitsAfterAFailedSync() throws IOException {
		Mmap file = emptyJournal();
		VisitJournal journal = new VisitJournal(file, InstantSource.system());
		willThrow(new IOException("device error")).willDoNothing().given(file).sync();
		assertThatExceptionOfType(UncheckedIOException.class)
			.isThrownBy(() -> journal.append(new Ipv4(1), CountryCode.UNKNOWN))
			.havingCause()
			.withMessage("device error");
		assertThatExceptionOfType(UncheckedIOException.class)
			.isThrownBy(() -> journal.append(new Ipv4(2), CountryCode.UNKNOWN))
			.havingCause()
			.withMessageContaining("restart");
		assertThat(journal.size()).isZero();
	}

	@Test
	void visitThatCouldNotBeWrittenLeavesItsSequenceToTheNext() throws IOException {
		Mmap file = emptyJournal();
		VisitJournal journal = new VisitJournal(file, InstantSource.system());
		willThrow(new IOException("no space")).willReturn(32).given(file).write(any(byte[].class));
		assertThatExceptionOfType(UncheckedIOException.class)
			.isThrownBy(() -> journal.append(new Ipv4(1), CountryCode.UNKNOWN));
		assertThat(journal.append(new Ipv4(2), CountryCode.UNKNOWN).sequence()).isZero();
	}

	@Test
	void recordIsWrittenAtItsOwnOffsetOrNotAtAll() throws IOException {
		Mmap file = emptyJournal();
		VisitJournal journal = new VisitJournal(file, InstantSource.system());
		// As after a failed write that left a part behind the end.
		given(file.size()).willReturn(32L + 7);
		assertThatExceptionOfType(UncheckedIOException.class)
			.isThrownBy(() -> journal.append(new Ipv4(1), CountryCode.UNKNOWN))
			.havingCause()
			.withMessage("'journal.log' has 39 bytes instead of 32; restart to take visits again");
		then(file).should(never()).write(any(byte[].class));
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
				appended.addAll(result.get(50, TimeUnit.SECONDS));
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
			for (long size = 0; size < total; size = journal.size()) {
				journal.read(Math.max(0, size - 10), 100);
			}
			return List.of();
		};
	}

	private static Mmap emptyJournal() throws IOException {
		Mmap file = Mockito.mock(Mmap.class);
		given(file.name()).willReturn("journal.log");
		given(file.size()).willReturn(32L);
		given(file.readAt(any(byte[].class), eq(0L))).willAnswer((invocation) -> {
			System.arraycopy(JournalFormat.header(), 0, invocation.getArgument(0), 0, 32);
			return 32;
		});
		given(file.write(any(byte[].class))).willReturn(32);
		willDoNothing().given(file).sync();
		return file;
	}

}
