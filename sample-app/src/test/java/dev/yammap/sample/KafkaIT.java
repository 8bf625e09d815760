package dev.yammap.sample;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that each instance counts every visit of all of them exactly once, whatever is
 * killed: with a broker and instances of the packaged sample that are processes of their
 * own.
 */
@Tag("kafka")
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class KafkaIT {

	private static final long DEADLINE = TimeUnit.MINUTES.toNanos(5);

	@TempDir
	private static Path brokerDirectory;

	private static KafkaBroker broker;

	@TempDir
	private Path directory;

	@BeforeAll
	static void startBroker() throws Exception {
		broker = new KafkaBroker(brokerDirectory);
	}

	@AfterAll
	static void stopBroker() {
		broker.close();
	}

	@Test
	void everyVisitIsCountedOnceThroughKillsOfInstancesAndBroker() throws Exception {
		try (Visitor a = new Visitor(this.directory.resolve("a"), "visits", "8.8.8.8", "1.0.0.1");
				Visitor b = new Visitor(this.directory.resolve("b"), "visits", "185.1.1.1", "127.0.0.1")) {
			a.awaitStart();
			b.awaitStart();
			a.awaitAnswered(100);
			b.awaitAnswered(100);
			a.restart();
			a.awaitAnswered(100);

			broker.kill();
			await(a, (sample) -> shipping(sample).equals("DEGRADED"));
			assertThat(totals(a.sample()).all().problem()).isNotNull();
			b.restart();
			a.awaitAnswered(100);
			b.awaitAnswered(100);
			assertThat(a.sample().get("/actuator/health").statusCode()).isEqualTo(200);

			broker.start();
			await(b, (sample) -> shipping(sample).equals("UP"));
			b.restart();
			broker.stop();
			b.awaitAnswered(100);
			broker.start();
			a.restart();
			a.awaitAnswered(100);
			a.stopVisiting();
			b.stopVisiting();

			Map<String, Long> recorded = sum(totals(a.sample()).instance(), totals(b.sample()).instance());
			a.assertEveryAnsweredVisitIsInTheJournal();
			b.assertEveryAnsweredVisitIsInTheJournal();
			for (Visitor visitor : List.of(a, b)) {
				await(visitor, (sample) -> totals(sample).all()
					.visits() >= recorded.values().stream().mapToLong((n) -> n).sum());
				// What is counted, or shipped, is known a moment before it is said to
				// work.
				await(visitor, (sample) -> shipping(sample).equals("UP"));
				All all = totals(visitor.sample()).all();
				assertThat(sum(all)).isEqualTo(recorded);
				assertThat(all.instances()).isEqualTo(2);
				assertThat(all.problem()).isNull();
			}
		}
	}

	@Test
	void backupThatWasRestoredShipsUnderAnotherId() throws Exception {
		Path data = Files.createDirectory(this.directory.resolve("data"));
		Path backup = this.directory.resolve("backup");
		String first;
		try (SampleProcess sample = start(data, "restored")) {
			visit(sample, 10);
			await(sample, (running) -> totals(running).all().visits() == 10);
			first = totals(sample).instance().id();
			sample.terminate();
		}
		FileSystemUtils.copyRecursively(data.resolve("journal"), backup);
		try (SampleProcess sample = start(data, "restored")) {
			visit(sample, 5);
			await(sample, (running) -> totals(running).all().visits() == 15);
			assertThat(totals(sample).instance().id()).isEqualTo(first);
			sample.kill();
		}
		FileSystemUtils.deleteRecursively(data.resolve("journal"));
		FileSystemUtils.copyRecursively(backup, data.resolve("journal"));
		try (SampleProcess sample = start(data, "restored")) {
			visit(sample, 3);
			await(sample, (running) -> totals(running).all().visits() == 18);
			Totals totals = totals(sample);
			assertThat(totals.instance().id()).isNotEqualTo(first);
			assertThat(totals.instance().visits()).isEqualTo(13);
			assertThat(totals.all().instances()).isEqualTo(2);
		}
	}

	private static void visit(SampleProcess sample, int count) throws Exception {
		for (int i = 0; i < count; i++) {
			assertThat(sample.visit("8.8.8.8").statusCode()).isEqualTo(201);
		}
	}

	private static SampleProcess start(Path directory, String topic) throws Exception {
		SampleProcess sample = launch(directory, topic);
		try {
			sample.awaitStart();
			return sample;
		}
		catch (Exception | Error failure) {
			sample.close();
			throw failure;
		}
	}

	private static SampleProcess launch(Path directory, String topic) throws IOException {
		return SampleProcess.launch(directory, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m",
				"-Dspring.profiles.active=kafka", "-Dspring.kafka.bootstrap-servers=" + broker.address(),
				"-Dvisits.shipping.topic=" + topic);
	}

	private static void await(Visitor visitor, Condition condition) throws Exception {
		await(visitor.sample(), condition);
	}

	private static void await(SampleProcess sample, Condition condition) throws Exception {
		long begin = System.nanoTime();
		while (!condition.holds(sample)) {
			assertThat(System.nanoTime() - begin)
				.as(() -> "time to wait. Output:\n" + String.join("\n", sample.output()))
				.isLessThan(DEADLINE);
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
		}
	}

	private static Totals totals(SampleProcess sample) throws Exception {
		return sample.get("/api/totals?top=676", Totals.class);
	}

	private static String shipping(SampleProcess sample) throws Exception {
		return SampleProcess.read(sample.get("/actuator/health"), JsonNode.class)
			.at("/components/shipping/status")
			.stringValue();
	}

	private static Map<String, Long> sum(Counted... counted) {
		Map<String, Long> sum = new TreeMap<>();
		for (Counted part : counted) {
			part.countries().forEach((country) -> sum.merge(country.country(), country.visits(), Long::sum));
		}
		return sum;
	}

	/**
	 * An instance of the sample, and a client that sends visits to it all the time,
	 * whether it runs or not.
	 */
	private static final class Visitor implements AutoCloseable {

		private final Path directory;

		private final String topic;

		private final String[] addresses;

		private final List<Visit> answered = new ArrayList<>();

		private final Thread thread;

		private volatile SampleProcess sample;

		private volatile boolean stopping;

		Visitor(Path directory, String topic, String... addresses) throws IOException {
			this.directory = Files.createDirectory(directory);
			this.topic = topic;
			this.addresses = addresses;
			this.sample = launch(directory, topic);
			this.thread = Thread.ofPlatform().unstarted(this::visit);
		}

		SampleProcess sample() {
			return this.sample;
		}

		void awaitStart() throws InterruptedException {
			this.sample.awaitStart();
			this.thread.start();
		}

		/** Kills the instance and starts it again. */
		void restart() throws Exception {
			this.sample.kill();
			this.sample.close();
			this.sample = start(this.directory, this.topic);
		}

		private void visit() {
			for (int i = 0; !this.stopping; i++) {
				try {
					HttpResponse<String> response = this.sample.visit(this.addresses[i % this.addresses.length]);
					if (response.statusCode() == 201) {
						synchronized (this.answered) {
							this.answered.add(SampleProcess.read(response, Visit.class));
							this.answered.notifyAll();
						}
					}
				}
				catch (IOException ex) {
					// Killed. The next one may not be there yet.
					LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
				}
				catch (InterruptedException ex) {
					return;
				}
			}
		}

		/** Waits until the given number of visits more are answered. */
		void awaitAnswered(int count) throws InterruptedException {
			synchronized (this.answered) {
				int enough = this.answered.size() + count;
				while (this.answered.size() < enough) {
					this.answered.wait(10_000);
				}
			}
		}

		void stopVisiting() throws InterruptedException {
			this.stopping = true;
			this.thread.join();
		}

		void assertEveryAnsweredVisitIsInTheJournal() throws Exception {
			List<Visit> journal = new ArrayList<>();
			Visit[] page;
			do {
				page = this.sample.get("/api/visits?limit=1000&from=" + journal.size(), Visit[].class);
				journal.addAll(Arrays.asList(page));
			}
			while (page.length > 0);
			for (Visit visit : this.answered) {
				assertThat(journal.get((int) visit.sequence())).isEqualTo(visit);
			}
		}

		@Override
		public void close() {
			this.stopping = true;
			this.thread.interrupt();
			this.sample.close();
		}

	}

	/**
	 * Something to wait for.
	 */
	@FunctionalInterface
	private interface Condition {

		boolean holds(SampleProcess sample) throws Exception;

	}

	interface Counted {

		List<CountryVisits> countries();

	}

	record Visit(long sequence, String ip, String country, String at) {

	}

	record CountryVisits(String country, long visits) {

	}

	record Totals(Instance instance, All all) {

	}

	record Instance(@Nullable String id, long visits, List<CountryVisits> countries) implements Counted {

	}

	record All(long visits, int instances, List<CountryVisits> countries, @Nullable String problem) implements Counted {

	}

}
