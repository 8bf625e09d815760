package dev.yammap.spring.boot.settings;

import java.nio.file.Path;

import dev.yammap.spring.boot.autoconfigure.WrongConfigurationTests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PropertyPath}. What is refused is in {@link WrongConfigurationTests}.
 */
class PropertyPathTests {

	@ParameterizedTest
	@CsvSource({ "journal.log, journal.log", "/srv/journal.log, /srv/journal.log", "a:b, a:b", "~x, ~x",
			"./~x/y, ./~x/y", "x~, x~", "file:/srv/journal.log, /srv/journal.log",
			"file:///srv/journal.log, /srv/journal.log", "file:data/journal.log, data/journal.log",
			"file:./data, ./data", "file:/srv/a%20b, /srv/a b", "file:/srv/a b, /srv/a b",
			"2026-01-01T12:00.log, 2026-01-01T12:00.log" })
	void pathsAndUrlsOfFilesAreRead(String text, String path) {
		assertThat(PropertyPath.parse("yammap.files.journal.path", text)).isEqualTo(Path.of(path));
	}

	@ParameterizedTest
	@CsvSource({ "~, ${user.home}", "~/x, ${user.home}", "file:~/x, ${user.home}", "~app/x, the home of",
			"file:~app/x, the home of" })
	void whatOnlyAShellExpandsIsRefusedWithWhatToWrite(String text, String remedy) {
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
			.isThrownBy(() -> PropertyPath.parse("yammap.files.journal.path", text))
			.satisfies((ex) -> assertThat(ex.getReason()).contains(remedy));
	}

	@Test
	void dotsWithoutEffectAreLeftOut() {
		assertThat(PropertyPath.withoutDots(Path.of("/a/./b/../././c"))).hasToString("/a/b/../c");
		assertThat(PropertyPath.withoutDots(Path.of("/a/."))).hasToString("/a/.");
		assertThat(PropertyPath.withoutDots(Path.of("/"))).hasToString("/");
	}

}
