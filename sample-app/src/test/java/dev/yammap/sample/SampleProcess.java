package dev.yammap.sample;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/**
 * The packaged sample, running in a Java virtual machine of its own.
 */
public final class SampleProcess implements AutoCloseable {

	private static final Duration DEADLINE = Duration.ofSeconds(60);

	private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");

	private static final Pattern STARTED = Pattern.compile("Started SampleApplication in");

	private static final JsonMapper mapper = new JsonMapper();

	private final Process process;

	/**
	 * What the process has written so far; threads that wait for more use it as monitor.
	 */
	private final List<String> output = new ArrayList<>();

	private final Thread reader;

	private final HttpClient client = HttpClient.newHttpClient();

	private boolean ended;

	private SampleProcess(Process process) {
		this.process = process;
		this.reader = Thread.ofPlatform().daemon().start(this::readOutput);
	}

	/**
	 * Starts the sample and does not wait.
	 * @param directory where its files are
	 * @param options options of the virtual machine
	 */
	static SampleProcess launch(Path directory, String... options) throws IOException {
		return launch(directory, 0, options);
	}

	private static SampleProcess launch(Path directory, int port, String... options) throws IOException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of(options));
		command.addAll(List.of("-jar", System.getProperty("sample.jar"), "--server.port=" + port,
				"--yammap.base-dir=" + directory));
		Process process = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
		return new SampleProcess(process);
	}

	/**
	 * Starts the sample and waits until it serves requests.
	 */
	static SampleProcess start(Path directory, String... options) throws IOException, InterruptedException {
		return start(directory, 0, options);
	}

	/**
	 * Starts the sample and waits until it serves requests.
	 * @param port the port to serve them at; 0 takes one that is free
	 */
	public static SampleProcess start(Path directory, int port, String... options)
			throws IOException, InterruptedException {
		SampleProcess sample = launch(directory, port, options);
		sample.awaitOutput(STARTED);
		return sample;
	}

	/**
	 * Returns the port that the sample serves requests at.
	 */
	public int port() throws InterruptedException {
		return Integer.parseInt(awaitOutput(PORT).group(1));
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
		awaitEnd();
		return this.process.exitValue();
	}

	/**
	 * Returns the lines that the process wrote so far.
	 */
	List<String> output() {
		synchronized (this.output) {
			return List.copyOf(this.output);
		}
	}

	public HttpResponse<String> get(String path) throws IOException, InterruptedException {
		return send(HttpRequest.newBuilder(uri(path)).build());
	}

	/**
	 * Sends a GET request that must succeed, and returns the answer.
	 */
	public <T> T get(String path, Class<T> type) throws IOException, InterruptedException {
		HttpResponse<String> response = get(path);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		return mapper.readValue(response.body(), type);
	}

	public HttpResponse<String> visit(String ip) throws IOException, InterruptedException {
		return send(HttpRequest.newBuilder(uri("/api/visits"))
			.header("Content-Type", "application/json")
			.POST(BodyPublishers.ofString("{\"ip\":\"" + ip + "\"}"))
			.build());
	}

	static <T> T read(HttpResponse<String> response, Class<T> type) {
		return mapper.readValue(response.body(), type);
	}

	private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
		return this.client.send(request, BodyHandlers.ofString());
	}

	private URI uri(String path) throws InterruptedException {
		return URI.create("http://localhost:" + port() + path);
	}

	private void awaitEnd() throws InterruptedException {
		assertThat(this.process.waitFor(DEADLINE)).as("the process has ended").isTrue();
		this.reader.join(DEADLINE);
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

	@Override
	public void close() {
		this.process.destroyForcibly();
		this.client.close();
	}

}
