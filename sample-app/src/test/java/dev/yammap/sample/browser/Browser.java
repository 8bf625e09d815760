package dev.yammap.sample.browser;

import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.logging.Level;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

import dev.yammap.sample.SampleProcess;
import org.openqa.selenium.By;
import org.openqa.selenium.TimeoutException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A Chromium without a window.
 */
final class Browser implements AutoCloseable {

	private static final Duration DEADLINE = Duration.ofMinutes(3);

	private static final Duration PAUSE = Duration.ofMillis(25);

	/** Each with its status, when it began, and when its answer began and ended. */
	private static final String REQUESTS = """
			return performance.getEntriesByType('resource').map((entry) => `${entry.name} ${entry.responseStatus}`
				+ ` ${entry.startTime} ${entry.responseStart} ${entry.responseEnd}`).join(', ');
			""";

	private static final String RECORD = """
			window.recorded = [];
			new MutationObserver(() => recorded.push(arguments[0].outerHTML))
				.observe(arguments[0], { attributes: true, childList: true, characterData: true, subtree: true });
			""";

	private static final int HEIGHT = 900;

	private static final int SHADES = 0x030303;

	private final ChromeDriver driver;

	Browser() {
		ChromeOptions options = new ChromeOptions();
		options.setBinary(
				program("browser.binary", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"));
		// Root may run it without its sandbox alone; and there may be no shared memory to
		// speak of.
		options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
				"--hide-scrollbars");
		LoggingPreferences logs = new LoggingPreferences();
		logs.enable(LogType.BROWSER, Level.ALL);
		options.setCapability("goog:loggingPrefs", logs);
		this.driver = new ChromeDriver(new ChromeDriverService.Builder()
			.usingDriverExecutable(new File(program("browser.driver", "/usr/bin/chromedriver")))
			.build(), options);
		resize(1360);
	}

	private static String program(String property, String... candidates) {
		String given = System.getProperty(property);
		List<String> paths = (given != null) ? List.of(given) : List.of(candidates);
		return paths.stream()
			.filter((path) -> Files.isExecutable(Path.of(path)))
			.findFirst()
			.orElseThrow(() -> new IllegalStateException("There is none of " + paths
					+ ": install the packages chromium and chromium-driver, or name the program by -D" + property));
	}

	/**
	 * Opens the page and waits until it is live. If it is not, the failure tells how far
	 * the page has come, and what the server does.
	 */
	void open(SampleProcess sample) throws IOException, InterruptedException {
		this.driver.get("http://localhost:" + sample.port() + "/");
		try {
			await("#connection[data-state=live]");
		}
		catch (TimeoutException ex) {
			throw new AssertionError("The page is not live. It shows: " + text("#connection") + " " + text("#banner")
					+ "\nIt has asked for: " + run(REQUESTS) + "\nThe browser says: " + complaints()
					+ "\nThe server does:\n" + sample.threads(), ex);
		}
		await("#map [data-code=FR]");
		await("#files article:nth-of-type(3)");
	}

	void reload() {
		this.driver.navigate().refresh();
		await("#connection[data-state=live]");
	}

	/**
	 * Makes the window as wide as a screen of that width, in CSS pixels.
	 */
	void resize(int width) {
		this.driver.executeCdpCommand("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", HEIGHT, "deviceScaleFactor", 1, "mobile", width < 500));
	}

