package dev.yammap.docs;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Prometheus gets when it scrapes: the metrics, their labels, and the values of the
 * labels.
 *
 * @param metrics for each metric, the values by label
 */
record Exposition(Map<String, Map<String, Set<String>>> metrics) {

	private static final Pattern SAMPLE = Pattern.compile("(?m)^([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? \\S+$");

	private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:\\\\.|[^\"\\\\])*)\"");

	static Exposition parse(String text) {
		Map<String, Map<String, Set<String>>> metrics = new TreeMap<>();
		Matcher sample = SAMPLE.matcher(text);
		while (sample.find()) {
			Map<String, Set<String>> labels = metrics.computeIfAbsent(sample.group(1), (_) -> new TreeMap<>());
			Matcher label = LABEL.matcher((sample.group(2) != null) ? sample.group(2) : "");
			while (label.find()) {
				labels.computeIfAbsent(label.group(1), (_) -> new TreeSet<>()).add(label.group(2));
			}
		}
		return new Exposition(metrics);
	}

	/** Returns the names of the metrics of the starter. */
	Set<String> ownMetrics() {
		Set<String> names = new TreeSet<>(this.metrics.keySet());
		names.removeIf((name) -> !name.startsWith("yammap_"));
		return names;
	}

	/** Returns the names of the labels of a metric, empty if there is no such metric. */
	Set<String> labels(String metric) {
		return this.metrics.getOrDefault(metric, Map.of()).keySet();
	}

	/** Returns the values of a label of a metric, empty if it has no such label. */
	Set<String> values(String metric, String label) {
		return this.metrics.getOrDefault(metric, Map.of()).getOrDefault(label, Set.of());
	}

}
