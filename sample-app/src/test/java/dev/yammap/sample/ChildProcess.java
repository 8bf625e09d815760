package dev.yammap.sample;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/**
 * A program that runs in a Java virtual machine of its own.
 */
public class ChildProcess implements AutoCloseable {

	private static final Duration DEADLINE = Duration.ofMinutes(5);

	private final Process process;

	/**
	 * What the process has written so far; threads that wait for more use it as monitor.
	 */
	private final List<String> output = new ArrayList<>();

	private final Thread reader;

	private boolean ended;

	/**
	 * Starts the program and does not wait.
	 * @param directory its working directory
	 * @param arguments options of the virtual machine, what to run, and its arguments
	 */
	ChildProcess(Path directory, List<String> arguments) throws IOException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(arguments);
		this.process = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
		this.reader = Thread.ofPlatform().daemon().start(this::readOutput);
	}

	/**
	 * Returns the number of the process.
	 */
	public long pid() {
		return this.process.pid();
	}

	/**
	 * Waits for a line of output.
	 * @return the match in the first line that has one
	 */
	Matcher awaitOutput(Pattern pattern) throws InterruptedException {
		long deadline = System.nanoTime() + DEADLINE.toNanos();
		int next = 0;
		synchronized (this.output) {
			while (true) {
				for (; next < this.output.size(); next++) {
					Matcher matcher = pattern.matcher(this.output.get(next));
					if (matcher.find()) {
						return matcher;
					}
				}
				long left = deadline - System.nanoTime();
				if (this.ended || left <= 0) {
					return fail("No '%s' in the output:%n%s", pattern, String.join("\n", this.output));
				}
				TimeUnit.NANOSECONDS.timedWait(this.output, left);
			}
		}
	}

	/**
	 * Ends the process at once, as {@code kill -9} does.
	 */
	public void kill() throws InterruptedException {
		this.process.toHandle().destroyForcibly();
		awaitEnd();
	}

	/**
	 * Asks the process to end ({@code SIGTERM}), and waits until it has.
	 * @return its exit status
	 */
	public int terminate() throws InterruptedException {
		// Process.destroy() would close the stream before its last lines are read.
		this.process.toHandle().destroy();
		return awaitEnd();
	}

	/**
	 * Returns the stacks of its platform threads, and of the virtual threads that run on
	 * them. Without the process, the text says so.
	 */
	public String threads() throws IOException {
		Process dump = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jstack").toString(), "-l",
				String.valueOf(pid()))
			.redirectErrorStream(true)
			.start();
		try (BufferedReader lines = dump.inputReader(StandardCharsets.UTF_8)) {
			return lines.lines().collect(Collectors.joining("\n"));
		}
	}

	/**
	 * Returns the lines that the process wrote so far.
	 */
	List<String> output() {
		synchronized (this.output) {
			return List.copyOf(this.output);
		}
	}

	/**
	 * Waits until the process has ended.
	 * @return its exit status
	 */
	int awaitEnd() throws InterruptedException {
		assertThat(this.process.waitFor(DEADLINE)).as("the process has ended").isTrue();
		this.reader.join(DEADLINE);
		return this.process.exitValue();
	}

	private void readOutput() {
		try (BufferedReader lines = this.process.inputReader(StandardCharsets.UTF_8)) {
			for (String line = lines.readLine(); line != null; line = lines.readLine()) {
				add(line, false);
			}
		}
		catch (IOException ex) {
			add("The output could not be read: " + ex, false);
		}
		finally {
			add("", true);
		}
	}

	private void add(String line, boolean end) {
		synchronized (this.output) {
			if (end) {
				this.ended = true;
			}
			else {
				this.output.add(line);
			}
			this.output.notifyAll();
		}
	}

	/** Ends the process, which writes no file any more when this returns. */
	@Override
	public void close() {
		this.process.destroyForcibly().onExit().join();
	}

}
