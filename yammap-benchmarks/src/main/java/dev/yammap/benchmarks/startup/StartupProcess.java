package dev.yammap.benchmarks.startup;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts {@link StartupApplication} in a virtual machine of its own.
 */
final class StartupProcess {

	private final List<String> command;

	private final Path directory;

	/**
	 * Says what to start.
	 * @param options options of the virtual machine
	 * @param classPath the entries of the class path
	 * @param directory the working directory, and that of the files
	 */
	StartupProcess(List<String> options, List<String> classPath, Path directory) {
		this.directory = directory;
		this.command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-cp", String.join(File.pathSeparator, classPath), "--enable-native-access=ALL-UNNAMED"));
		this.command.addAll(options);
		this.command.addAll(List.of(StartupApplication.class.getName(), "--spring.config.name=startup"));
	}

	/**
	 * Starts the application and waits for its end.
	 * @return the milliseconds from its launch until it was ready
	 */
	double start() throws IOException, InterruptedException {
		long start = System.nanoTime();
		Process process = new ProcessBuilder(this.command).directory(this.directory.toFile())
			.redirectErrorStream(true)
			.start();
		double ready = Double.NaN;
		StringBuilder output = new StringBuilder();
		try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
			for (String line = lines.readLine(); line != null; line = lines.readLine()) {
				if (line.equals(StartupApplication.READY)) {
					ready = (System.nanoTime() - start) / 1e6;
				}
				output.append(line).append('\n');
			}
		}
		if (process.waitFor() != 0 || Double.isNaN(ready)) {
			throw new IllegalStateException("The application did not start:\n" + output);
		}
		return ready;
	}

}
