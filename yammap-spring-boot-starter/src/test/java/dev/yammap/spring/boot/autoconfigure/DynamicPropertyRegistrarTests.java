package dev.yammap.spring.boot.autoconfigure;

import java.nio.file.Path;

import dev.yammap.Mmap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.DynamicPropertyRegistrar;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a bean of a test may give paths as {@link Path} objects.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.NONE,
		properties = { "yammap.files.journal.path=elsewhere/journal.log", "yammap.files.counters.path=counters" })
class DynamicPropertyRegistrarTests {

	@TempDir
	private static Path directory = Path.of("");

	@Autowired
	@SuppressWarnings("NullAway.Init")
	private Mmap journal;

	@Autowired
	@SuppressWarnings("NullAway.Init")
	private Mmap counters;

	@Test
	void pathAndBaseDirectoryAreThoseOfTheRegistrar() {
		assertThat(this.journal.path()).isEqualTo(directory.resolve("other.log"));
		assertThat(this.counters.path()).isEqualTo(directory.resolve("counters"));
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(YammapAutoConfiguration.class)
	static class Application {

		@Bean
		DynamicPropertyRegistrar paths() {
			return (registry) -> {
				registry.add("yammap.base-dir", () -> directory);
				registry.add("yammap.files.journal.path", () -> directory.resolve("other.log"));
			};
		}

	}

}
