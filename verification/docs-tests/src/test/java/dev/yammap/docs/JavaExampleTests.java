package dev.yammap.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that every Java example compiles without a warning.
 */
class JavaExampleTests {

	private static final Pattern TYPE = Pattern.compile("(?m)^(public |final )*(class|record|interface|enum) ");

	static List<Snippet> examples() {
		return JavaExamples.all();
	}

	static List<String> documents() {
		return examples().stream().map(Snippet::document).distinct().toList();
	}

	@ParameterizedTest
	@MethodSource("examples")
	void everyExampleCompiles(Snippet example) {
		assertThat(example.language()).as("the language of %s: examples in Javadoc are snippets", example)
			.isEqualTo("java");
		assertThat(JavaExamples.of(example.document()).problems(example)).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("documents")
	void everythingElseCompiles(String document) {
		assertThat(JavaExamples.of(document).otherProblems()).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("documents")
	void everythingInAPreambleIsUsed(String document) {
		Preamble preamble = JavaExamples.of(document).preamble();
		String text = examples().stream()
			.filter((example) -> example.document().equals(document) && !JavaExamples.hasImports(example))
			.map(Snippet::text)
			.collect(Collectors.joining("\n", preamble.code(), ""));
		assertThat(preamble.names()).allSatisfy((name) -> {
			long declared = preamble.code().lines().filter((line) -> line.endsWith(" " + name + ";")).count();
			assertThat(text.split("\\b" + name + "\\b", -1)).as("uses of '%s'", name)
				.hasSizeGreaterThan((int) declared + 1);
		});
	}

	/** A reader who copies a class of the guide can compile it. */
	@ParameterizedTest
	@MethodSource("examples")
	void everyTypeInADocumentHasItsImports(Snippet example) {
		if (example.document().endsWith(".md") && TYPE.matcher(example.text()).find()) {
			assertThat(example.text()).as("%s", example).matches("(?s)(import|package) .*");
		}
	}

	/** One example of each form: types, statements, a method. */
	@ParameterizedTest
	@ValueSource(strings = { "class Wrong {\n\n\tint length = missing();\n\n}\n", "int length = missing();\n",
			"int length() {\n\treturn missing();\n}\n",
			"@Deprecated\npublic void run() throws Exception {\n\tmissing();\n}\n" })
	void exampleThatIsWrongDoesNotCompile(String text) throws IOException {
		Snippet example = new Snippet("docs/wrong.md", 1, "java", text);
		assertThat(new JavaExamples(example.document(), List.of(example)).problems(example))
			.anyMatch((problem) -> problem.contains("missing()"));
	}

	@Test
	void everyPreambleHasADocumentWithExamples() throws IOException {
		Path preambles = Documents.root().resolve("verification/docs-tests/src/test/resources/preambles");
		try (Stream<Path> files = Files.walk(preambles)) {
			List<String> names = files.filter(Files::isRegularFile)
				.map((file) -> preambles.relativize(file).toString().replaceFirst("\\.java$", ""))
				.toList();
			assertThat(documents().stream().map((name) -> name.replaceFirst("\\.\\w+$", ""))).containsAll(names);
		}
	}

}
