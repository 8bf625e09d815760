package dev.yammap.spring.boot.autoconfigure.endpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.actuate.endpoint.YammapEndpoint;
import dev.yammap.spring.boot.support.StubMmap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpStatus;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.test.web.servlet.client.assertj.RestTestClientResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link YammapEndpoint} over HTTP, where it may write.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "yammap.files.journal.path=journal.log", "yammap.files.closed.path=closed.log",
				"management.endpoints.web.exposure.include=yammap", "management.endpoint.yammap.access=unrestricted" })
@AutoConfigureRestTestClient
@DirtiesContext
class YammapEndpointWriteAccessTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private static Path directory;

	@Autowired
	private RestTestClient client;

	@Autowired
	private Mmap closed;

	@DynamicPropertySource
	static void properties(DynamicPropertyRegistry registry) {
		registry.add("yammap.base-dir", () -> directory);
	}

	@Test
	void postSyncsAndShowsFile() {
		assertThat(post("/actuator/yammap/journal")).hasStatusOk()
			.bodyJson()
			.hasPathSatisfying("$.events.lastSync",
					(value) -> value.assertThat()
						.asString()
						.satisfies((time) -> assertThat(Instant.parse(time)).isBefore(Instant.now())))
			.extractingPath("$.problems")
			.asArray()
			.isEmpty();
	}

	@Test
	void postToUnknownNameIsNotFound() {
		assertThat(post("/actuator/yammap/jurnal")).hasStatus(HttpStatus.NOT_FOUND);
	}

	@Test
	void postToAllFilesIsNotAllowed() {
		assertThat(post("/actuator/yammap")).hasStatus(HttpStatus.METHOD_NOT_ALLOWED);
	}

	@Test
	void postToClosedFileIsBadRequest() throws IOException {
		this.closed.close();
		assertThat(post("/actuator/yammap/closed")).hasStatus(HttpStatus.BAD_REQUEST);
	}

	@Test
	void postToFileWhoseSyncFailsIsServerError() {
		assertThat(post("/actuator/yammap/broken")).hasStatus(HttpStatus.INTERNAL_SERVER_ERROR);
	}

	@Test
	void fileIsShown() {
		assertThat(RestTestClientResponse.from(this.client.get().uri("/actuator/yammap/journal").exchange()))
			.hasStatusOk();
	}

	private RestTestClientResponse post(String uri) {
		return RestTestClientResponse.from(this.client.post().uri(uri).exchange());
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Mmap broken() {
			return StubMmap.file(directory.resolve("broken"), new IOException("disk on fire"), null);
		}

	}

}
