package dev.yammap.sample.browser;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import dev.yammap.sample.Ports;
import dev.yammap.sample.SampleProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests what the start page does when its server goes away and comes back, and takes the
 * pictures of the page: empty, under load, after a reload, after a recovery, dark, and
 * narrow. They are written to {@code target/page}.
 */
@Tag("browser")
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class PageRecoveryIT {

	private static final Path PICTURES = Path.of("target", "page");

	@TempDir
	private Path directory;

	@Test
	void pageWaitsForAKilledServerAndTellsWhatWasRecovered() throws Exception {
		int port = Ports.free();
		try (Browser browser = new Browser()) {
			String pid;
			try (SampleProcess sample = SampleProcess.start(this.directory, port)) {
				pid = String.valueOf(sample.pid());
				browser.open(sample);
				assertThat(browser.text("#countries-empty")).isEqualTo("No visits yet. Record one, or start a burst.");
				browser.picture(PICTURES.resolve("empty.png"));
				browser.type("#burst-visits", "20000");
				browser.type("#burst-threads", "500");
				browser.click("#burst-start");
				browser.awaitText("#figure-visits", (text) -> number(text) > 1000);
				browser.picture(PICTURES.resolve("load.png"));
				browser.await("#burst-start:enabled");
				long before = number(browser.text("#figure-visits"));
				browser.click("#burst-start");
				browser.awaitText("#figure-visits", (text) -> number(text) > before + 1000);
				assertThat(browser.complaints()).isEmpty();
				sample.kill();
			}
			browser.await("#connection[data-state=away]");
			assertThat(browser.text("#banner")).contains("The server is away.", "tries again by itself");
			long seen = number(browser.text("#figure-visits"));
			browser.picture(PICTURES.resolve("away.png"));
			browser.click("#address-form button[value=find]");
			browser.awaitText("#address-result", (text) -> text.startsWith("The server did not answer."));
			try (SampleProcess sample = SampleProcess.start(this.directory, port)) {
				browser.await("#connection[data-state=live]");
				browser.awaitText("#recovery", (text) -> text.contains("No durable visit was lost"));
				browser.awaitText("#address-result", (text) -> text.startsWith("The server answers again."));
				assertThat(browser.findAll("#address-result .error")).isEmpty();
				JsonNode totals = sample.get("/api/totals?top=0", JsonNode.class);
				long recovered = totals.at("/instance/visits").asLong();
				assertThat(recovered).isGreaterThanOrEqualTo(seen);
				assertThat(browser.text("#recovery"))
					.contains("Ended without notice", pid, String.valueOf(sample.pid()))
					.contains(String.format("%,d", recovered))
					.contains("Counters put right by the journal");
				assertThat(browser.text("#banner")).contains("The server is back.");
				assertThat(browser.text("#connection-text")).isEqualTo("Live, process " + sample.pid());
				assertThat(number(browser.text("#figure-visits"))).isEqualTo(recovered);
				browser.picture(PICTURES.resolve("recovered.png"));
				takePictures(browser);
			}
		}
	}

	@Test
	void serverThatIsStoppedSaysGoodbye() throws Exception {
		int port = Ports.free();
		try (Browser browser = new Browser()) {
			try (SampleProcess sample = SampleProcess.start(this.directory, port)) {
				browser.open(sample);
				sample.terminate();
			}
			browser.awaitText("#banner", (text) -> text.contains("It was stopped in good order."));
			try (SampleProcess _ = SampleProcess.start(this.directory, port)) {
				browser.awaitText("#recovery", (text) -> text.contains("Stopped in good order"));
			}
		}
	}

	private void takePictures(Browser browser) throws IOException {
		browser.click("#banner-close");
		browser.click("#files [data-name=countries] [data-action=drop]");
		browser.awaitText("#files [data-name=countries] .outcome", (text) -> text.contains("was dropped"));
		browser.click("#swap-start");
		browser.awaitText("#swap-result", (text) -> text.contains("The slowest look-up took"));
		browser.picture(PICTURES.resolve("reloaded.png"));
		browser.type("#burst-visits", "5000");
		browser.type("#burst-threads", "200");
		browser.click("#burst-start");
		browser.awaitText("#burst-result", (text) -> text.contains("durable visits a second"));
		browser.click("#address-form button[value=find]");
		browser.awaitText("#address-result", (text) -> text.contains("Found in"));
		browser.resize(1280);
		String countries = "#files [data-name=countries] ";
		browser.click(countries + "[data-action=drop]");
		browser.awaitText(countries + ".strip-text", (text) -> number(text.split(" ", 2)[0]) < 100);
		browser.awaitText(countries + ".outcome", (text) -> text.contains("was dropped"));
		browser.click(countries + "[data-action=fill]");
		browser.run("scrollTo(0, 0)");
		browser.awaitText(countries + ".strip-text", (text) -> number(text.split(" ", 2)[0]) > 150);
		// The name of a temporary directory tells nobody anything. A page that is hidden
		// asks
		// for nothing, so the names stay.
		browser.run("""
				Object.defineProperty(document, 'hidden', { value: true });
				document.querySelectorAll('.path bdi').forEach((path) =>
					path.textContent = path.textContent.replace(arguments[0], '/srv/visits'));
				""", this.directory.toString());
		browser.smallPicture(PICTURES.resolve("page.png"), "#files");
		browser.prefer("prefers-color-scheme", "dark");
		browser.picture(PICTURES.resolve("dark.png"));
		browser.resize(375);
		browser.picture(PICTURES.resolve("narrow-dark.png"));
		browser.prefer("prefers-color-scheme", "light");
		browser.picture(PICTURES.resolve("narrow.png"));
	}

	private static long number(String text) {
		return text.matches("[\\d,]+") ? Long.parseLong(text.replace(",", "")) : -1;
	}

}
