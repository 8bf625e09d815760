package dev.yammap.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The dashboard and the alerts that the documentation offers.
 */
final class Monitoring {

	private static final Path DIRECTORY = Documents.root().resolve("docs/monitoring");

	private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.*),\\s*(\\w+)\\)");

	private Monitoring() {
	}

	static JsonNode dashboard() {
		return new JsonMapper().readTree(read("yammap-dashboard.json"));
	}

	/** Returns the panels of the dashboard, without the headings of rows. */
	static List<JsonNode> panels() {
		return dashboard().get("panels")
			.valueStream()
			.filter((panel) -> !panel.get("type").stringValue().equals("row"))
			.toList();
	}

	/** Returns the queries of the dashboard's panels. */
	static List<Query> queriesOfPanels() {
		List<Query> queries = new ArrayList<>();
		for (JsonNode panel : panels()) {
			String title = panel.get("title").stringValue();
			panel.get("targets").forEach((target) -> queries.add(new Query(title, target.get("expr").stringValue())));
		}
		return queries;
	}

	/** Returns the queries of the dashboard's variables. */
	static List<Query> queriesOfVariables() {
		List<Query> queries = new ArrayList<>();
		for (JsonNode variable : dashboard().at("/templating/list")) {
			if (variable.get("type").stringValue().equals("query")) {
				String name = variable.get("name").stringValue();
				Matcher matcher = LABEL_VALUES.matcher(variable.at("/query/query").stringValue());
				if (!matcher.matches()) {
					throw new IllegalArgumentException("The variable " + name + " is not that of a label");
				}
				// As a query, so that the label is also looked for.
				queries.add(new Query(name, "group by (" + matcher.group(2) + ") (" + matcher.group(1) + ")"));
			}
		}
		return queries;
	}

	static List<Alert> alerts() {
		Object rules = new Yaml().load(read("yammap-alerts.yaml"));
		List<Alert> alerts = new ArrayList<>();
		for (JsonNode group : new JsonMapper().<JsonNode>valueToTree(rules).get("groups")) {
			for (JsonNode rule : group.get("rules")) {
				alerts.add(new Alert(rule.get("alert").stringValue(), rule.get("expr").stringValue(),
						texts(rule.get("labels")), texts(rule.get("annotations"))));
			}
		}
		return alerts;
	}

	private static Map<String, String> texts(JsonNode node) {
		return node.propertyStream()
			.collect(Collectors.toMap(Map.Entry::getKey, (text) -> text.getValue().stringValue()));
	}

	private static String read(String file) {
		try {
			return Files.readString(DIRECTORY.resolve(file));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * A query.
	 *
	 * @param where who asks
	 * @param text what is asked
	 */
	record Query(String where, String text) {

		@Override
		public String toString() {
			return this.where + ": " + this.text;
		}

	}

	/**
	 * A rule that raises an alert.
	 */
	record Alert(String name, String query, Map<String, String> labels, Map<String, String> annotations) {

		@Override
		public String toString() {
			return this.name;
		}

	}

}
