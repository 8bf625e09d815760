package dev.yammap.sample;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The packaged sample, running in a Java virtual machine of its own.
 */
public final class SampleProcess extends ChildProcess {

	private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");

	private static final Pattern STARTED = Pattern.compile("Started SampleApplication in");

	/** How the log tells that a line is a warning or an error. */
	private static final Pattern WARNING = Pattern.compile("WARN|ERROR");

	/** Tomcat warns of this on a machine that is busy. */
	private static final Pattern TIME = Pattern.compile("took \\[[\\d,.]+] milliseconds");

	private static final JsonMapper mapper = new JsonMapper();

	private final HttpClient client = HttpClient.newHttpClient();

	private SampleProcess(Path directory, List<String> arguments) throws IOException {
		super(directory, arguments);
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
		List<String> arguments = new ArrayList<>(List.of(options));
		arguments.addAll(List.of("-jar", System.getProperty("sample.jar"), "--server.port=" + port,
				"--yammap.base-dir=" + directory));
		return new SampleProcess(directory, arguments);
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
		try {
			sample.awaitStart();
			return sample;
		}
		catch (InterruptedException | RuntimeException | Error ex) {
			sample.close();
			throw ex;
		}
	}

	void awaitStart() throws InterruptedException {
		awaitOutput(STARTED);
	}

	/**
	 * Returns the warnings and errors so far, but for those of how long something took.
	 */
	List<String> warnings() {
		return output().stream().filter((line) -> WARNING.matcher(line).find() && !TIME.matcher(line).find()).toList();
	}

	/**
	 * Returns the port that the sample serves requests at.
	 */
	public int port() throws InterruptedException {
		return Integer.parseInt(awaitOutput(PORT).group(1));
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

	/**
	 * Sends GET requests all at once, and does not wait for the answers.
	 */
	List<CompletableFuture<HttpResponse<String>>> getAtOnce(String... paths) throws InterruptedException {
		List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
		for (String path : paths) {
			answers.add(this.client.sendAsync(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString()));
		}
		return answers;
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

	@Override
	public void close() {
		super.close();
		this.client.close();
	}

}
