package dev.yammap.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the documents promise the versions of Spring Boot that are tried, and no
 * others.
 */
class SupportedVersionTests {

	private static final String TRIED = ".ci/check-boot-versions";

	private static final Pattern LINES = Pattern.compile("\\b4\\.\\d(?=[ ,.|]|$)(?!\\.\\d)");

	@ParameterizedTest
	@ValueSource(strings = { "README.md", "CONTRIBUTING.md", "docs/guide/start.md" })
	void documentNamesTheLinesThatAreTried(String document) throws IOException {
		List<String> lines = releases().stream().map((release) -> release.replaceFirst("\\.\\d+$", "")).toList();
		assertThat(LINES.matcher(text(document)).results().map((match) -> match.group()).distinct())
			.containsExactlyInAnyOrderElementsOf(lines);
	}

	@Test
	void readmeNamesTheMilestoneThatIsTried() throws IOException {
		assertThat(text("README.md")).contains(tried("milestone=(.*)"));
	}

	@Test
	void projectIsBuiltOnTheNewestOfThem() throws IOException {
		assertThat(text("pom.xml")).contains("<spring-boot.version>" + releases().getLast() + "<");
	}

	private static List<String> releases() throws IOException {
		return List.of(tried("releases=\\((.*)\\)").split(" ", -1));
	}

	private static String tried(String pattern) throws IOException {
		Matcher matcher = Pattern.compile("(?m)^" + pattern + "$").matcher(text(TRIED));
		assertThat(matcher.find()).isTrue();
		return matcher.group(1);
	}

	private static String text(String file) throws IOException {
		return Files.readString(Documents.root().resolve(file));
	}

}
