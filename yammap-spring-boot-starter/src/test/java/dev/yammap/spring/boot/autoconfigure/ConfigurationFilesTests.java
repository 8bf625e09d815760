package dev.yammap.spring.boot.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.FileProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for files that are configured as applications do it: in YAML files, for profiles,
 * with placeholders and units, and on the command line.
 */
class ConfigurationFilesTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	@Test
	void profileAddsToFileAndAddsFiles() throws IOException {
		write("application.yml", """
				yammap:
				  files:
				    journal:
				      path: journal.log
				      access: append
				    counters:
				      path: counters.bin
				      size: 1KB
				""");
		write("application-prod.yml", """
				yammap:
				  files:
				    counters:
				      size: 2MB
				    table:
				      path: table.bin
				""");
		try (ConfigurableApplicationContext context = start("--spring.profiles.active=prod")) {
			assertThat(context.getBeanNamesForType(Mmap.class)).containsExactlyInAnyOrder("journal", "counters",
					"table");
			assertThat(context.getBean("counters", Mmap.class).size()).isEqualTo(2 << 20);
		}
		try (ConfigurableApplicationContext context = start()) {
			assertThat(context.getBeanNamesForType(Mmap.class)).containsExactly("journal", "counters");
		}
	}

	@Test
	void placeholdersAndDefaultsOfThemAreResolved() throws IOException {
		write("application.yml", """
				yammap:
				  files:
				    journal:
				      path: ${spring.application.name}/${journal.name:journal.log}
				      size: ${journal.size}
				""");
		Files.createDirectory(this.directory.resolve("visits"));
		try (ConfigurableApplicationContext context = start("--spring.application.name=visits", "--journal.size=3KB")) {
			Mmap journal = context.getBean("journal", Mmap.class);
			assertThat(journal.path()).isEqualTo(this.directory.resolve("visits/journal.log"));
			assertThat(journal.size()).isEqualTo(3 << 10);
		}
	}

	@Test
	void commandLineTakesPrecedenceAndIsRelaxed() throws IOException {
		write("application.yml", """
				yammap:
				  files:
				    user-events:
				      path: events.log
				      max-size: 8GB
				""");
		try (ConfigurableApplicationContext context = start("--yammap.files.user-events.maxSize=1KB",
				"--yammap.files.user-events.LOCK=None", "--yammap.files.user-events.advice=no_huge_pages")) {
			FileProperties file = context.getBean(YammapProperties.class).getFiles().get("user-events");
			assertThat(file).isNotNull();
			assertThat(file.getMaxSize()).hasToString("1024B");
			assertThat(file.getLock()).isEqualTo(FileProperties.Lock.NONE);
			assertThat(file.getAdvice()).hasToString("NO_HUGE_PAGES");
		}
	}

	@Test
	void sizeWithoutUnitIsInBytes() throws IOException {
		write("application.yml", "yammap.files.journal: { path: journal.log, size: 100 }");
		try (ConfigurableApplicationContext context = start()) {
			assertThat(context.getBean("journal", Mmap.class).size()).isEqualTo(100);
		}
	}

	@Test
	void valueThatIsNoneOfThoseThatThereAreFailsStartUp() throws IOException {
		write("application.yml", "yammap.files.journal: { path: journal.log, access: readonly-ish }");
		assertThatException().isThrownBy(() -> start().close()).withStackTraceContaining("yammap.files.journal.access");
	}

	private void write(String name, String content) throws IOException {
		Files.writeString(this.directory.resolve(name), content);
	}

	private ConfigurableApplicationContext start(String... arguments) {
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.properties("spring.config.location=" + this.directory.toUri(), "yammap.base-dir=" + this.directory)
			.run(arguments);
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(YammapAutoConfiguration.class)
	static class Application {

	}

}
