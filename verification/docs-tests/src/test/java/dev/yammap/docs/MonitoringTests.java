package dev.yammap.docs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.yammap.docs.Monitoring.Alert;
import dev.yammap.docs.Monitoring.Query;
import dev.yammap.docs.PromQl.LabelMatcher;
import dev.yammap.docs.PromQl.Selector;
import dev.yammap.journal.Journal;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares the dashboard and the alerts with what Prometheus gets from an application.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MonitoringTests {

	/** What Prometheus adds to everything that it scrapes. */
	private static final Set<String> LABELS_OF_TARGET = Set.of("instance", "job");

	private static final Pattern LABEL_IN_TEMPLATE = Pattern.compile("\\{\\{\\s*(?:\\$labels\\.)?(\\w+)\\s*}}");

	private static final Set<String> SEVERITIES = Set.of("critical", "warning", "info");

	@SuppressWarnings("NullAway.Init")
	private Exposition exposition;

	static Stream<Query> queries() {
		return Stream
			.of(Monitoring.queriesOfPanels().stream(), Monitoring.queriesOfVariables().stream(),
					Monitoring.alerts().stream().map((alert) -> new Query(alert.name(), alert.query())))
			.flatMap((queries) -> queries);
	}

	static List<Alert> alerts() {
		return Monitoring.alerts();
	}

	static List<JsonNode> panels() {
		return Monitoring.panels();
	}

	@BeforeAll
	void scrape(@TempDir Path directory) throws Exception {
		Files.writeString(directory.resolve("table"), "content");
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		try (ConfigurableApplicationContext context = application.run("--yammap.base-dir=" + directory,
				"--yammap.files.journal.path=journal", "--yammap.files.journal.access=append",
				"--yammap.files.table.path=table", "--yammap.files.table.access=read-only",
				"--yammap.files.table.reload-on-update=true", "--yammap.journals.orders.path=orders",
				"--yammap.journals.orders.segment-size=64KB",
				// As the chapter says.
				"--management.metrics.tags.application=orders",
				"--management.metrics.distribution.percentiles-histogram.yammap.sync=true")) {
			context.getBean(Journal.class).reader("billing").close();
			this.exposition = Exposition.parse(context.getBean(PrometheusMeterRegistry.class).scrape());
		}
		assertThat(this.exposition.ownMetrics()).isNotEmpty();
	}

	@ParameterizedTest
	@MethodSource("queries")
	void everyQueryNamesMetricsAndLabelsThatThereAre(Query query) {
		PromQl parsed = PromQl.parse(query.text());
		Set<String> labels = new TreeSet<>(LABELS_OF_TARGET);
		assertThat(parsed.selectors()).isNotEmpty().allSatisfy((selector) -> {
			assertThat(this.exposition.metrics()).containsKey(selector.metric());
			labels.addAll(this.exposition.labels(selector.metric()));
			assertThat(selector.matchers()).allSatisfy((matcher) -> assertIsThere(selector, matcher));
		});
		assertThat(labels).containsAll(parsed.groupings());
	}

	private void assertIsThere(Selector selector, LabelMatcher matcher) {
		if (LABELS_OF_TARGET.contains(matcher.label())) {
			return;
		}
		Set<String> values = this.exposition.values(selector.metric(), matcher.label());
		assertThat(values).as("values of %s in %s", matcher.label(), selector.metric()).isNotEmpty();
		if (!matcher.value().startsWith("$")) {
			assertThat(values).anyMatch(matcher::names);
		}
	}

	@Test
	void everyMetricIsOnTheDashboard() {
		assertThat(Monitoring.queriesOfPanels()).flatExtracting((query) -> PromQl.parse(query.text()).selectors())
			.extracting(Selector::metric)
			.containsAll(this.exposition.ownMetrics());
	}

	@ParameterizedTest
	@MethodSource("panels")
	void everyPanelAsksTheChosenSourceForTheChosenFiles(JsonNode panel) {
		assertThat(panel.get("description").stringValue()).matches("(?s)[A-Z].*[.]");
		assertThat(panel.at("/datasource/uid").stringValue()).isEqualTo("${datasource}");
		for (JsonNode target : panel.get("targets")) {
			assertThat(target.at("/datasource/uid").stringValue()).isEqualTo("${datasource}");
			PromQl query = PromQl.parse(target.get("expr").stringValue());
			for (Selector selector : query.selectors()) {
				Set<String> chosen = this.exposition.labels(selector.metric()).contains("file")
						? Set.of("application", "instance", "file") : Set.of("application", "instance");
				assertThat(selector.matchers()).extracting(LabelMatcher::label).containsAll(chosen);
			}
			assertLabelsAreThere(target.get("legendFormat").stringValue(), query);
		}
	}

	@Test
	void panelsHaveNumbersOfTheirOwnAndDoNotOverlap() {
		List<Integer> ids = new ArrayList<>();
		Set<String> places = new TreeSet<>();
		for (JsonNode panel : Monitoring.dashboard().get("panels")) {
			ids.add(panel.get("id").intValue());
			JsonNode grid = panel.get("gridPos");
			for (int x = grid.get("x").intValue(); x < grid.get("x").intValue() + grid.get("w").intValue(); x++) {
				assertThat(x).isLessThan(24);
				for (int y = grid.get("y").intValue(); y < grid.get("y").intValue() + grid.get("h").intValue(); y++) {
					assertThat(places.add(x + "," + y)).as("one panel at %d,%d", x, y).isTrue();
				}
			}
		}
		assertThat(ids).isNotEmpty().doesNotHaveDuplicates();
	}

	@ParameterizedTest
	@MethodSource("alerts")
	void everyAlertSaysWhatItMeansAndWhatToDo(Alert alert) {
		assertThat(alert.labels().get("severity")).isIn(SEVERITIES);
		assertThat(alert.annotations()).containsOnlyKeys("summary", "description", "action");
		assertThat(alert.annotations().get("summary")).isNotBlank().doesNotEndWith(".");
		assertThat(alert.annotations().get("description")).endsWith(".");
		assertThat(alert.annotations().get("action")).endsWith(".");
		PromQl query = PromQl.parse(alert.query());
		alert.annotations().values().forEach((text) -> assertLabelsAreThere(text, query));
	}

	private void assertLabelsAreThere(String template, PromQl query) {
		Set<String> labels = new TreeSet<>(LABELS_OF_TARGET);
		query.selectors().forEach((selector) -> labels.addAll(this.exposition.labels(selector.metric())));
		assertThat(labels)
			.containsAll(LABEL_IN_TEMPLATE.matcher(template).results().map((match) -> match.group(1)).toList());
	}

	@Test
	void chapterExplainsEveryAlertAndNoOther() {
		assertThat(Documents.get("docs/guide/metrics-and-alerts.md").section("What to alert on").firstCells())
			.filteredOn((cell) -> !cell.isEmpty())
			.extracting(List::getFirst)
			.filteredOn((name) -> name.startsWith("Yammap"))
			.containsExactlyElementsOf(Monitoring.alerts().stream().map(Alert::name).toList());
	}

	@Test
	void chapterListsEveryMeter() {
		List<String> listed = Documents.get("docs/guide/metrics-and-alerts.md")
			.code()
			.stream()
			.flatMap((code) -> Pattern.compile("yammap(_[a-z]+)+").matcher(code).results().map(MatchResult::group))
			.toList();
		assertThat(this.exposition.ownMetrics()).filteredOn((metric) -> !metric.startsWith("yammap_sync_seconds_"))
			.isNotEmpty()
			.allSatisfy((metric) -> assertThat(listed).contains(metric));
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