	/**
	 * Sets what the user prefers, such as {@code prefers-color-scheme}.
	 */
	void prefer(String feature, String value) {
		this.driver.executeCdpCommand("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", feature, "value", value))));
	}

	WebElement find(String selector) {
		return this.driver.findElement(By.cssSelector(selector));
	}

	List<WebElement> findAll(String selector) {
		return this.driver.findElements(By.cssSelector(selector));
	}

	String text(String selector) {
		return Objects.requireNonNull(find(selector).getDomProperty("textContent")).strip();
	}

	/**
	 * Lets requests fail whose URL has one of these patterns, until the next call.
	 */
	void block(String... urls) {
		this.driver.executeCdpCommand("Network.enable", Map.of());
		this.driver.executeCdpCommand("Network.setBlockedURLs", Map.of("urls", List.of(urls)));
	}

	void click(String selector) {
		WebElement element = find(selector);
		run("arguments[0].scrollIntoView({ block: 'center' })", element);
		element.click();
	}

	/**
	 * Replaces what is in a field.
	 */
	void type(String selector, String text) {
		WebElement field = find(selector);
		field.clear();
		field.sendKeys(text);
	}

	/**
	 * From now on, records what an element becomes, however short it is so.
	 */
	void record(String selector) {
		run(RECORD, find(selector));
	}

	/**
	 * Waits until the element that is recorded has once had something in it.
	 */
	void awaitRecorded(String part) {
		new WebDriverWait(this.driver, DEADLINE, PAUSE).withMessage(() -> part + " in " + run("return recorded"))
			.until((_) -> run("return recorded.some((text) => text.includes(arguments[0]))", part).equals(true));
	}

	WebElement await(String selector) {
		return new WebDriverWait(this.driver, DEADLINE, PAUSE).withMessage("an element " + selector)
			.until((_) -> findAll(selector).stream().findFirst().orElse(null));
	}

	/**
	 * Waits until the text of an element is what is wanted.
	 * @return the text
	 */
	String awaitText(String selector, Predicate<String> wanted) {
		return new WebDriverWait(this.driver, DEADLINE, PAUSE)
			.withMessage(() -> "the text of " + selector + ", which is: " + text(selector))
			.until((_) -> {
				String text = text(selector);
				return wanted.test(text) ? text : null;
			});
	}

	Object run(String script, Object... arguments) {
		return this.driver.executeScript(script, arguments);
	}

	WebElement focused() {
		return this.driver.switchTo().activeElement();
	}

	/**
	 * Returns what the browser has complained of since the last call.
	 */
	List<String> complaints() {
		return this.driver.manage().logs().get(LogType.BROWSER).getAll().stream().map(LogEntry::getMessage).toList();
	}

	void assertNothingSticksOut() {
		assertThat((Long) run("return document.documentElement.scrollWidth")).as("the width of the page")
			.isLessThanOrEqualTo((Long) run("return window.innerWidth"));
	}

	/**
	 * Has axe look for obstacles of people with a disability.
	 */
	void assertAccessible() throws IOException {
		try (InputStream axe = Objects.requireNonNull(Browser.class.getResourceAsStream("/axe.min.js"))) {
			run(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
		}
		this.driver.manage().timeouts().scriptTimeout(DEADLINE);
		Object violations = this.driver.executeAsyncScript(
				"""
						const done = arguments[0];
						axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => done(violations
							.map((rule) => rule.impact + ': ' + rule.help + ' ' + rule.nodes.map((node) => node.html + ' ' + node.failureSummary))));
						""");
		assertThat((List<?>) violations).as("what axe finds").isEmpty();
	}

	/**
	 * Takes a picture of the whole page.
	 */
	void picture(Path file) throws IOException {
		picture(file, "html");
	}

	/**
	 * Takes a picture of the page down to the end of an element, in a small file: shades
	 * that nobody can tell apart become one.
	 */
	void smallPicture(Path file, String lastElement) throws IOException {
		picture(file, lastElement);
		BufferedImage image = ImageIO.read(file.toFile());
		BufferedImage small = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
		for (int y = 0; y < image.getHeight(); y++) {
			for (int x = 0; x < image.getWidth(); x++) {
				small.setRGB(x, y, image.getRGB(x, y) | SHADES);
			}
		}
		ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
		ImageWriteParam parameters = writer.getDefaultWriteParam();
		parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
		parameters.setCompressionQuality(0);
		Files.delete(file);
		try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
			writer.setOutput(out);
			writer.write(null, new IIOImage(small, null, null), parameters);
		}
		finally {
			writer.dispose();
		}
	}

	private void picture(Path file, String lastElement) throws IOException {
		new Actions(this.driver).moveToLocation(0, 0).perform();
		Object height = run("return Math.ceil(document.querySelector(arguments[0]).getBoundingClientRect().bottom"
				+ " + scrollY + (arguments[0] === 'html' ? 0 : 14))", lastElement);
		Map<String, Object> clip = Map.of("x", 0, "y", 0, "width", run("return window.innerWidth"), "height", height,
				"scale", 1);
		String data = (String) this.driver
			.executeCdpCommand("Page.captureScreenshot",
					Map.of("format", "png", "captureBeyondViewport", true, "clip", clip))
			.get("data");
		Files.createDirectories(Objects.requireNonNull(file.getParent()));
		Files.write(file, Base64.getDecoder().decode(data));
	}

	@Override
	public void close() {
		this.driver.quit();
	}

}
