package dev.yammap.sample;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests what is left when the process is killed.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class SampleCrashIT {

	private static final String[] ADDRESSES = { "8.8.8.8", "1.0.0.1", "185.1.1.1", "127.0.0.1" };

	@TempDir
	private Path directory;

	@Test
	void everyAnsweredVisitIsInTheJournalAfterAKillAndTheCountersEqualIt() throws Exception {
		List<Visit> answered = new ArrayList<>();
		for (int kills = 0; kills < 3; kills++) {
			try (SampleProcess sample = SampleProcess.start(this.directory)) {
				assertJournalHolds(sample, answered);
				answered.addAll(visitUntilKilled(sample, 100));
			}
		}
		assertThat(answered).hasSizeGreaterThanOrEqualTo(300);
		try (SampleProcess sample = SampleProcess.start(this.directory)) {
			assertJournalHolds(sample, answered);
		}
	}

	@Test
	void buildOfTheTableThatWasKilledIsNotTakenForATable() throws Exception {
		try (SampleProcess sample = SampleProcess.launch(this.directory)) {
			sample.awaitOutput(Pattern.compile("Building the table of countries: 100000 ranges read"));
			sample.kill();
		}
		try (SampleProcess sample = SampleProcess.start(this.directory)) {
			assertThat(sample.get("/api/countries/8.8.8.8").body()).contains("\"US\"");
			assertThat(sample.get("/api/countries/223.255.255.255").body()).contains("\"AU\"");
		}
	}

	/**
	 * Sends visits from four threads and kills the sample in the middle of it.
	 * @return the visits that were answered with 201
	 */
	private static List<Visit> visitUntilKilled(SampleProcess sample, int count) throws Exception {
		List<Visit> answered = Collections.synchronizedList(new ArrayList<>());
		CountDownLatch enough = new CountDownLatch(count);
		List<Thread> clients = new ArrayList<>();
		for (String address : ADDRESSES) {
			clients.add(Thread.ofPlatform().start(() -> visitUntilRefused(sample, address, answered, enough)));
		}
		enough.await();
		sample.kill();
		for (Thread client : clients) {
			client.join();
		}
		return answered;
	}

	private static void visitUntilRefused(SampleProcess sample, String address, List<Visit> answered,
			CountDownLatch enough) {
		try {
			while (true) {
				HttpResponse<String> response = sample.visit(address);
				if (response.statusCode() == 201) {
					answered.add(SampleProcess.read(response, Visit.class));
					enough.countDown();
				}
			}
		}
		catch (IOException ex) {
			// Expected: this thread sends visits until the process is killed.
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static void assertJournalHolds(SampleProcess sample, List<Visit> answered) throws Exception {
		List<Visit> journal = journal(sample);
		assertThat(journal).containsAll(answered);
		for (int i = 0; i < journal.size(); i++) {
			assertThat(journal.get(i).sequence()).isEqualTo(i);
		}
		Map<String, Long> expected = new HashMap<>();
		journal.forEach((visit) -> expected.merge(visit.country(), 1L, Long::sum));
		Map<String, Long> counters = new HashMap<>();
		for (CountryVisits counter : sample.get("/api/countries?top=676", CountryVisits[].class)) {
			counters.put(counter.country(), counter.visits());
		}
		assertThat(counters).isEqualTo(expected);
	}

	private static List<Visit> journal(SampleProcess sample) throws Exception {
		List<Visit> journal = new ArrayList<>();
		Visit[] page;
		do {
			page = sample.get("/api/visits?limit=1000&from=" + journal.size(), Visit[].class);
			journal.addAll(Arrays.asList(page));
		}
		while (page.length > 0);
		return journal;
	}

	record Visit(long sequence, String ip, String country, Instant at) {

	}

	record CountryVisits(String country, long visits) {

	}

}
