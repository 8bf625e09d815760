package dev.yammap.docs;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The figures of the one run in which the peers take part, and the places where documents
 * quote them: between {@code <!--= quote -->} and {@code <!--/-->}. A quote is one of
 * <ul>
 * <li>{@code figure OPERATION PEER}: how long it takes, or how many there are a
 * second,</li>
 * <li>{@code times OPERATION PEER}: how many times as fast as the peer Yammap is,</li>
 * <li>{@code of OPERATION PEER}: how long Yammap takes for what the peer takes 1,</li>
 * <li>{@code table OPERATION …}: a table of some operations and all peers,</li>
 * <li>{@code system}: what it ran on.</li>
 * </ul>
 */
final class PeerFigures {

	static final String NAME = "docs/figures/peers.json";

	private static final Pattern QUOTE = Pattern.compile("(<!--= ([^>]*?) -->)(.*?)(<!--/-->)", Pattern.DOTALL);

	private static final Map<String, String> PEERS = Stream
		.of("yammap:Yammap", "segment:bare segment", "mapped-byte-buffer:`MappedByteBuffer`", "agrona:Agrona",
				"chronicle-bytes:Chronicle Bytes", "lucene:Lucene", "chronicle-queue:Chronicle Queue",
				"file-channel:`FileChannel`")
		.map((peer) -> peer.split(":", 2))
		.collect(Collectors.toMap((peer) -> peer[0], (peer) -> peer[1], (one, other) -> one,
				java.util.LinkedHashMap::new));

	private final JsonNode run;

	PeerFigures(String json) {
		this.run = new JsonMapper().readTree(json);
	}

	/** Returns the text without its quotes. */
	static String withoutQuotes(String text) {
		return QUOTE.matcher(text).replaceAll("");
	}

	/** Returns the text with the quotes as the run has them. */
	String fill(String text) {
		return QUOTE.matcher(text)
			.replaceAll((match) -> Matcher.quoteReplacement(match.group(1) + quoted(match) + match.group(4)));
	}

	private String quoted(MatchResult match) {
		List<String> words = List.of(match.group(2).split(" ", -1));
		return switch (words.getFirst()) {
			case "figure" ->
				figure(words.get(1), spread(words.get(1), words.get(2), "figure").get("median").asDouble());
			case "times" -> {
				double ratio = spread(words.get(1), words.get(2), "ofYammap").get("median").asDouble();
				yield ratio(isRate(words.get(1)) ? 1 / ratio : ratio);
			}
			case "of" -> ratio(1 / spread(words.get(1), words.get(2), "ofYammap").get("median").asDouble());
			case "table" -> "\n" + table(words.subList(1, words.size())) + "\n";
			case "system" -> system();
			default -> throw new IllegalArgumentException("Not a quote: " + match.group(2));
		};
	}

	private boolean isRate(String operation) {
		return operation(operation).get("unit").asString().equals("1/s");
	}

	private JsonNode operation(String name) {
		JsonNode operation = this.run.get("operations").get(name);
		if (operation == null) {
			throw new IllegalArgumentException("The run has no operation " + name);
		}
		return operation;
	}

	private JsonNode spread(String operation, String peer, String which) {
		JsonNode result = operation(operation).get("peers").get(peer);
		if (result == null) {
			throw new IllegalArgumentException("The run has no peer " + peer + " for " + operation);
		}
		return result.get(which);
	}

	private String figure(String operation, double figure) {
		if (isRate(operation)) {
			return String.format(Locale.ROOT, "%,.0f", figure);
		}
		if (figure < 1e3) {
			return digits(figure) + " ns";
		}
		return (figure < 1e6) ? digits(figure / 1e3) + " µs" : digits(figure / 1e6) + " ms";
	}

	private static String digits(double figure) {
		return String.format(Locale.ROOT, (figure < 10) ? "%.2f" : (figure < 100) ? "%.1f" : "%.0f", figure);
	}

	private static String ratio(double ratio) {
		return String.format(Locale.ROOT, (ratio < 10) ? "%.2f" : "%.0f", ratio);
	}

	private String table(List<String> operations) {
		List<String> peers = PEERS.keySet()
			.stream()
			.filter((peer) -> operations.stream().anyMatch((operation) -> operation(operation).get("peers").has(peer)))
			.toList();
		StringBuilder table = new StringBuilder("| |");
		peers.forEach((peer) -> table.append(' ').append(PEERS.get(peer)).append(" |"));
		table.append("\n|---|").append("---|".repeat(peers.size())).append('\n');
		for (String operation : operations) {
			table.append("| ").append(operation).append(" |");
			peers.forEach((peer) -> table.append(cell(operation, peer)).append(" |"));
			table.append('\n');
		}
		return table.toString();
	}

	/**
	 * Returns the median. For all but the project itself it is followed by the ratio and
	 * its ends.
	 */
	private String cell(String operation, String peer) {
		if (!operation(operation).get("peers").has(peer)) {
			return "";
		}
		String figure = " " + figure(operation, spread(operation, peer, "figure").get("median").asDouble());
		if (peer.equals("yammap")) {
			return figure;
		}
		JsonNode of = spread(operation, peer, "ofYammap");
		return "%s; %s (%s–%s)".formatted(figure, ratio(of.get("median").asDouble()),
				ratio(of.get("lowest").asDouble()), ratio(of.get("highest").asDouble()));
	}

	private String system() {
		JsonNode system = this.run.get("system");
		String versions = this.run.get("versions")
			.properties()
			.stream()
			.map((version) -> version.getKey() + " " + version.getValue().asString())
			.collect(Collectors.joining(", "));
		return "%s virtual cores of an %s, %s, %s, Java %s; %s; %d rounds on %s".formatted(
				system.get("processors").asString(), system.get("processor").asString(),
				system.get("fileSystem").asString(), system.get("kernel").asString(), system.get("java").asString(),
				versions, this.run.get("rounds").asInt(), this.run.get("date").asString());
	}

}
