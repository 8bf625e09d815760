package dev.yammap.benchmarks.startup;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts an application in a virtual machine of its own.
 */
final class StartupProcess {

	private final List<String> command;

	private final Path directory;

	/**
	 * Has {@link StartupApplication} started.
	 * @param options options of the virtual machine
	 * @param classPath the entries of the class path
	 * @param directory the working directory, and that of the files
	 */
	StartupProcess(List<String> options, List<String> classPath, Path directory) {
		this(options, classPath, directory, StartupApplication.class, "--spring.config.name=startup");
	}

	/**
	 * Says what to start.
	 * @param options options of the virtual machine
	 * @param classPath the entries of the class path
	 * @param directory the working directory, and that of the files
	 * @param application the application, which says {@link StartupApplication#READY}
	 * @param arguments its arguments
	 */
	StartupProcess(List<String> options, List<String> classPath, Path directory, Class<?> application,
			String... arguments) {
		this.directory = directory;
		this.command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-cp", String.join(File.pathSeparator, classPath), "--enable-native-access=ALL-UNNAMED"));
		this.command.addAll(options);
		this.command.add(application.getName());
		this.command.addAll(List.of(arguments));
	}

	/**
	 * Starts the application and waits for its end.
	 * @return the milliseconds from its launch until it was ready
	 */
	double start() throws IOException, InterruptedException {
		return run().ready();
	}

	/**
	 * Starts the application and waits for its end.
	 * @return what is known of it then
	 */
	Run run() throws IOException, InterruptedException {
		long start = System.nanoTime();
		Process process = new ProcessBuilder(this.command).directory(this.directory.toFile())
			.redirectErrorStream(true)
			.start();
		double ready = Double.NaN;
		List<String> output = new ArrayList<>();
		try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
			for (String line = lines.readLine(); line != null; line = lines.readLine()) {
				if (line.equals(StartupApplication.READY)) {
					ready = (System.nanoTime() - start) / 1e6;
				}
				output.add(line);
			}
		}
		if (process.waitFor() != 0 || Double.isNaN(ready)) {
			throw new IllegalStateException("The application did not start:\n" + String.join("\n", output));
		}
		return new Run(ready, output);
	}

	/**
	 * What is known of an application that has ended.
	 *
	 * @param ready the milliseconds from its launch until it was ready
	 * @param output what it wrote, by lines
	 */
	record Run(double ready, List<String> output) {
	}

}
