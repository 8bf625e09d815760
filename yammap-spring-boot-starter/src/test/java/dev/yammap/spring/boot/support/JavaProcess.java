package dev.yammap.spring.boot.support;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs a program in a virtual machine of its own, with the class path of the tests.
 *
 * @param exitCode how it ended
 * @param output what it printed and logged
 */
public record JavaProcess(int exitCode, String output) {

	private static final int PATIENCE_SECONDS = 180;

	/**
	 * Runs a program to its end.
	 * @param options options of the virtual machine
	 * @param program the class with the main method
	 * @param arguments what it is given
	 * @throws IllegalStateException if it does not end; it is ended then
	 */
	public static JavaProcess run(List<String> options, Class<?> program, String... arguments)
			throws IOException, InterruptedException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.add("--enable-native-access=ALL-UNNAMED");
		command.addAll(options);
		command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
		command.addAll(List.of(arguments));
		Path output = Files.createTempFile("output", ".txt");
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(output.toFile())
				.start();
			process.getOutputStream().close();
			boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
			process.destroyForcibly();
			String text = Files.readString(output, StandardCharsets.UTF_8);
			if (!ended) {
				throw new IllegalStateException(program + " does not end: " + text);
			}
			return new JavaProcess(process.exitValue(), text);
		}
		finally {
			Files.delete(output);
		}
	}

}
