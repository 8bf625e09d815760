package dev.yammap.sample;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

import dev.yammap.Mmap;
import dev.yammap.PageCacheStats;
import dev.yammap.sample.live.LiveFeed;
import dev.yammap.spring.boot.test.autoconfigure.AutoConfigureMappedFiles;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.test.web.servlet.client.assertj.RestTestClientResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/**
 * Tests what the start page asks the server for, without a browser.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "yammap.reload-interval=100ms")
@AutoConfigureRestTestClient
@AutoConfigureMappedFiles
@ExtendWith(OutputCaptureExtension.class)
@Timeout(1_800)
class SampleLiveTests {

	@Autowired
	private RestTestClient client;

	@Autowired
	private JsonMapper mapper;

	@Autowired
	private Mmap countries;

	@Autowired
	private Mmap counters;

	@Autowired
	private LiveFeed feed;

	@LocalServerPort
	private int port;

	private Events events;

	@BeforeEach
	void listen() throws IOException {
		this.events = new Events();
	}

	@AfterEach
	void stopListening() {
		this.events.close();
	}

	@Test
	void pageThatOpensHearsEverythingAtOnce() throws IOException {
		this.events.await("state", (state) -> state.at("/process/pid").asLong() == ProcessHandle.current().pid());
		this.events.await("countries", JsonNode::isArray);
		JsonNode strip = this.events.await("pages", (pages) -> pages.has("countries")).get("countries");
		assertThat(strip.get("pages").asLong())
			.isEqualTo((this.countries.size() + 4095) / strip.get("pageSize").asLong());
		assertThat(strip.get("cells").size()).isBetween(1, 128);
	}

	@Test
	void pageHearsOfTheRestWhileAFileIsBroken(CapturedOutput output) throws IOException {
		byte[] content = Files.readAllBytes(this.counters.path());
		Files.write(this.counters.path(), new byte[0]);
		try (Events page = new Events()) {
			page.await("beat", (_) -> true);
			page.await("pages", (pages) -> pages.has("countries"));
			page.await("state", (state) -> state.has("visits"));
			assertThat(output.getAll()).containsOnlyOnce("The live figures 'countries' cannot be read");
		}
		finally {
			Files.write(this.counters.path(), content);
		}
		this.events.await("countries", JsonNode::isArray);
	}

	@Test
	void brokenFileFailsOnlyTheRequestsThatNeedIt(CapturedOutput output) throws IOException {
		byte[] content = Files.readAllBytes(this.counters.path());
		Files.write(this.counters.path(), new byte[0]);
		try {
			assertProblem(get("/api/countries?top=10"), HttpStatus.INTERNAL_SERVER_ERROR,
					"The files of this service cannot be used at the moment");
			assertThat(output).contains("MappedFaultException", this.counters.path().toString(),
					"somebody else shortened it");
			assertThat(get("/api/countries/8.8.8.8")).hasStatusOk();
			assertThat(post("/api/visits", "{\"ip\":\"8.8.8.8\"}")).hasStatus(HttpStatus.CREATED);
			RestTestClientResponse health = get("/actuator/health/yammap");
			assertThat(health).hasStatus(HttpStatus.SERVICE_UNAVAILABLE);
			assertThat(read(health).at("/components/counters/details/problems").toString()).contains("shortened");
			assertThat(read(health).at("/components/journal/status").asString()).isEqualTo("UP");
		}
		finally {
			Files.write(this.counters.path(), content);
		}
	}

	@Test
	void visitIsToldToThePage() throws IOException {
		long before = this.events.await("state", (_) -> true).get("visits").asLong();
		assertThat(post("/api/visits", "{\"ip\":\"2.16.74.1\"}")).hasStatus(HttpStatus.CREATED);
		this.events.await("state", (state) -> state.get("visits").asLong() > before);
		this.events.await("countries",
				(list) -> list.valueStream().anyMatch((entry) -> entry.get("country").asString().equals("NL")));
	}

	@Test
	void lookUpTellsHowLongItTook() {
		JsonNode found = read(get("/api/live/countries/8.8.8.8"));
		assertThat(found.get("country").asString()).isEqualTo("US");
		assertThat(found.get("ranges").asInt()).isEqualTo(385_372);
		assertThat(found.get("firstNanos").asLong()).isPositive();
		assertThat(found.get("medianNanos").asLong()).isPositive();
		assertThat(get("/api/live/countries/x")).hasStatus(HttpStatus.BAD_REQUEST);
	}

	@Test
	void burstIsDurableAndTellsHowManyFlushesItTook() throws IOException {
		long visits = visits();
		double flushes = flushes();
		assertThat(post("/api/live/burst", "{\"visits\":2000,\"threads\":100}")).hasStatus(HttpStatus.ACCEPTED);
		JsonNode burst = this.events
			.await("state",
					(state) -> state.at("/burst/done").asInt() == 2000 && !state.at("/burst/running").asBoolean())
			.get("burst");
		assertThat(burst.get("failed").asInt()).isZero();
		assertThat(visits()).isEqualTo(visits + 2000);
		// How many visits share a flush depends on the disk. Where the journal goes on in
		// another segment, a flush takes two.
		assertThat(burst.get("flushes").asDouble()).isPositive()
			.isLessThanOrEqualTo(2001)
			.isEqualTo(flushes() - flushes);
	}

	@Test
	void oneBurstRunsAtATimeAndCanBeCancelled() throws IOException {
		RestTestClientResponse first;
		RestTestClientResponse second;
		RestTestClientResponse cancel;
		do {
			// On a fast disk a burst may be over before the next request comes.
			first = post("/api/live/burst", "{\"visits\":20000,\"threads\":1}");
			second = post("/api/live/burst", "{\"visits\":1,\"threads\":1}");
			cancel = post("/api/live/burst/cancel", "");
		}
		while (status(first) != HttpStatus.ACCEPTED || status(second) != HttpStatus.CONFLICT
				|| status(cancel) != HttpStatus.OK);
		assertProblem(second, HttpStatus.CONFLICT, "A burst is running already: cancel it, or wait until it has ended");
		JsonNode burst = this.events.await("state", (state) -> state.at("/burst/visits").asInt() == 20000
				&& state.at("/burst/cancelled").asBoolean() && !state.at("/burst/running").asBoolean());
		assertThat(burst.at("/burst/done").asInt()).isLessThan(20000);
		assertProblem(post("/api/live/burst/cancel", ""), HttpStatus.CONFLICT, "No burst is running");
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '"', value = { "0, 1, visits, 20000", "20001, 1, visits, 20000",
			"null, 1, visits, 20000", "1, 0, threads, 1000", "1, 1001, threads, 1000", "1, null, threads, 1000" })
	void burstOutOfItsLimitsIsABadRequest(String visits, String threads, String field, String max) {
		assertProblem(post("/api/live/burst", "{\"visits\":" + visits + ",\"threads\":" + threads + "}"),
				HttpStatus.BAD_REQUEST, "The field '" + field + "' must be a number from 1 to " + max);
	}

	@Test
	void fileIsDroppedFromThePageCacheAndReadAgain() throws IOException {
		assertThat(post("/api/live/files/countries/drop", "")).hasStatus(HttpStatus.NO_CONTENT);
		assertThat(post("/api/live/files/countries/fill", "")).hasStatus(HttpStatus.NO_CONTENT);
		this.events.await("pages", (pages) -> cached(pages.get("countries")) == pages.at("/countries/pages").asLong());
	}

	@Test
	void counterThatWasWrittenIsDirtyUntilItIsFlushed() throws IOException {
		assertThat(post("/api/visits", "{\"ip\":\"8.8.8.8\"}")).hasStatus(HttpStatus.CREATED);
		assertThat(post("/api/live/files/counters/flush", "")).hasStatus(HttpStatus.NO_CONTENT);
		assertThat(read(get("/actuator/yammap/counters")).at("/events/lastSync").isString()).isTrue();
	}

	@Test
	void journalIsFlushedDroppedAndReadAgain() throws IOException {
		assertThat(post("/api/visits", "{\"ip\":\"8.8.8.8\"}")).hasStatus(HttpStatus.CREATED);
		for (String action : new String[] { "flush", "drop", "fill" }) {
			assertThat(post("/api/live/files/journal/" + action, "")).hasStatus(HttpStatus.NO_CONTENT);
		}
		this.events.await("pages", (pages) -> cached(pages.get("journal")) == pages.at("/journal/pages").asLong());
	}

	@ParameterizedTest
	@ValueSource(strings = { "flush", "drop", "fill" })
	void unknownFileIsNotFound(String action) {
		assertProblem(post("/api/live/files/other/" + action, ""), HttpStatus.NOT_FOUND,
				"There is no open file 'other'");
	}

	@Test
	void tableIsReplacedUnderLoadWithoutAnError() throws IOException {
		Object before = Files.getAttribute(this.countries.path(), "unix:ino");
		assertThat(post("/api/live/table", "")).hasStatus(HttpStatus.ACCEPTED);
		JsonNode swap = this.events
			.await("state",
					(state) -> state.has("swap") && state.at("/swap/running").isBoolean()
							&& !state.at("/swap/running").asBoolean())
			.get("swap");
		assertThat(swap.get("phase").asString()).isEqualTo("switched");
		assertThat(swap.get("errors").asLong()).isZero();
		assertThat(swap.get("lookUps").asLong()).isPositive();
		assertThat(swap.at("/before/inode").asLong()).isEqualTo(before);
		assertThat(swap.at("/after/inode").asLong()).isNotEqualTo(before)
			.isEqualTo(Files.getAttribute(this.countries.path(), "unix:ino"));
		assertThat(read(get("/actuator/yammap/countries")).at("/reloads/succeeded").asInt()).isPositive();
		assertThat(get("/api/countries/8.8.8.8")).bodyJson().extractingPath("$.country").isEqualTo("US");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/api/live/burst", "/api/live/burst/cancel", "/api/live/table",
			"/api/live/files/counters/flush", "/api/visits" })
	void otherSitesMayNotPost(String uri) {
		for (String site : new String[] { "cross-site", "same-site" }) {
			assertProblem(exchange(this.client.post()
				.uri(uri)
				.header("Sec-Fetch-Site", site)
				.contentType(MediaType.APPLICATION_JSON)
				.body("{}")), HttpStatus.FORBIDDEN, "Another site may not ask for this");
		}
	}

	@ParameterizedTest
	@CsvSource({ "http://other.example, 403", "http://localhost:1, 403", "null, 403", "no origin, 403",
			"http://localhost:{port}, 204" })
	void otherSitesMayNotPostWhereTheBrowserTellsOnlyTheOrigin(String origin, int status) {
		assertThat(exchange(this.client.post()
			.uri("/api/live/files/counters/flush")
			.header("Origin", origin.replace("{port}", String.valueOf(this.port))))).hasStatus(status);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/api/live/burst", "/api/live/burst/cancel", "/api/live/table",
			"/api/live/files/counters/drop" })
	void nothingIsChangedByGet(String uri) {
		assertThat(get(uri)).hasStatus(HttpStatus.METHOD_NOT_ALLOWED);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/page.css", "/js/page.js", "/webjars/uplot/dist/uPlot.esm.js", "/world.json",
			"/api/countries" })
	void everythingComesFromHereAndNoScriptIsInline(String uri) {
		RestTestClientResponse response = get(uri);
		assertThat(response).hasStatusOk();
		assertThat(response.getExchangeResult().getResponseHeaders().getFirst("Content-Security-Policy"))
			.contains("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'")
			.doesNotContain("unsafe");
	}

	@Test
	void onePageTooManyIsRefusedUntilAnotherIsClosed() throws IOException {
		List<HttpURLConnection> pages = new ArrayList<>();
		try {
			do {
				pages.add(connect());
			}
			while (pages.getLast().getResponseCode() == 200 && pages.size() <= LiveFeed.MAX_SUBSCRIBERS);
			assertThat(pages.getLast().getResponseCode()).isEqualTo(503);
			assertThat(this.mapper.readTree(pages.getLast().getErrorStream()).get("detail").asString())
				.isEqualTo("Too many pages are open: close one, or try again later");
		}
		finally {
			pages.forEach(HttpURLConnection::disconnect);
		}
		new Events().close();
	}

	/** As when a context is stopped and started, or paused. */
	@Test
	void pagesAreRefusedWhileTheFeedIsStoppedAndServedAgainInFull() throws IOException {
		assertThat(post("/api/live/files/countries/drop", "")).hasStatus(HttpStatus.NO_CONTENT);
		this.feed.stop();
		try {
			assertProblem(get("/api/live/events"), HttpStatus.SERVICE_UNAVAILABLE,
					"The server is stopping: try again later");
		}
		finally {
			this.feed.start();
		}
		new Events().close();
		assertThat(post("/api/live/files/countries/fill", "")).hasStatus(HttpStatus.NO_CONTENT);
		PageCacheStats stats = this.countries.pageCache().orElseThrow();
		assertThat(stats.cached() * stats.pageSize()).isGreaterThan(this.countries.size() / 2);
	}

	private HttpURLConnection connect() throws IOException {
		return (HttpURLConnection) URI.create("http://localhost:" + this.port + "/api/live/events")
			.toURL()
			.openConnection();
	}

	private long visits() {
		return read(get("/api/totals?top=0")).at("/instance/visits").asLong();
	}

	private double flushes() {
		return this.mapper
			.readValue(
					get("/actuator/metrics/yammap.sync?tag=file:journal").getExchangeResult().getResponseBodyContent(),
					Metric.class)
			.value("COUNT");
	}

	private static long cached(JsonNode strip) {
		return strip.get("cells").valueStream().mapToLong((cell) -> cell.get(0).asLong()).sum();
	}

	private JsonNode read(RestTestClientResponse response) {
		return this.mapper.readTree(response.getExchangeResult().getResponseBodyContent());
	}

	private RestTestClientResponse get(String uri) {
		return RestTestClientResponse.from(this.client.get().uri(uri).exchange());
	}

	private RestTestClientResponse post(String uri, String body) {
		return exchange(this.client.post().uri(uri).contentType(MediaType.APPLICATION_JSON).body(body));
	}

	private static RestTestClientResponse exchange(RestTestClient.RequestHeadersSpec<?> request) {
		return RestTestClientResponse.from(request.exchange());
	}

	private static HttpStatusCode status(RestTestClientResponse response) {
		return response.getExchangeResult().getStatus();
	}

	private void assertProblem(RestTestClientResponse response, HttpStatus status, String detail) {
		assertThat(response).hasStatus(status).hasContentType(MediaType.APPLICATION_PROBLEM_JSON);
		assertThat(read(response).get("detail").asString()).isEqualTo(detail);
	}

	/**
	 * What the server tells an open page.
	 */
	private final class Events implements AutoCloseable {

		private final HttpURLConnection connection;

		private final BufferedReader lines;

		private final Map<String, JsonNode> last = new HashMap<>();

		Events() throws IOException {
			// The server learns that a page was closed when it tells it something.
			this.connection = Awaitility.await()
				.atMost(Duration.ofMinutes(5))
				.until(this::connectOnce, Objects::nonNull);
			this.lines = new BufferedReader(
					new InputStreamReader(this.connection.getInputStream(), StandardCharsets.UTF_8));
		}

		private @Nullable HttpURLConnection connectOnce() throws IOException {
			HttpURLConnection connection = connect();
			return (connection.getResponseCode() == 200) ? connection : null;
		}

		/**
		 * Waits for an event of which something holds; the last one counts, too.
		 */
		JsonNode await(String name, Predicate<JsonNode> condition) throws IOException {
			while (this.last.get(name) == null || !condition.test(this.last.get(name))) {
				readEvent();
			}
			return this.last.get(name);
		}

		private void readEvent() throws IOException {
			String name = "";
			String line = this.lines.readLine();
			while (line != null && !line.isEmpty()) {
				if (line.startsWith("event:")) {
					name = line.substring(6);
				}
				else if (line.startsWith("data:")) {
					this.last.put(name, SampleLiveTests.this.mapper.readTree(line.substring(5)));
				}
				line = this.lines.readLine();
			}
			if (line == null) {
				fail("The server sends no more");
			}
		}

		@Override
		public void close() {
			this.connection.disconnect();
		}

	}

}
