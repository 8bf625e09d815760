package dev.yammap.journal.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Runs a program of the system and insists that it succeeds.
 */
final class Command {

	private Command() {
	}

	static String run(Object... words) throws IOException {
		List<String> command = List.of(words).stream().map(Object::toString).toList();
		Process process = start(command);
		process.getOutputStream().close();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
		int exitCode = waitFor(process);
		if (exitCode != 0) {
			throw new IOException("'%s' ended with %d: %s".formatted(String.join(" ", command), exitCode, output));
		}
		return output;
	}

	private static Process start(List<String> command) throws IOException {
		try {
			return new ProcessBuilder(command).redirectErrorStream(true).start();
		}
		catch (IOException ex) {
			throw new IOException("The fault tests need the program '%s': install it".formatted(command.getFirst()),
					ex);
		}
	}

	private static int waitFor(Process process) throws IOException {
		try {
			return process.waitFor();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException("Interrupted while waiting for a program", ex);
		}
	}

}
