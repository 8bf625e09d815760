package dev.yammap.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.yammap.benchmarks.peers.Operation.Contender;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs each peer through each operation, in a fork of its own, and repeats all of that in
 * each further round. A slow minute of the machine then affects neighbours alike, and
 * ratios are taken within a round. It writes {@code docs/figures/peers.json} and the
 * plots of it, which are the one source of the figures that the documentation quotes:
 *
 * <pre>
 * java -cp … dev.yammap.benchmarks.peers.PeersComparison 3 [option of JMH …]
 * </pre>
 */
public final class PeersComparison {

	/** What the peers ask Java 25 to be started with. All forks are started with it. */
	private static final String[] FLAGS = { "--enable-native-access=ALL-UNNAMED",
			"--sun-misc-unsafe-memory-access=allow", "-Dchronicle.analytics.disable=true",
			"--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED", "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
			"--add-exports=jdk.unsupported/sun.misc=ALL-UNNAMED",
			"--add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED",
			"--add-opens=jdk.compiler/com.sun.tools.javac=ALL-UNNAMED", "--add-opens=java.base/java.lang=ALL-UNNAMED",
			"--add-opens=java.base/java.lang.reflect=ALL-UNNAMED", "--add-opens=java.base/java.io=ALL-UNNAMED",
			"--add-opens=java.base/java.util=ALL-UNNAMED", "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
			"--add-opens=java.base/java.nio=ALL-UNNAMED", "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED" };

	private final CommandLineOptions options;

	private final Path file;

	private PeersComparison(CommandLineOptions options, Path file) {
		this.options = options;
		this.file = file;
	}

	public static void main(String[] args) throws CommandLineOptionException, RunnerException, IOException {
		int rounds = Integer.parseInt(args[0]);
		Path directory = Files.createTempDirectory("yammap-peers");
		Path file = directory.resolve("file");
		try {
			CommandLineOptions options = new CommandLineOptions(Arrays.copyOfRange(args, 1, args.length));
			Map<Operation, Map<Contender, List<Double>>> scores = new PeersComparison(options, file).run(rounds);
			Path figures = root().resolve("docs/figures");
			PeerResults results = PeerResults.of(scores, rounds, directory);
			results.write(figures.resolve("peers.json"));
			PeerPlots.write(results, figures);
		}
		finally {
			Files.deleteIfExists(file);
			Files.delete(directory);
		}
	}

	private static Path root() {
		Path directory = Path.of("").toAbsolutePath();
		while (Files.notExists(directory.resolve("docs/design.md"))) {
			directory = Objects.requireNonNull(directory.getParent(), "The root of the project was not found");
		}
		return directory;
	}

	private Map<Operation, Map<Contender, List<Double>>> run(int rounds) throws RunnerException {
		Map<Operation, Map<Contender, List<Double>>> scores = new LinkedHashMap<>();
		for (int round = 0; round < rounds; round++) {
			for (Operation operation : Operation.all()) {
				for (Contender contender : operation.contenders()) {
					double score = score(operation, contender);
					scores.computeIfAbsent(operation, (key) -> new LinkedHashMap<>())
						.computeIfAbsent(contender, (key) -> new ArrayList<>())
						.add(score);
					System.out.printf("%d: %s, %s: %.4g %s%n", round + 1, operation.name(), contender.peer(), score,
							operation.unit());
				}
			}
		}
		return scores;
	}

	private double score(Operation operation, Contender contender) throws RunnerException {
		ChainedOptionsBuilder builder = new OptionsBuilder().parent(this.options)
			.include("\\." + contender.benchmark() + "$")
			.forks(1)
			.threads(operation.threads())
			.jvmArgsAppend(FLAGS)
			.jvmArgsPrepend("-D" + PeerBenchmark.FILE + "=" + this.file,
					"-Djmh.executor=" + (operation.virtual() ? "VIRTUAL" : "PLATFORM"))
			.shouldFailOnError(true)
			.verbosity(VerboseMode.SILENT);
		contender.parameters().forEach(builder::param);
		Collection<RunResult> results = new Runner(builder.build()).run();
		if (results.size() != 1) {
			throw new IllegalStateException(results.size() + " benchmarks are called " + contender.benchmark());
		}
		return operation.figure(results.iterator().next().getPrimaryResult().getScore());
	}

}
