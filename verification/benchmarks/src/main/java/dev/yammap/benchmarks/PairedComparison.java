package dev.yammap.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;

import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Compares two benchmarks that differ by a few percent. The speed of a machine may change
 * by more than that from one minute to the next. So each is run many times, in a fork of
 * its own and in turn with the other, and each pair of neighbours gives one ratio:
 *
 * <pre>
 * java -cp … dev.yammap.benchmarks.PairedComparison PositionalBenchmark.writeMmap PositionalBenchmark.writeSegment 15 [option of JMH …]
 * </pre>
 *
 * It prints the median score of each, and the median and the quartiles of the ratios.
 */
public final class PairedComparison {

	/** The property that names the file which all forks use. It need not exist. */
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
		Pairs pairs = new Pairs(this.first, this.second);
		for (int round = 0; round < rounds; round++) {
			// The two take turns at being first.
			boolean inOrder = round % 2 == 0;
			double before = score(inOrder ? this.first : this.second);
			double after = score(inOrder ? this.second : this.first);
			pairs.add(inOrder ? before : after, inOrder ? after : before);
		}
		pairs.print();
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
