package dev.yammap.consumer;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;

import dev.yammap.Mmap;
import dev.yammap.journal.Journal;
import dev.yammap.spring.boot.Mmaps;
import dev.yammap.spring.boot.test.autoconfigure.AutoConfigureMappedFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the jars that are published.
 */
class PublishedJarsIT {

	@ParameterizedTest
	@ValueSource(classes = { Mmap.class, Journal.class, Mmaps.class, AutoConfigureMappedFiles.class })
	void jarHasItsLicence(Class<?> type) throws Exception {
		assertThat(entries(type)).contains("META-INF/LICENSE");
	}

	@ParameterizedTest
	@ValueSource(classes = { Mmap.class, Journal.class, Mmaps.class, AutoConfigureMappedFiles.class })
	void jarHasItsOwnClassesAndNoTests(Class<?> type) throws Exception {
		List<String> classes = entries(type).stream().filter((name) -> name.endsWith(".class")).toList();
		assertThat(classes).isNotEmpty()
			.allMatch((name) -> name.equals("module-info.class") || name.startsWith("dev/yammap/"))
			.noneMatch((name) -> name.matches(".*(Tests|IT)(\\$.*)?\\.class"));
	}

	@ParameterizedTest
	@ValueSource(classes = { Mmap.class, Journal.class, Mmaps.class, AutoConfigureMappedFiles.class })
	void jarSaysItsVersion(Class<?> type) throws Exception {
		try (JarFile jar = jar(type)) {
			Attributes manifest = jar.getManifest().getMainAttributes();
			assertThat(manifest.getValue("Implementation-Version")).isEqualTo(System.getProperty("yammap.version"));
			assertThat(manifest.getValue("Implementation-Title")).startsWith("Yammap");
		}
	}

	@Test
	void engineHasItsDescriptorAndMetadata() throws Exception {
		assertThat(entries(Mmap.class)).contains("module-info.class",
				"META-INF/native-image/dev.yammap/yammap-engine/reachability-metadata.json");
	}

	@Test
	void starterHasItsMetadata() throws Exception {
		assertThat(entries(Mmaps.class)).contains("META-INF/spring-configuration-metadata.json",
				"META-INF/spring-autoconfigure-metadata.properties",
				"META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports",
				"META-INF/spring.factories");
	}

	@Test
	void startersHaveModuleNames() throws Exception {
		assertThat(moduleName(Mmaps.class)).isEqualTo("dev.yammap.spring.boot");
		assertThat(moduleName(AutoConfigureMappedFiles.class)).isEqualTo("dev.yammap.spring.boot.test");
	}

	private static String moduleName(Class<?> type) throws Exception {
		try (JarFile jar = jar(type)) {
			return jar.getManifest().getMainAttributes().getValue("Automatic-Module-Name");
		}
	}

	private static Set<String> entries(Class<?> type) throws Exception {
		try (JarFile jar = jar(type)) {
			return jar.stream().map(JarEntry::getName).collect(Collectors.toSet());
		}
	}

	private static JarFile jar(Class<?> type) throws IOException, URISyntaxException {
		return new JarFile(Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toFile());
	}

}
