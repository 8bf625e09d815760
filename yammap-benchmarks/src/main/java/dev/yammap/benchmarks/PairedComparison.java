package dev.yammap.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Compares two benchmarks that differ by a few percent. What a machine does from one
 * minute to the next may differ by more, so each is run in a fork of its own again and
 * again, in turn, and the ratio is taken of each pair of neighbours:
 *
 * <pre>
 * java -cp … dev.yammap.benchmarks.PairedComparison PositionalBenchmark.writeMmap PositionalBenchmark.writeSegment 15 [option of JMH …]
 * </pre>
 *
 * What it writes is, of the first and the second, the median of the scores, and the
 * median and the quartiles of the ratios.
 */
public final class PairedComparison {

	/** The property with the path of a file that all forks use, and need not create. */
	static final String SHARED_FILE = "benchmarks.file";

	private final String first;

	private final String second;

	private final CommandLineOptions options;

	private final Path sharedFile;

	private PairedComparison(String first, String second, CommandLineOptions options, Path sharedFile) {
		this.first = first;
		this.second = second;
		this.options = options;
		this.sharedFile = sharedFile;
	}

	public static void main(String[] args) throws CommandLineOptionException, RunnerException, IOException {
		CommandLineOptions options = new CommandLineOptions(Arrays.copyOfRange(args, 3, args.length));
		try (TemporaryFile file = TemporaryFile.create()) {
			new PairedComparison(args[0], args[1], options, file.path()).run(Integer.parseInt(args[2]));
		}
	}

	private void run(int rounds) throws RunnerException {
		double[] firsts = new double[rounds];
		double[] seconds = new double[rounds];
		double[] ratios = new double[rounds];
		for (int round = 0; round < rounds; round++) {
			// Each is the one after the other as often as before it.
			boolean inOrder = round % 2 == 0;
			double before = score(inOrder ? this.first : this.second);
			double after = score(inOrder ? this.second : this.first);
			firsts[round] = inOrder ? before : after;
			seconds[round] = inOrder ? after : before;
			ratios[round] = firsts[round] / seconds[round];
			System.out.printf(Locale.ROOT, "%d: %.4g / %.4g = %.3f%n", round + 1, firsts[round], seconds[round],
					ratios[round]);
		}
		for (double[] scores : List.of(firsts, seconds, ratios)) {
			Arrays.sort(scores);
		}
		System.out.printf(Locale.ROOT, "%s: %.4g, %s: %.4g; ratio: %.3f (quartiles %.3f and %.3f)%n", this.first,
				firsts[rounds / 2], this.second, seconds[rounds / 2], ratios[rounds / 2], ratios[rounds / 4],
				ratios[rounds * 3 / 4]);
	}

	private double score(String benchmark) throws RunnerException {
		ChainedOptionsBuilder builder = new OptionsBuilder().parent(this.options)
			.include("\\." + benchmark + "$")
			.forks(1)
			.jvmArgsAppend("-D" + SHARED_FILE + "=" + this.sharedFile)
			.shouldFailOnError(true)
			.verbosity(VerboseMode.SILENT);
		Collection<RunResult> results = new Runner(builder.build()).run();
		if (results.size() != 1) {
			throw new IllegalArgumentException(results.size() + " benchmarks end in ." + benchmark
					+ ", where one is needed: name the class, too, and fix the parameters by -p");
		}
		return results.iterator().next().getPrimaryResult().getScore();
	}

}
