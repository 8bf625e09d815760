package dev.yammap.benchmarks.peers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import dev.yammap.benchmarks.peers.Operation.Contender;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a run has measured.
 *
 * @param date the day, in UTC
 * @param system what it ran on
 * @param versions those of the peers
 * @param rounds how often everything was measured
 * @param operations by their names
 */
record PeerResults(String date, Map<String, String> system, Map<String, String> versions, int rounds,
		Map<String, OperationResult> operations) {

	private static final List<String> JARS = List.of("chronicle-bytes", "chronicle-queue", "agrona", "lucene-core");

	/**
	 * The results of one operation.
	 *
	 * @param unit that of the figures
	 * @param peers by their names
	 */
	record OperationResult(String unit, Map<String, PeerResult> peers) {
	}

	/**
	 * The results of a peer.
	 *
	 * @param figure of all rounds
	 * @param ofYammap the peer's figure divided by that of Yammap in the same round
	 */
	record PeerResult(Spread figure, Spread ofYammap) {
	}

	/**
	 * The middle and the ends of some figures, to three digits.
	 *
	 * @param median the middle one
	 * @param lowest the least
	 * @param highest the greatest
	 */
	record Spread(double median, double lowest, double highest) {

		static Spread of(List<Double> figures) {
			List<Double> sorted = figures.stream().sorted().toList();
			int half = sorted.size() / 2;
			double median = (sorted.size() % 2 == 1) ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
			return new Spread(round(median), round(sorted.getFirst()), round(sorted.getLast()));
		}

		private static double round(double figure) {
			return Double.parseDouble(String.format(java.util.Locale.ROOT, "%.3g", figure));
		}

	}

	static PeerResults of(Map<Operation, Map<Contender, List<Double>>> scores, int rounds, Path directory)
			throws IOException {
		Map<String, OperationResult> operations = new LinkedHashMap<>();
		scores.forEach((operation, figures) -> {
			List<Double> own = figures.values().iterator().next();
			Map<String, PeerResult> peers = new LinkedHashMap<>();
			figures.forEach((contender, of) -> {
				List<Double> ratios = IntStream.range(0, rounds).mapToObj((i) -> of.get(i) / own.get(i)).toList();
				peers.put(contender.peer(), new PeerResult(Spread.of(of), Spread.of(ratios)));
			});
			operations.put(operation.name(), new OperationResult(operation.unit(), peers));
		});
		return new PeerResults(LocalDate.now(ZoneOffset.UTC).toString(), readSystem(directory), readVersions(), rounds,
				operations);
	}

	private static Map<String, String> readSystem(Path directory) throws IOException {
		Map<String, String> system = new LinkedHashMap<>();
		system.put("java", Runtime.version().toString());
		system.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
		system.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
		system.put("processor", processor());
		system.put("fileSystem", Files.getFileStore(directory).type());
		return system;
	}

	private static String processor() throws IOException {
		return Files.readAllLines(Path.of("/proc/cpuinfo"), StandardCharsets.UTF_8)
			.stream()
			.filter((line) -> line.startsWith("model name"))
			.map((line) -> line.replaceFirst(".*: ", ""))
			.findFirst()
			.orElse("unknown");
	}

	private static Map<String, String> readVersions() {
		Map<String, String> versions = new LinkedHashMap<>();
		for (String jar : JARS) {
			Matcher matcher = Pattern.compile("/" + jar + "-([^/]+)\\.jar")
				.matcher(System.getProperty("java.class.path"));
			versions.put(jar, matcher.find() ? matcher.group(1) : "unknown");
		}
		return versions;
	}

	/** Returns one figure of each peer of an operation. */
	Map<String, Double> figures(String operation, ToDoubleFunction<PeerResult> figure) {
		Map<String, Double> figures = new LinkedHashMap<>();
		this.operations.get(operation)
			.peers()
			.forEach((peer, result) -> figures.put(peer, figure.applyAsDouble(result)));
		return figures;
	}

	void write(Path file) throws IOException {
		Files.createDirectories(file.getParent());
		String json = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build().writeValueAsString(this);
		Files.writeString(file, json + "\n");
	}

}
