package dev.yammap.docs;

import java.util.List;
import java.util.regex.Pattern;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the dependencies in examples for Gradle exist. The examples are not run.
 */
class GradleExampleTests {

	private static final Pattern DEPENDENCY = Pattern.compile("[\"'](dev\\.yammap):([^:\"']+):?([^\"']*)[\"']");

	static List<Snippet> examples() {
		return Documents.snippets("kotlin", "groovy")
			.stream()
			.filter((example) -> example.text().startsWith("dependencies {"))
			.toList();
	}

	@ParameterizedTest
	@MethodSource("examples")
	void everyArtifactExists(Snippet example) {
		assertThat(DEPENDENCY.matcher(example.text()).results()).isNotEmpty().allSatisfy((dependency) -> {
			assertThat(MavenProject.published()).contains(dependency.group(2));
			// Without a version it is the BOM's.
			assertThat(dependency.group(3)).isIn("", MavenProject.version());
		});
	}

}
