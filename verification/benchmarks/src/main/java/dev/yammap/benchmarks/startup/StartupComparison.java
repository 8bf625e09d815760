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

import org.openjdk.jmh.util.ListStatistics;

/**
 * Compares how long an application takes to be ready with the starter and three files,
 * and without, from the launch of the process on. The two are started in turn, each 20
 * times unless said otherwise, in both {@linkplain Flavor flavors} unless said otherwise:
 *
 * <pre>
 * java -cp … dev.yammap.benchmarks.startup.StartupComparison [--starts=20] [--flavor=plain] [--aot-cache] [option of the virtual machine …]
 * </pre>
 *
 * With {@code --aot-cache} each has a cache of what the virtual machine loads and links
 * (JEP 483), made by a start of its own before. What is written are milliseconds. A pair
 * is a start without and the next one with the starter, between which the machine changes
 * least.
 */
public final class StartupComparison {

	private static final String STARTS = "--starts=";

	private static final String FLAVOR = "--flavor=";

	private static final String AOT_CACHE = "--aot-cache";

	private StartupComparison() {
	}

	public static void main(String[] args) throws IOException, InterruptedException {
		int starts = 20;
		List<Flavor> flavors = List.of(Flavor.values());
		List<String> options = new ArrayList<>();
		boolean cached = false;
		for (String arg : args) {
			if (arg.startsWith(STARTS)) {
				starts = Integer.parseInt(arg.substring(STARTS.length()));
			}
			else if (arg.startsWith(FLAVOR)) {
				flavors = List.of(Flavor.valueOf(arg.substring(FLAVOR.length()).toUpperCase(Locale.ROOT)));
			}
			else if (arg.equals(AOT_CACHE)) {
				cached = true;
			}
			else {
				options.add(arg);
			}
		}
		Path directory = Files.createTempDirectory("yammap-startup");
		try {
			for (Flavor flavor : flavors) {
				List<String> classPath = flavor
					.classPath(System.getProperty("java.class.path").split(File.pathSeparator, -1));
				StartupProcess without = process(options, Flavor.withoutStarter(classPath), directory, cached);
				StartupProcess with = process(options, Flavor.withStarter(classPath), directory, cached);
				compare(flavor, without, with, starts);
			}
		}
		finally {
			delete(directory);
		}
	}

	private static StartupProcess process(List<String> options, List<String> classPath, Path directory, boolean cached)
			throws IOException, InterruptedException {
		if (!cached) {
			return new StartupProcess(options, classPath, directory);
		}
		Path cache = Files.createTempFile(directory, "application", ".aot");
		List<String> all = new ArrayList<>(options);
		all.add("-XX:AOTCacheOutput=" + cache);
		new StartupProcess(all, classPath, directory).start();
		all.set(options.size(), "-XX:AOTCache=" + cache);
		return new StartupProcess(all, classPath, directory);
	}

	private static void compare(Flavor flavor, StartupProcess without, StartupProcess with, int starts)
			throws IOException, InterruptedException {
		// The first start creates the files, and fills the page cache.
		without.start();
		with.start();
		List<Double> timesWithout = new ArrayList<>();
		List<Double> timesWith = new ArrayList<>();
		List<Double> differences = new ArrayList<>();
		for (int i = 0; i < starts; i++) {
			timesWithout.add(without.start());
			timesWith.add(with.start());
			differences.add(timesWith.getLast() - timesWithout.getLast());
		}
		print(flavor, "without", timesWithout);
		print(flavor, "with", timesWith);
		System.out.printf("%-6s %-8s median %5.0f%n", flavor, "more",
				percentile(timesWith, 50) - percentile(timesWithout, 50));
		print(flavor, "in pairs", differences);
	}

	private static void print(Flavor flavor, String what, List<Double> times) {
		System.out.printf("%-6s %-8s median %5.0f, quartiles %.0f and %.0f, of %d starts%n", flavor, what,
				percentile(times, 50), percentile(times, 25), percentile(times, 75), times.size());
	}

	private static double percentile(List<Double> values, int rank) {
		return new ListStatistics(values.stream().mapToDouble(Double::doubleValue).toArray()).getPercentile(rank);
	}

	private static void delete(Path directory) throws IOException {
		try (Stream<Path> files = Files.walk(directory)) {
			for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
				Files.delete(file);
			}
		}
	}

}
