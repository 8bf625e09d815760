package dev.yammap.docs;

import java.util.List;
import java.util.regex.Pattern;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that examples for Gradle, which are not run, name artifacts that exist.
 */
class GradleExampleTests {

	private static final Pattern DEPENDENCY = Pattern.compile("[\"'](dev\\.yammap):([^:\"']+):([^\"']+)[\"']");

	static List<Snippet> examples() {
		return Documents.snippets("kotlin", "groovy");
	}

	@ParameterizedTest
	@MethodSource("examples")
	void everyArtifactExists(Snippet example) {
		assertThat(example.text()).startsWith("dependencies {");
		assertThat(DEPENDENCY.matcher(example.text()).results()).isNotEmpty().allSatisfy((dependency) -> {
			assertThat(MavenProject.published()).contains(dependency.group(2));
			assertThat(dependency.group(3)).isEqualTo(MavenProject.version());
		});
	}

}
