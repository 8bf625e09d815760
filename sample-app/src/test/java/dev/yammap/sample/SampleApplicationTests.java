package dev.yammap.sample;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

import dev.yammap.journal.Journal;
import dev.yammap.spring.boot.test.autoconfigure.AutoConfigureMappedFiles;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.test.web.servlet.client.RestTestClient.RequestHeadersSpec;
import org.springframework.test.web.servlet.client.assertj.RestTestClientResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the whole application over HTTP.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@AutoConfigureRestTestClient
@AutoConfigureMappedFiles
class SampleApplicationTests {

	@Autowired
	private RestTestClient client;

	@Autowired
	private JsonMapper mapper;

	@Autowired
	private Journal journal;

	@ParameterizedTest
	@CsvSource({ "8.8.8.8, US", "1.0.0.1, AU", "185.1.1.1, PS" })
	void countryOfAnAddressIsFound(String ip, String country) {
		assertThat(get("/api/countries/" + ip)).hasStatusOk()
			.bodyJson()
			.isStrictlyEqualTo("{\"ip\":\"" + ip + "\",\"country\":\"" + country + "\"}");
	}

	@Test
	void addressWithoutACountryIsNotFound() {
		assertProblem(get("/api/countries/127.0.0.1"), HttpStatus.NOT_FOUND)
			.isEqualTo("No country is known for 127.0.0.1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "8.8.8", "8.8.8.8.8", "8.8.8.256", "08.8.8.8", "::1", "x", "8.8.8.-8", "8.8.8.8 " })
	void lookUpOfWhatIsNoAddressIsABadRequest(String ip) {
		assertProblem(get("/api/countries/{ip}", ip), HttpStatus.BAD_REQUEST)
			.isEqualTo("'" + ip + "' is not an IPv4 address: four numbers from 0 to 255 are needed, with dots between "
					+ "them and without leading zeros");
	}

	@Test
	void visitIsRecordedListedAndCounted() {
		long before = visits("NL");
		RestTestClientResponse response = post("{\"ip\":\"2.16.74.1\"}");
		assertThat(response).hasStatus(HttpStatus.CREATED).hasContentType(MediaType.APPLICATION_JSON);
		Visit visit = read(response, Visit.class);
		assertThat(visit.ip()).isEqualTo("2.16.74.1");
		assertThat(visit.country()).isEqualTo("NL");
		assertThat(Duration.between(visit.at(), Instant.now())).isBetween(Duration.ZERO, Duration.ofMinutes(1));
		assertThat(response).hasHeader("Location", "/api/visits?from=" + visit.sequence() + "&limit=1");
		assertThat(read(get("/api/visits?limit=1&from=" + visit.sequence()), Visit[].class)).containsExactly(visit);
		assertThat(visits("NL")).isEqualTo(before + 1);
	}

	@Test
	void visitHasTheFieldsThatAreDocumented() {
		assertThat(post("{\"ip\":\"8.8.8.8\"}")).bodyJson()
			.hasPathSatisfying("$.sequence", (value) -> value.assertThat().isInstanceOf(Number.class))
			.hasPathSatisfying("$.at", (value) -> value.assertThat().asString().endsWith("Z"))
			.extractingPath("$.length()")
			.isEqualTo(4);
	}

	@Test
	void visitOfUnknownCountryIsCountedUnderZz() {
		long before = visits("ZZ");
		assertThat(read(post("{\"ip\":\"10.0.0.1\"}"), Visit.class).country()).isEqualTo("ZZ");
		assertThat(visits("ZZ")).isEqualTo(before + 1);
	}

	@Test
	void visitsAreNumberedWithoutGaps() {
		long first = read(post("{\"ip\":\"8.8.4.4\"}"), Visit.class).sequence();
		assertThat(read(post("{\"ip\":\"8.8.4.4\"}"), Visit.class).sequence()).isEqualTo(first + 1);
		assertThat(read(get("/api/visits?limit=2"), Visit[].class)).extracting(Visit::sequence).containsExactly(0L, 1L);
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "/api/visits?from=9223372036854775807", "/api/visits?limit=0", "/api/visits?from=1000000000" })
	void rangeWithoutVisitsIsAnEmptyArray(String uri) {
		assertThat(get(uri)).hasStatusOk().bodyJson().isStrictlyEqualTo("[]");
	}

	@ParameterizedTest
	@CsvSource({ "from, -1", "from, 9223372036854775808", "from, 99999999999999999999", "from, abc", "from, 1.5",
			"from, 1e3", "from, 0x10", "from, #10", "from, +1", "from, 1_000", "from, ' 1'", "from, \u0661",
			"from, \uff11", "from, 1\u0661" })
	void numberOfAVisitThatIsNoNumberOrOutOfRangeIsABadRequest(String name, String value) {
		assertNoNumber("/api/visits", name, value, Long.MAX_VALUE);
	}

	@ParameterizedTest
	@CsvSource({ "/api/visits, limit, -1, 1000", "/api/visits, limit, 1001, 1000", "/api/visits, limit, 0x1, 1000",
			"/api/visits, limit, 4294967296, 1000", "/api/countries, top, -1, 676", "/api/countries, top, 677, 676",
			"/api/countries, top, many, 676", "/api/countries, top, \u0661, 676" })
	void limitThatIsNoNumberOrOutOfRangeIsABadRequest(String path, String name, String value, long max) {
		assertNoNumber(path, name, value, max);
	}

	private void assertNoNumber(String path, String name, String value, long max) {
		assertProblem(get(path + "?" + name + "={value}", value), HttpStatus.BAD_REQUEST)
			.isEqualTo("The parameter '" + name + "' must be a number from 0 to " + max + ", not '" + value + "'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/api/visits", "/api/visits?from=x", "/unknown", "/actuator/health" })
	void browsersMayNotGuessTheTypeOfAnAnswer(String uri) {
		assertThat(get(uri)).hasHeader("X-Content-Type-Options", "nosniff");
	}

	@Test
	void bodyMayBeAsLongAsTheLimit() {
		assertThat(post(" ".repeat(1008) + "{\"ip\":\"8.8.8.8\"}")).hasStatus(HttpStatus.CREATED);
		assertProblem(post(" ".repeat(1009) + "{\"ip\":\"8.8.8.8\"}"), HttpStatus.CONTENT_TOO_LARGE)
			.isEqualTo("The body must not have more than 1024 bytes");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "{", "{\"ip\":", "[]", "\"8.8.8.8\"", "null", "{\"ip\":{}}", "{\"ip\":[]}",
			"{\"ip\":\"8.8.8.8\"", "{\"ip\":\"8.8.8.8\"}}" })
	void emptyOrBrokenBodyIsABadRequest(String body) {
		assertProblem(post(body), HttpStatus.BAD_REQUEST).isEqualTo("Failed to read request");
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"ip\":null}", "{\"address\":\"8.8.8.8\"}" })
	void missingAddressIsABadRequest(String body) {
		assertProblem(post(body), HttpStatus.BAD_REQUEST).isEqualTo("The field 'ip' is missing");
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"\"", "\"8.8.8\"", "\"8.8.8.256\"", "\"010.8.8.8\"", "\"::1\"", "5", "true" })
	void visitFromWhatIsNoAddressIsABadRequestAndRecordsNothing(String ip) {
		long before = visits("ZZ");
		assertProblem(post("{\"ip\":" + ip + "}"), HttpStatus.BAD_REQUEST).contains("is not an IPv4 address");
		assertThat(visits("ZZ")).isEqualTo(before);
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data" })
	void wrongContentTypeIsUnsupported(String contentType) {
		assertProblem(post("{\"ip\":\"8.8.8.8\"}", MediaType.parseMediaType(contentType)),
				HttpStatus.UNSUPPORTED_MEDIA_TYPE)
			.contains("is not supported");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/api", "/api/visits/1", "/api/countries/8.8.8.8/x", "/unknown" })
	void unknownPathIsNotFound(String uri) {
		assertProblem(get(uri), HttpStatus.NOT_FOUND).isNotEmpty();
	}

	@Test
	void otherMethodsAreNotAllowed() {
		assertProblem(exchange(this.client.delete().uri("/api/visits")), HttpStatus.METHOD_NOT_ALLOWED)
			.isEqualTo("Method 'DELETE' is not supported.");
		assertProblem(exchange(this.client.post().uri("/api/countries")), HttpStatus.METHOD_NOT_ALLOWED)
			.isEqualTo("Method 'POST' is not supported.");
	}

	@Test
	void topCountriesAreInDescendingOrder() {
		for (String ip : new String[] { "1.0.0.1", "1.0.0.2", "8.8.8.8" }) {
			assertThat(post("{\"ip\":\"" + ip + "\"}")).hasStatus(HttpStatus.CREATED);
		}
		CountryVisits[] countries = read(get("/api/countries?top=676"), CountryVisits[].class);
		assertThat(countries).extracting(CountryVisits::country).contains("AU", "US");
		assertThat(countries).extracting(CountryVisits::visits).isSortedAccordingTo(Comparator.reverseOrder());
		assertThat(read(get("/api/countries?top=1"), CountryVisits[].class)).containsExactly(countries[0]);
	}

	@Test
	void totalsAreThoseOfThisInstanceWithoutTheProfileKafka() {
		long before = visits("NL");
		assertThat(post("{\"ip\":\"2.16.74.1\"}")).hasStatus(HttpStatus.CREATED);
		Totals totals = read(get("/api/totals?top=676"), Totals.class);
		assertThat(totals.instance().visits())
			.isEqualTo(totals.instance().countries().stream().mapToLong(CountryVisits::visits).sum());
		assertThat(totals.instance().countries()).contains(new CountryVisits("NL", before + 1));
		assertThat(get("/api/totals?top=0")).bodyJson()
			.isStrictlyEqualTo("{\"instance\":{\"id\":null,\"visits\":" + totals.instance().visits()
					+ ",\"shipped\":null,\"countries\":[]},\"all\":null}");
	}

	@Test
	void startPageIsServed() {
		assertThat(exchange(this.client.get().uri("/").accept(MediaType.TEXT_HTML))).hasStatusOk()
			.bodyText()
			.contains("<title>Yammap – visits by country</title>");
	}

	@Test
	void healthIsUp() {
		assertThat(get("/actuator/health")).hasStatusOk().bodyJson().extractingPath("$.status").isEqualTo("UP");
	}

	@Test
	void healthHasDetailsOfTheFiles() {
		assertThat(get("/actuator/health/yammap")).hasStatusOk()
			.bodyJson()
			.hasPathSatisfying("$.status", (value) -> value.assertThat().isEqualTo("UP"))
			.hasPathSatisfying("$.components.countries.details.size",
					(value) -> value.assertThat().isEqualTo(64 + 385_372 * 10))
			.extractingPath("$.components[*].status")
			.asArray()
			.containsExactly("UP", "UP", "UP");
	}

	@Test
	void endpointShowsTheFilesAndTheJournal() {
		assertThat(get("/actuator/yammap")).hasStatusOk()
			.bodyJson()
			.hasPathSatisfying("$.files.length()", (value) -> value.assertThat().isEqualTo(2))
			.hasPathSatisfying("$.files.countries.settings.access",
					(value) -> value.assertThat().isEqualTo("read-only"))
			.hasPathSatisfying("$.files.counters.size", (value) -> value.assertThat().isEqualTo(5408))
			.extractingPath("$.journals.journal.path")
			.isEqualTo(this.journal.directory().toString());
		assertThat(get("/actuator/yammap/journal")).hasStatusOk()
			.bodyJson()
			.extractingPath("$.settings.access")
			.isEqualTo("read-write");
		assertThat(get("/actuator/yammap/unknown")).hasStatus(HttpStatus.NOT_FOUND);
	}

	@Test
	void endpointOnlyShows() {
		assertThat(exchange(this.client.post().uri("/actuator/yammap/journal")))
			.hasStatus(HttpStatus.METHOD_NOT_ALLOWED);
	}

	@Test
	void metricsFollowTheFiles() {
		double records = metric("yammap.journal.records", "file:journal", "COUNT");
		double syncs = metric("yammap.sync", "file:journal", "COUNT");
		assertThat(post("{\"ip\":\"8.8.8.8\"}")).hasStatus(HttpStatus.CREATED);
		assertThat(metric("yammap.journal.records", "file:journal", "COUNT")).isEqualTo(records + 1);
		assertThat(metric("yammap.sync", "file:journal", "COUNT")).isEqualTo(syncs + 1);
		assertThat(metric("yammap.file.size", "file:counters", "VALUE")).isEqualTo(5408);
		assertThat(metric("yammap.file.size", "file:countries", "VALUE")).isEqualTo(64 + 385_372 * 10);
	}

	@Test
	void prometheusIsExposed() {
		assertThat(get("/actuator/prometheus")).hasStatusOk()
			.bodyText()
			.contains("yammap_sync_seconds_count{", "file=\"journal\"", "yammap_file_size_bytes{file=\"countries\"",
					"yammap_sync_age_seconds{file=\"journal\"",
					"yammap_errors_total{file=\"counters\",operation=\"access\"",
					"yammap_errors_total{file=\"journal\",operation=\"sync\"");
	}

	private RestTestClientResponse get(String uri, Object... variables) {
		return exchange(this.client.get().uri(uri, variables));
	}

	private RestTestClientResponse post(String body) {
		return post(body, MediaType.APPLICATION_JSON);
	}

	private RestTestClientResponse post(String body, MediaType contentType) {
		return exchange(this.client.post()
			.uri("/api/visits")
			.contentType(contentType)
			.body(body.getBytes(StandardCharsets.UTF_8)));
	}

	private static RestTestClientResponse exchange(RequestHeadersSpec<?> request) {
		return RestTestClientResponse.from(request.exchange());
	}

	private <T> T read(RestTestClientResponse response, Class<T> type) {
		return this.mapper.readValue(response.getExchangeResult().getResponseBodyContent(), type);
	}

	private long visits(String country) {
		return Arrays.stream(read(get("/api/countries?top=676"), CountryVisits[].class))
			.filter((counter) -> counter.country().equals(country))
			.mapToLong(CountryVisits::visits)
			.sum();
	}

	private double metric(String name, String tag, String statistic) {
		return read(get("/actuator/metrics/" + name + "?tag=" + tag), Metric.class).value(statistic);
	}

	private static AbstractStringAssert<?> assertProblem(RestTestClientResponse response, HttpStatus status) {
		assertThat(response).hasStatus(status)
			.hasContentType(MediaType.APPLICATION_PROBLEM_JSON)
			.bodyJson()
			.hasPathSatisfying("$.status", (value) -> value.assertThat().isEqualTo(status.value()))
			.hasPathSatisfying("$.title", (value) -> value.assertThat().isEqualTo(status.getReasonPhrase()));
		return assertThat(response).bodyJson().extractingPath("$.detail").asString();
	}

	record Visit(long sequence, String ip, String country, Instant at) {

	}

	record CountryVisits(String country, long visits) {

	}

	record Totals(Instance instance) {

		record Instance(long visits, List<CountryVisits> countries) {

		}

	}

}
