package dev.yammap.docs;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/**
 * Runs the sample as its README says, and sends it every request of the documents.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class SampleIT {

	private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");

	private static final Pattern STARTED = Pattern.compile("Started SampleApplication in");

	private static final Pattern METER = Pattern.compile("yammap(_[a-z]+)+");

	private final HttpClient client = HttpClient.newHttpClient();

	private @Nullable Process process;

	private int port;

	static Stream<ShellCommand> requests() {
		return commands("curl");
	}

	private static Stream<ShellCommand> commands(String program) {
		return Documents.snippets("shell")
			.stream()
			.flatMap((example) -> ShellCommand.of(example).stream())
			.filter((command) -> command.program().equals(program));
	}

	@BeforeAll
	void startSample(@TempDir Path directory) throws Exception {
		List<String> words = new ArrayList<>(List.of(Java.program()));
		words.addAll(commands("java").filter((command) -> command.where().startsWith("sample-app/"))
			.findFirst()
			.orElseThrow()
			.arguments());
		words.addAll(List.of("--server.port=0", "--yammap.base-dir=" + directory,
				"--yammap.files.countries.reload-on-update=true"));
		Process started = new ProcessBuilder(words).directory(Documents.root().toFile())
			.redirectErrorStream(true)
			.start();
		this.process = started;
		// Not closed: the sample goes on writing.
		awaitStart(started.inputReader(StandardCharsets.UTF_8));
	}

	private void awaitStart(BufferedReader output) throws IOException {
		List<String> lines = new ArrayList<>();
		for (String line = output.readLine(); line != null; line = output.readLine()) {
			lines.add(line);
			Matcher matcher = PORT.matcher(line);
			if (matcher.find()) {
				this.port = Integer.parseInt(matcher.group(1));
			}
			if (STARTED.matcher(line).find()) {
				return;
			}
		}
		fail("The sample did not start:%n%s", String.join("\n", lines));
	}

	@AfterAll
	void endSample() {
		this.client.close();
		if (this.process != null) {
			this.process.destroyForcibly();
		}
	}

	@Test
	void everyMeterThatIsNamedAsPrometheusDoesIsThere() throws Exception {
		HttpResponse<String> response = this.client.send(
				HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + "/actuator/prometheus")).build(),
				BodyHandlers.ofString());
		assertThat(Documents.all()).flatExtracting(Document::code)
			.flatMap((code) -> METER.matcher(code).results().map(MatchResult::group).toList())
			.isNotEmpty()
			// The sample has no named reader without Kafka.
			.filteredOn((meter) -> !meter.equals("yammap_journal_lag_records"))
			.allSatisfy((meter) -> assertThat(response.body()).contains("\n" + meter));
	}

	@ParameterizedTest
	@MethodSource("requests")
	void everyRequestIsAnswered(ShellCommand command) throws Exception {
		HttpResponse<String> response = this.client.send(Curl.request(command, this.port), BodyHandlers.ofString());
		assertThat(response.statusCode()).as("status of %s: %s", command, response.body()).isBetween(200, 201);
		assertThat(response.headers().firstValue("Content-Type").orElse("")).containsAnyOf("json", "text/");
		if (response.headers().firstValue("Content-Type").orElse("").contains("json")) {
			assertThat(new JsonMapper().readTree(response.body())).as("answer of %s", command).isNotEmpty();
		}
	}

}
