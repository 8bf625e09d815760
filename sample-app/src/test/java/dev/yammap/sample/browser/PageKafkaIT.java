package dev.yammap.sample.browser;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import dev.yammap.sample.KafkaBroker;
import dev.yammap.sample.SampleProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests the start page of one of two instances that ship their visits to a broker: what
 * it shows of itself, of all, and while the broker is away. Needs the Maven profiles
 * {@code browser} and {@code kafka}.
 */
@Tag("browser")
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class PageKafkaIT {

	private static final Path PICTURES = Path.of("target", "page");

	@TempDir
	private Path directory;

	@Test
	void pageShowsThisInstanceAndAll() throws Exception {
		try (KafkaBroker broker = new KafkaBroker(Files.createDirectory(this.directory.resolve("broker")));
				SampleProcess here = start("here", broker);
				SampleProcess there = start("there", broker);
				Browser browser = new Browser()) {
			browser.open(here);
			visit(here, "8.8.8.8", 3);
			visit(there, "185.1.1.1", 2);
			visit(there, "194.144.0.1", 1);
			browser.awaitText("#shipped",
					(text) -> text.equals("3 visits of this instance shipped; 6 visits of 2 instances counted."));
			assertThat(browser.find("#scope").isDisplayed()).isTrue();
			assertThat(browser.text("#countries li[data-code=US] b")).isEqualTo("3");
			assertThat(browser.findAll("#countries li")).hasSize(1);
			browser.picture(PICTURES.resolve("kafka-instance.png"));

			browser.click("#scope input[value=all] + span");
			browser.await("#countries li[data-code=IS]");
			assertThat(countries(browser)).isEqualTo(6);
			assertThat(browser.text("#figure-visits")).isEqualTo("3");
			visit(there, "194.144.0.1", 4);
			browser.awaitText("#countries li[data-code=IS] b", "5"::equals);
			assertCardOfTotals(here, browser);
			browser.assertNothingSticksOut();
			browser.assertAccessible();
			browser.picture(PICTURES.resolve("kafka-all.png"));

			broker.kill();
			String problem = browser.awaitText("#shipping-problem", (text) -> !text.isEmpty());
			assertThat(problem).as("a sentence").endsWith(".").doesNotContain("Exception", "null");
			assertThat(problem).contains("the Kafka broker does not answer. Start it", "The Kafka client says: ");
			assertThat(browser.text("#shipped")).contains("10 visits of 2 instances counted.");
			visit(here, "8.8.8.8", 1);
			browser.awaitText("#figure-visits", "4"::equals);
			browser.picture(PICTURES.resolve("kafka-away.png"));
			browser.resize(375);
			browser.assertNothingSticksOut();
			browser.picture(PICTURES.resolve("kafka-away-narrow.png"));
			browser.resize(1360);

			broker.start();
			browser.awaitText("#shipped",
					(text) -> text.equals("4 visits of this instance shipped; 11 visits of 2 instances counted."));
			browser.awaitText("#shipping-problem", String::isEmpty);
			browser.prefer("prefers-color-scheme", "dark");
			browser.assertAccessible();
			browser.picture(PICTURES.resolve("kafka-dark.png"));
			assertThat(browser.complaints()).isEmpty();
		}
	}

	/** The second journal. */
	private static void assertCardOfTotals(SampleProcess sample, Browser browser) throws Exception {
		String card = "#files [data-name=totals] ";
		JsonNode totals = sample.get("/actuator/yammap/totals", JsonNode.class);
		assertThat(browser.text(card + ".path")).isEqualTo(totals.get("path").asString());
		assertThat(browser.text(card + "[data-fact=backend]")).isEqualTo(totals.get("backend").asString());
		assertThat(browser.text(card + ".badge")).isEqualTo("no problems");
	}

	private static long countries(Browser browser) {
		return browser.findAll("#countries li b")
			.stream()
			.mapToLong((visits) -> Long.parseLong(visits.getText().replace(",", "")))
			.sum();
	}

	private static void visit(SampleProcess sample, String ip, int count) throws Exception {
		for (int i = 0; i < count; i++) {
			assertThat(sample.visit(ip).statusCode()).isEqualTo(201);
		}
	}

	private SampleProcess start(String name, KafkaBroker broker) throws Exception {
		return SampleProcess.start(Files.createDirectory(this.directory.resolve(name)), 0, "-XX:TieredStopAtLevel=1",
				"-XX:+UseSerialGC", "-Xmx256m", "-Dspring.profiles.active=kafka",
				"-Dspring.kafka.bootstrap-servers=" + broker.address());
	}

}
