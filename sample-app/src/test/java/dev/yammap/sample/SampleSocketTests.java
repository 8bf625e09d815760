package dev.yammap.sample;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.yammap.spring.boot.test.autoconfigure.AutoConfigureMappedFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests requests that no client library would send, byte by byte.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "server.tomcat.connection-timeout=2m")
@AutoConfigureMappedFiles
@Timeout(1_800)
class SampleSocketTests {

	private static final String POST = """
			POST /api/visits HTTP/1.1
			Host: localhost
			Content-Type: application/json
			Connection: close
			""";

	private static final String VISIT = "{\"ip\":\"8.8.8.8\"}";

	@LocalServerPort
	private int port;

	@ParameterizedTest
	@ValueSource(strings = { "/api/countries/%", "/api/%zz", "/a|b", "/api/visits?x=[", "/api/countries/8.8.8.8%00",
			"/api/countries%2f8.8.8.8", "/api\\x", "/../../x", "/api/countries/%ff%fe", "/api/visits?from=%" })
	void malformedUrlIsAnsweredWithAProblem(String uri) throws IOException {
		assertProblem(send("GET " + uri + " HTTP/1.1\nHost: localhost\nConnection: close\n\n"), 400, "Bad Request");
	}

	@ParameterizedTest
	@CsvSource({ "GET / HTTP/1.1, 400, Bad Request", "GET / HTTP/9.9, 505, HTTP Version not supported",
			"TRACE /api/visits HTTP/1.1;Host: localhost, 405, Method Not Allowed",
			"GET /error HTTP/1.1;Host: localhost;Accept: text/html, 404, Not Found",
			"POST /api/visits HTTP/1.1;Host: localhost;Content-Length: -1, 400, Bad Request",
			"POST /api/visits HTTP/1.1;Host: localhost;Transfer-Encoding: unknown, 501, Not Implemented" })
	void requestThatTomcatRefusesIsAnsweredWithAProblem(String head, int status, String title) throws IOException {
		assertProblem(send(head.replace(';', '\n') + "\nConnection: close\n\n"), status, title);
	}

	@Test
	void brokenChunkIsAnsweredWithAProblem() throws IOException {
		assertProblem(send(POST + "Transfer-Encoding: chunked\n\nzz\n"), 400, "Bad Request");
	}

	@Test
	void bodyWithoutALengthIsTaken() throws IOException {
		String chunk = Integer.toHexString(VISIT.length()) + "\n" + VISIT + "\n";
		assertThat(send(POST + "Transfer-Encoding: chunked\n\n" + chunk + "0\n\n")).startsWith("HTTP/1.1 201 ");
	}

	@Test
	void hugeBodyIsRefusedOnceMoreThanTheLimitIsThere() throws IOException {
		assertProblem(send(POST + "Content-Length: 100000000\n\n" + " ".repeat(1025)), 413, "Content Too Large");
	}

	@Test
	void bodyWithoutALengthIsRefusedOnceMoreThanTheLimitIsThere() throws IOException {
		String chunk = "401\n" + " ".repeat(1025) + "\n";
		assertProblem(send(POST + "Transfer-Encoding: chunked\n\n" + chunk), 413, "Content Too Large");
	}

	@Test
	void requestsThatAreHalfSentTakeNothingFromOthers() throws IOException {
		// More connections than a pool of threads would have threads.
		List<Socket> slow = new ArrayList<>();
		try {
			for (int i = 0; i < 300; i++) {
				Socket client = connect();
				slow.add(client);
				write(client, POST + "Content-Length: " + VISIT.length() + "\n\n{");
			}
			assertThat(send("GET /actuator/health/liveness HTTP/1.1\nHost: localhost\nConnection: close\n\n"))
				.startsWith("HTTP/1.1 200 ");
			for (Socket client : slow) {
				write(client, VISIT.substring(1));
			}
			for (Socket client : slow) {
				assertThat(read(client)).startsWith("HTTP/1.1 201 ");
			}
		}
		finally {
			for (Socket client : slow) {
				client.close();
			}
		}
	}

	private String send(String request) throws IOException {
		try (Socket client = connect()) {
			write(client, request);
			return read(client);
		}
	}

	private Socket connect() throws IOException {
		return new Socket(InetAddress.getLoopbackAddress(), this.port);
	}

	private static void write(Socket client, String text) throws IOException {
		client.getOutputStream().write(text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
	}

	/**
	 * Reads an answer: one JSON object without nested ones. Does not wait for the end of
	 * the connection, as Tomcat may wait for the rest of the request before it closes it.
	 */
	private static String read(Socket client) throws IOException {
		StringBuilder answer = new StringBuilder();
		InputStream bytes = client.getInputStream();
		int next = 0;
		while (next >= 0 && next != '}') {
			next = bytes.read();
			answer.append((char) next);
		}
		return answer.toString();
	}

	private static void assertProblem(String answer, int status, String title) {
		assertThat(answer).startsWith("HTTP/1.1 " + status + " ")
			.contains("Content-Type: application/problem+json", "X-Content-Type-Options: nosniff",
					"\"title\":\"" + title + "\"", "\"status\":" + status);
	}

}
