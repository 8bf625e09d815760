package dev.yammap.spring.boot.autoconfigure.endpoint;

import java.nio.file.Path;

import dev.yammap.spring.boot.actuate.endpoint.YammapEndpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.HttpStatus;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link YammapEndpoint} and the health of files over HTTP.
 */
@SpringBootTest(properties = { "yammap.files.journal.path=journal.log", "yammap.files.journal.size=64B",
		"yammap.files.journal.sync.interval=1h", "management.endpoints.web.exposure.include=yammap,health,info",
		"management.endpoint.health.show-details=always", "management.info.yammap.enabled=true" })
@AutoConfigureMockMvc
@DirtiesContext
class YammapEndpointWebIntegrationTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private static Path directory;

	@Autowired
	private MockMvcTester mvc;

	@DynamicPropertySource
	static void properties(DynamicPropertyRegistry registry) {
		registry.add("yammap.base-dir", () -> directory);
	}

	@Test
	void filesAreListed() {
		assertThat(this.mvc.get().uri("/actuator/yammap")).hasStatusOk()
			.bodyJson()
			.isLenientlyEqualTo(
					"""
							{"files":{"journal":{"path":"%s","managed":true,"open":true,"writable":true,"size":64,
							"settings":{"access":"read-write","lock":"exclusive","advice":"normal","backend":"auto","lockInMemory":false,
							"syncInterval":"PT1H","reloadOnUpdate":false},
							"events":{"coalescedSyncs":0,"failedSyncs":0,"faults":0},"problems":[]}}}
							"""
						.formatted(directory.resolve("journal.log")));
	}

	@Test
	void pageCacheIsShown() {
		assertThat(this.mvc.get().uri("/actuator/yammap/journal")).hasStatusOk()
			.bodyJson()
			.extractingPath("$.pageCache.cached")
			.isEqualTo(1);
	}

	@Test
	void whatIsNotKnownIsMissing() {
		assertThat(this.mvc.get().uri("/actuator/yammap")).bodyText().doesNotContain("null");
	}

	@Test
	void fileIsShown() {
		assertThat(this.mvc.get().uri("/actuator/yammap/journal")).hasStatusOk()
			.bodyJson()
			.extractingPath("$.size")
			.isEqualTo(64);
	}

	@Test
	void fileOfUnknownNameIsNotFound() {
		assertThat(this.mvc.get().uri("/actuator/yammap/jurnal")).hasStatus(HttpStatus.NOT_FOUND);
	}

	@Test
	void syncIsNotAllowedUnlessMoreAccessIsGranted() {
		assertThat(this.mvc.post().uri("/actuator/yammap/journal")).hasStatus(HttpStatus.METHOD_NOT_ALLOWED);
	}

	@Test
	void healthHasDetailsOfFile() {
		assertThat(this.mvc.get().uri("/actuator/health/yammap/journal")).hasStatusOk().bodyJson().isStrictlyEqualTo("""
				{"status":"UP","details":{"path":"%s","open":true,"size":64}}
				""".formatted(directory.resolve("journal.log")));
		assertThat(this.mvc.get().uri("/actuator/health/yammap")).hasStatusOk()
			.bodyJson()
			.hasPathSatisfying("$.status", (status) -> status.assertThat().isEqualTo("UP"))
			.hasPathSatisfying("$.components.journal.status", (status) -> status.assertThat().isEqualTo("UP"));
	}

	@Test
	void infoCountsFiles() {
		assertThat(this.mvc.get().uri("/actuator/info")).hasStatusOk()
			.bodyJson()
			.isStrictlyEqualTo("{\"yammap\":{\"files\":1,\"open\":1,\"bytes\":64}}");
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
