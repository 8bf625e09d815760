package dev.yammap.benchmarks.startup;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Compares how long an application takes to be ready with the starter and three files,
 * and without, from the launch of the process on. The two are started in turn, each 20
 * times unless said otherwise, in both {@linkplain Flavor flavors} unless said otherwise:
 *
 * <pre>
 * java -cp … dev.yammap.benchmarks.startup.StartupComparison [--starts=20] [--flavor=plain] [option of the virtual machine …]
 * </pre>
 *
 * What it writes are milliseconds.
 */
public final class StartupComparison {

	private static final String STARTS = "--starts=";

	private static final String FLAVOR = "--flavor=";

	private StartupComparison() {
	}

	public static void main(String[] args) throws IOException, InterruptedException {
		int starts = 20;
		List<Flavor> flavors = List.of(Flavor.values());
		List<String> options = new ArrayList<>();
		for (String arg : args) {
			if (arg.startsWith(STARTS)) {
				starts = Integer.parseInt(arg.substring(STARTS.length()));
			}
			else if (arg.startsWith(FLAVOR)) {
				flavors = List.of(Flavor.valueOf(arg.substring(FLAVOR.length()).toUpperCase(Locale.ROOT)));
			}
			else {
				options.add(arg);
			}
		}
		Path directory = Files.createTempDirectory("yammap-startup");
		try {
			for (Flavor flavor : flavors) {
				compare(flavor, options, directory, starts);
			}
		}
		finally {
			delete(directory);
		}
	}

	private static void compare(Flavor flavor, List<String> options, Path directory, int starts)
			throws IOException, InterruptedException {
		List<String> classPath = flavor.classPath(System.getProperty("java.class.path").split(File.pathSeparator, -1));
		StartupProcess without = new StartupProcess(options, Flavor.withoutStarter(classPath), directory);
		StartupProcess with = new StartupProcess(options, Flavor.withStarter(classPath), directory);
		// The first start creates the files, and fills the page cache.
		without.start();
		with.start();
		List<Double> timesWithout = new ArrayList<>();
		List<Double> timesWith = new ArrayList<>();
		for (int i = 0; i < starts; i++) {
			timesWithout.add(without.start());
			timesWith.add(with.start());
		}
		print(flavor, "without", timesWithout);
		print(flavor, "with", timesWith);
		System.out.printf("%-6s %-8s median %5.0f%n", flavor, "more", median(timesWith) - median(timesWithout));
	}

	private static void print(Flavor flavor, String what, List<Double> times) {
		System.out.printf("%-6s %-8s median %5.0f, from %.0f to %.0f, of %d starts%n", flavor, what, median(times),
				times.stream().mapToDouble(Double::doubleValue).min().orElseThrow(),
				times.stream().mapToDouble(Double::doubleValue).max().orElseThrow(), times.size());
	}

	private static double median(List<Double> times) {
		double[] sorted = times.stream().mapToDouble(Double::doubleValue).sorted().toArray();
		int middle = sorted.length / 2;
		return (sorted.length % 2 == 1) ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
	}

	private static void delete(Path directory) throws IOException {
		try (Stream<Path> files = Files.walk(directory)) {
			for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
				Files.delete(file);
			}
		}
	}

}
