package dev.yammap.sample.browser;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.yammap.sample.SampleProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests the start page in a browser: everything is clicked, and every number is compared
 * with that of the interface for programs.
 */
@Tag("browser")
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class PageIT {

	private static final Pattern BURST = Pattern.compile("([\\d,]+) visits, ([\\d,]+) flush(?:es)?, ([\\d.,]+) m?s");

	private static final Pattern END = Pattern.compile("Cancelled after|durable visits a second|No burst is running");

	private static final String CANCEL_AS_SOON_AS_POSSIBLE = """
			const start = document.querySelector('#burst-start');
			const cancel = document.querySelector('#burst-cancel');
			new MutationObserver((_, observer) => {
				if (!cancel.disabled) {
					observer.disconnect();
					window.startWasDisabled = start.disabled;
					cancel.click();
				}
			}).observe(cancel, { attributes: true });
			""";

	@TempDir
	private static Path directory;

	private static SampleProcess sample;

	private static Browser browser;

	@BeforeAll
	static void start() throws Exception {
		browser = new Browser();
		sample = SampleProcess.start(directory, 0, "-Dyammap.reload-interval=200ms");
	}

	@AfterAll
	static void stop() {
		if (sample != null) {
			sample.close();
		}
		browser.close();
	}

	@BeforeEach
	void open() throws Exception {
		browser.resize(1360);
		browser.prefer("prefers-color-scheme", "light");
		browser.open(sample);
	}

	@AfterEach
	void nothingIsComplainedOf() {
		assertThat(browser.complaints()).isEmpty();
	}

	@Test
	void nameAndTheStateOfTheConnectionAreShown() throws Exception {
		assertThat(browser.text("h1")).isEqualTo("Yammap");
		assertThat(browser.text("#connection-text")).isEqualTo("Live, process " + sample.pid());
		assertThat(browser.find("#banner").isDisplayed()).isFalse();
	}

	@Test
	void lookUpTellsTheCountryAndTheNanosecondsInsideTheServer() {
		browser.type("#ip", "8.8.8.8");
		browser.click("#address-form button[value=find]");
		String answer = browser.awaitText("#address-result", (text) -> text.contains("United States (US)"));
		assertThat(answer).containsPattern("Found in [\\d.,]+ (ns|µs|ms) inside the server, among 385,372 ranges\\.")
			.containsPattern("The median of 501 repeats: [\\d.,]+ (ns|µs)\\.");
		assertThat(browser.text("#announcement")).startsWith("United States (US), found in ");
	}

	@Test
	void addressOfNoCountryIsSaidToHaveNone() {
		browser.type("#ip", "127.0.0.1");
		browser.click("#address-form button[value=find]");
		browser.awaitText("#address-result", (text) -> text.startsWith("No country is known"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "find", "visit" })
	void wrongAddressIsExplainedInASentence(String action) {
		browser.type("#ip", "8.8.8");
		browser.click("#address-form button[value=" + action + "]");
		assertThat(browser.awaitText("#address-result", (text) -> text.contains("not an IPv4"))).isEqualTo(
				"'8.8.8' is not an IPv4 address: four numbers from 0 to 255 are needed, with dots between them and "
						+ "without leading zeros.");
		assertThat(browser.find("#ip").getDomAttribute("aria-invalid")).isEqualTo("true");
		assertThat(browser.focused()).isEqualTo(browser.find("#ip"));
		assertRefused(400);
	}

	@Test
	void randomAddressIsOne() {
		browser.click("#ip-random");
		assertThat(browser.find("#ip").getDomProperty("value")).matches("\\d+\\.\\d+\\.\\d+\\.\\d+")
			.isNotEqualTo("8.8.8.8");
	}

	@Test
	void visitIsDurableAndAppearsOnTheMapAndInTheList() throws Exception {
		long before = visitsFrom("IS");
		browser.type("#ip", "194.144.0.1");
		browser.click("#address-form button[value=visit]");
		browser.awaitText("#address-result", (text) -> text.contains("is durable") && text.contains("Iceland"));
		browser.await("#map [data-code=IS][style*='--level']");
		assertThat(visitsFrom("IS")).isEqualTo(before + 1);
		showAllCountries();
		browser.awaitText("#countries [data-code=IS] b", (text) -> number(text) == before + 1);
		browser.awaitText("#figure-visits", (text) -> number(text) == visits());
	}

	@Test
	void mapThatCannotBeLoadedSaysSoAndIsDrawnLater() {
		browser.block("*/world.json");
		try {
			browser.reload();
			browser.awaitText("#map-problem",
					(text) -> text.equals("The map could not be loaded. This page tries again by itself."));
		}
		finally {
			browser.block();
		}
		assertThat(browser.findAll("[role=status]#map-problem")).as("what screen readers read by themselves")
			.hasSize(1);
		assertThat(browser.findAll("[role=img] #map-problem")).as("what they take for a picture").isEmpty();
		browser.await("#map [data-code=FR]");
		browser.awaitText("#map-problem", String::isEmpty);
		// Not every browser complains of a request that was blocked.
		browser.complaints();
	}

	@Test
	void burstOfFiveThousandIsShownWhileItRunsWithItsFlushes() throws Exception {
		long visits = visits();
		double flushes = flushes();
		browser.type("#burst-visits", "5000");
		browser.type("#burst-threads", "200");
		browser.record("#burst-result");
		browser.click("#burst-start");
		browser.awaitRecorded("5,000 asked for");
		String result = browser.awaitText("#burst-result", (text) -> text.contains("durable visits a second"));
		Matcher figures = BURST.matcher(result);
		assertThat(figures.find()).as(result).isTrue();
		assertThat(number(figures.group(1))).isEqualTo(5000);
		assertThat(number(figures.group(2))).isEqualTo(Math.round(flushes() - flushes));
		assertThat(visits()).isEqualTo(visits + 5000);
		assertThat(browser.find("#burst-progress").getDomProperty("value")).isEqualTo("5000");
		assertThat(browser.find("#burst-start").isEnabled()).isTrue();
		assertThat(browser.find("#burst-cancel").isEnabled()).isFalse();
		browser.awaitText("#figure-visits", (text) -> number(text) == visits());
		browser.awaitText("#figure-flushes", (text) -> number(text) == Math.round(flushes()));
		assertThat(browser.text("#announcement")).startsWith("The burst has ended: 5,000 visits");
		browser.reload();
		browser.awaitText("#burst-result", (text) -> text.equals(result));
		assertThat(browser.text("#announcement")).as("what is no news").isEmpty();
	}

	@Test
	void burstCanBeCancelled() throws Exception {
		browser.type("#burst-visits", "20000");
		browser.type("#burst-threads", "1");
		long visits;
		String result;
		do {
			// On a fast disk it may be over before it is cancelled, which is refused
			// then.
			browser.complaints();
			visits = visits();
			String before = browser.text("#burst-result");
			browser.run(CANCEL_AS_SOON_AS_POSSIBLE);
			browser.click("#burst-start");
			result = browser.awaitText("#burst-result", (text) -> !text.equals(before) && END.matcher(text).find());
			assertThat(browser.run("return startWasDisabled")).isEqualTo(true);
		}
		while (!result.contains("Cancelled after"));
		Matcher figures = BURST.matcher(result);
		assertThat(figures.find()).as(result).isTrue();
		assertThat(number(figures.group(1))).isLessThan(20000).isEqualTo(visits() - visits);
	}

	@Test
	void burstOutOfItsLimitsIsExplainedInASentence() {
		browser.type("#burst-visits", "20001");
		browser.click("#burst-start");
		browser.awaitText("#burst-result",
				(text) -> text.equals("The field 'visits' must be a number from 1 to 20000."));
		assertRefused(400);
	}

	@Test
	void cardOfEveryFileShowsWhatActuatorShows() throws Exception {
		JsonNode all = sample.get("/actuator/yammap", JsonNode.class);
		Set<String> names = new HashSet<>(all.get("files").propertyNames());
		names.addAll(all.get("journals").propertyNames());
		assertThat(browser.findAll("#files article")).extracting((card) -> card.getDomAttribute("data-name"))
			.containsExactlyInAnyOrderElementsOf(names);
		for (String name : all.get("files").propertyNames()) {
			JsonNode file = all.get("files").get(name);
			String card = "#files [data-name=" + name + "] ";
			assertThat(browser.text(card + ".path")).isEqualTo(file.get("path").asString());
			assertThat(browser.text(card + "[data-fact=lock]")).isEqualTo(file.at("/settings/lock").asString());
			assertThat(browser.text(card + "[data-fact=access]")).isEqualTo(file.at("/settings/access").asString());
			assertThat(browser.text(card + "[data-fact=backend]")).isEqualTo(file.get("backend").asString());
			assertThat(browser.text(card + "[data-fact=size]")).isEqualTo(bytes(file.get("size").asLong()));
			assertThat(browser.text(card + "[data-fact=mapped]")).isEqualTo(bytes(file.get("mappedSize").asLong()));
			assertThat(browser.text(card + ".badge")).isEqualTo("no problems");
			assertThat(browser.text(card + "[data-fact=last-flush]")).isNotEqualTo("–");
		}
	}

	@Test
	void cardOfTheJournalShowsWhatActuatorShows() throws Exception {
		assertThat(sample.visit("8.8.8.8").statusCode()).isEqualTo(201);
		JsonNode journal = sample.get("/actuator/yammap/journal", JsonNode.class);
		String card = "#files [data-name=journal] ";
		browser.awaitText(card + "[data-fact=records]",
				(text) -> number(text) == journal.at("/records/next").asLong() - journal.at("/records/first").asLong());
		assertThat(browser.text(card + ".path")).isEqualTo(journal.get("path").asString());
		assertThat(browser.text(card + "[data-fact=size]")).isEqualTo(bytes(journal.get("size").asLong()));
		assertThat(browser.text(card + "[data-fact=segments]")).isEqualTo(journal.get("segments").asString());
		assertThat(browser.text(card + "[data-fact=access]")).isEqualTo(journal.at("/settings/access").asString());
		assertThat(browser.text(card + "[data-fact=lock]")).isEqualTo("exclusive");
		assertThat(browser.text(card + "[data-fact=backend]")).isEqualTo(journal.get("backend").asString());
		assertThat(browser.text(card + "[data-fact=mapped]")).isEqualTo(bytes(journal.get("mappedSize").asLong()));
		assertThat(browser.text(card + ".badge")).isEqualTo("no problems");
		assertThat(browser.text(card + ".strip-text")).startsWith("Newest segment: ");
	}

	@Test
	void chartShowsTheTimesOfFlushes() throws Exception {
		assertThat(sample.visit("8.8.8.8").statusCode()).isEqualTo(201);
		browser.await("#files [data-name=journal] .chart canvas");
		String card = "#files [data-name=journal] ";
		browser.awaitText(card + ".chart-title",
				(text) -> text.matches("(?s).*p50 [\\d.,]+ (ns|µs|ms).*p99 [\\d.,]+ (ns|µs|ms|s).*"));
		browser.awaitText(card + "[data-fact=flushes]", (text) -> number(text) == Math.round(flushes()));
	}

	@Test
	void cellsEmptyWhenAFileIsDroppedAndFillWhenItIsRead() throws Exception {
		String card = "#files [data-name=countries] ";
		long pages = sample.get("/actuator/yammap/countries", JsonNode.class).get("size").asLong() / 4096 + 1;
		browser.click(card + "[data-action=fill]");
		browser.awaitText(card + ".outcome", (text) -> text.startsWith("The file 'countries' was read"));
		browser.awaitText(card + ".strip-text", (text) -> text.startsWith(pages + " of " + pages + " pages cached"));
		assertThat(browser.findAll(card + ".strip i[data-state=cached]")).hasSize((int) ((pages + 7) / 8));
		browser.click(card + "[data-action=drop]");
		browser.awaitText(card + ".outcome", (text) -> text.startsWith("The file 'countries' was dropped"));
		browser.awaitText(card + ".strip-text", (text) -> number(text.split(" ", 2)[0]) < pages / 2);
		assertThat(browser.findAll(card + ".strip i[data-state=evicted], " + card + ".strip i[data-state=none]"))
			.isNotEmpty();
		browser.click(card + "[data-action=fill]");
		browser.awaitText(card + ".strip-text", (text) -> text.startsWith(pages + " of " + pages + " pages cached"));
		browser.awaitText(card + ".outcome", (text) -> text.startsWith("The file 'countries' was read"));
		assertThat(sample.get("/actuator/yammap/countries", JsonNode.class).at("/pageCache/cached").asLong())
			.isEqualTo(pages);
	}

	@Test
	void cellOfACounterIsDirtyUntilItIsFlushed() throws Exception {
		String card = "#files [data-name=counters] ";
		assertThat(sample.visit("8.8.8.8").statusCode()).isEqualTo(201);
		browser.await(card + ".strip i[data-state=dirty]");
		browser.click(card + "[data-action=flush]");
		browser.awaitText(card + ".outcome", (text) -> text.startsWith("The file 'counters' is flushed"));
		browser.awaitText(card + ".strip-text", (text) -> text.contains(" 0 dirty, 0 writeback"));
		assertThat(browser.findAll(card + ".strip i[data-state=dirty]")).isEmpty();
	}

	@Test
	void tableIsReplacedUnderLoadWithoutAnError() throws Exception {
		browser.record("#swap-steps");
		browser.click("#swap-start");
		browser.awaitRecorded("data-step=\"building\" data-state=\"now\"");
		browser.await("#swap-steps [data-step=switched][data-state=done]");
		String result = browser.awaitText("#swap-result", (text) -> text.contains("The slowest look-up took"));
		Matcher figures = Pattern
			.compile("([\\d,]+) look-ups meanwhile, no error.*From inode (\\d+) to inode (\\d+)", Pattern.DOTALL)
			.matcher(result);
		assertThat(figures.find()).as(result).isTrue();
		assertThat(number(figures.group(1))).isPositive();
		assertThat(figures.group(3)).isNotEqualTo(figures.group(2))
			.isEqualTo(java.nio.file.Files.getAttribute(directory.resolve("countries.bin"), "unix:ino").toString());
		assertThat(sample.get("/actuator/yammap/countries", JsonNode.class).at("/reloads/succeeded").asInt())
			.isPositive();
	}

	@Test
	void commandThatKillsIsShown() {
		assertThat(browser.text("#kill-command")).isEqualTo("kill -9 " + sample.pid());
		browser.click("#kill-copy");
		browser.awaitText("#announcement", (text) -> text.startsWith("The command is "));
	}

	@Test
	void colourSchemeFollowsTheSystemAndTheSwitchWhichIsRemembered() {
		String light = background();
		browser.prefer("prefers-color-scheme", "dark");
		String dark = background();
		assertThat(dark).isNotEqualTo(light);
		browser.click("#theme label:has([value=light])");
		assertThat(background()).isEqualTo(light);
		browser.reload();
		assertThat(background()).isEqualTo(light);
		browser.click("#theme label:has([value=auto])");
		assertThat(background()).isEqualTo(dark);
	}

	@ParameterizedTest
	@CsvSource({ "light, 1360", "dark, 1360", "light, 375", "dark, 375" })
	void axeFindsNothing(String scheme, int width) throws Exception {
		assertThat(sample.visit("8.8.8.8").statusCode()).isEqualTo(201);
		browser.prefer("prefers-color-scheme", scheme);
		browser.resize(width);
		browser.click("#address-form button[value=find]");
		browser.awaitText("#address-result", (text) -> text.contains("Found in"));
		browser.awaitText("#figure-visits", (text) -> number(text) > 0);
		browser.assertAccessible();
	}

	@ParameterizedTest
	@ValueSource(ints = { 320, 375, 700, 768, 1024, 1360, 1920 })
	void nothingSticksOut(int width) {
		browser.resize(width);
		browser.assertNothingSticksOut();
		Object out = browser.run("""
				return [...document.querySelectorAll('body *:not(.sr, .sr *, .skip)')]
					.filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5)
					.map((element) => element.outerHTML.slice(0, 80));
				""");
		assertThat((List<?>) out).isEmpty();
	}

	@Test
	void everythingIsReachedByKeyboardInTheOrderOfThePage() {
		Set<String> reached = new HashSet<>();
		browser.run("document.activeElement.blur()");
		browser.find("body").sendKeys(Keys.TAB);
		assertThat(browser.focused().getText()).isEqualTo("Skip to the figures");
		for (WebElement focused = browser.focused(); !focused.getTagName().equals("body"); focused = browser
			.focused()) {
			String text = Objects.requireNonNull(focused.getDomProperty("textContent")).strip();
			assertThat(browser.run("return getComputedStyle(arguments[0]).outlineStyle", focused)).as(text)
				.isEqualTo("solid");
			reached.add(Objects.requireNonNullElse(focused.getDomAttribute("id"), "") + "/" + text);
			focused.sendKeys(Keys.TAB);
		}
		assertThat(reached).contains("ip/", "ip-random/Random", "/Look up", "/Record a visit", "burst-visits/",
				"burst-threads/", "burst-start/Start", "swap-start/Replace the table", "kill-copy/Copy",
				"/Drop from cache", "/Read it all", "/Flush", "/Prometheus");
	}

	@ParameterizedTest
	@ValueSource(strings = { "#files [data-name=countries] [data-action=fill]", "#swap-start" })
	void buttonHasTheFocusAgainWhenItsWorkIsDone(String button) {
		browser.record(button);
		browser.find(button).sendKeys(Keys.ENTER);
		browser.awaitRecorded("disabled");
		browser.await(button + ":enabled");
		assertThat(browser.focused()).isEqualTo(browser.find(button));
	}

	@Test
	void nothingMovesForWhoWantsNoMotion() {
		browser.prefer("prefers-reduced-motion", "reduce");
		assertThat(browser.run("return getComputedStyle(document.querySelector('.strip i')).transitionProperty"
				+ " + getComputedStyle(document.querySelector('.strip i')).transitionDuration"))
			.asString()
			.doesNotContain("0.2s");
	}

	@Test
	void linksLeadToTheInterfaceForPrograms() throws Exception {
		List<WebElement> links = browser.findAll("footer nav a");
		assertThat(links).hasSize(6);
		for (WebElement link : links) {
			String uri = Objects.requireNonNull(link.getDomAttribute("href"));
			assertThat(sample.get("/" + uri).statusCode()).as(uri).isEqualTo(200);
		}
	}

	private static void showAllCountries() {
		WebElement all = browser.find("#countries-all");
		if (all.isDisplayed() && "false".equals(all.getDomAttribute("aria-expanded"))) {
			browser.click("#countries-all");
		}
	}

	/**
	 * The browser itself complains of an answer that refuses something.
	 */
	private static void assertRefused(int status) {
		assertThat(browser.complaints()).singleElement().asString().contains("status of " + status);
	}

	private static String background() {
		return (String) browser.run("return getComputedStyle(document.body).backgroundColor");
	}

	private static long visits() {
		return api("/api/totals?top=0").at("/instance/visits").asLong();
	}

	private static long visitsFrom(String country) {
		return api("/api/countries?top=676").valueStream()
			.filter((entry) -> entry.get("country").asString().equals(country))
			.mapToLong((entry) -> entry.get("visits").asLong())
			.sum();
	}

	private static double flushes() {
		return api("/actuator/metrics/yammap.sync").at("/measurements").isMissingNode() ? 0
				: api("/actuator/metrics/yammap.sync?tag=file:journal").get("measurements")
					.valueStream()
					.filter((measurement) -> measurement.get("statistic").asString().equals("COUNT"))
					.mapToDouble((measurement) -> measurement.get("value").asDouble())
					.sum();
	}

	private static JsonNode api(String path) {
		try {
			return sample.get(path, JsonNode.class);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static long number(String text) {
		return text.matches("[\\d,]+") ? Long.parseLong(text.replace(",", "")) : -1;
	}

	/**
	 * As the page writes it: three significant digits.
	 */
	private static String bytes(long value) {
		return (String) browser.run("""
				const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
				const unit = Math.max(0, Math.min(4, Math.floor(Math.log2(arguments[0]) / 10)));
				return new Intl.NumberFormat('en', { maximumSignificantDigits: 3 }).format(arguments[0] / 1024 ** unit)
					+ ' ' + units[unit];
				""", value);
	}

}
