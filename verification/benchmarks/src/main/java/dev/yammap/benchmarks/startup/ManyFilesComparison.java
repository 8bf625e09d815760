package dev.yammap.benchmarks.startup;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Measures what 1,000 files, or as many as the first argument says, cost an application
 * with a web server, Actuator and Prometheus. How much later is it ready than without a
 * file: if it creates the files, and if they exist? How long does a scrape take? The
 * other arguments are options of the virtual machine.
 */
public final class ManyFilesComparison {

	private static final int STARTS = 3;

	private ManyFilesComparison() {
	}

	public static void main(String[] args) throws IOException, InterruptedException {
		int count = (args.length > 0) ? Integer.parseInt(args[0]) : 1000;
		List<String> options = Arrays.stream(args).skip(1).toList();
		Path directory = Files.createTempDirectory("yammap-many-files");
		try {
			compare(count, options, directory);
		}
		finally {
			delete(directory);
		}
	}

	private static void compare(int count, List<String> options, Path directory)
			throws IOException, InterruptedException {
		StartupProcess without = process(0, options, directory);
		StartupProcess with = process(count, options, directory);
		Path data = Files.createDirectory(directory.resolve("data"));
		List<Double> timesWithout = new ArrayList<>();
		List<Double> timesNew = new ArrayList<>();
		List<Double> timesPresent = new ArrayList<>();
		List<StartupProcess.Run> runs = new ArrayList<>();
		without.run();
		for (int i = 0; i < STARTS; i++) {
			timesWithout.add(without.run().ready());
			delete(data);
			Files.createDirectory(data);
			timesNew.add(with.run().ready());
			runs.add(with.run());
			timesPresent.add(runs.getLast().ready());
		}
		print("ready without files", timesWithout);
		print("ready with " + count + " new files", timesNew);
		print("ready with " + count + " files", timesPresent);
		print("first scrape", runs.stream().map((run) -> scrapes(run).getFirst()).toList());
		print("later scrapes", runs.stream().flatMap((run) -> scrapes(run).stream().skip(1)).toList());
		System.out.println(runs.getLast().output().stream().filter(ManyFilesComparison::isScrape).toList().getLast());
	}

	private static StartupProcess process(int count, List<String> options, Path directory) throws IOException {
		StringBuilder yaml = new StringBuilder("""
				server.port: 0
				management.endpoints.web.exposure.include: prometheus
				logging.level.dev.yammap: warn
				yammap:
				  base-dir: data
				  files:
				""");
		for (int i = 0; i < count; i++) {
			yaml.append("    file-%d: { path: file-%d.bin, size: 4KB }%n".formatted(i, i));
		}
		String name = "files-" + count;
		Files.writeString(directory.resolve(name + ".yml"), yaml);
		List<String> classPath = List.of(System.getProperty("java.class.path").split(File.pathSeparator, -1));
		return new StartupProcess(options, classPath, directory, ManyFilesApplication.class,
				"--spring.config.name=" + name, "--spring.config.location=" + directory.toUri());
	}

	private static boolean isScrape(String line) {
		return line.startsWith(ManyFilesApplication.SCRAPE);
	}

	private static List<Double> scrapes(StartupProcess.Run run) {
		return run.output()
			.stream()
			.filter(ManyFilesComparison::isScrape)
			.map((line) -> Double.valueOf(line.split(" ", -1)[1]))
			.toList();
	}

	private static void print(String what, List<Double> millis) {
		List<Double> sorted = millis.stream().sorted().toList();
		System.out.printf("%-32s median %5.0f ms, from %.0f to %.0f, of %d%n", what, sorted.get(sorted.size() / 2),
				sorted.getFirst(), sorted.getLast(), sorted.size());
	}

	private static void delete(Path directory) throws IOException {
		try (Stream<Path> files = Files.walk(directory)) {
			for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
				Files.delete(file);
			}
		}
	}

}
