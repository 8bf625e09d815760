package dev.yammap.docs;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that every block says in which language it is, so that none goes untested.
 */
class LanguageTests {

	/** The languages that another test of this package looks at. */
	private static final Set<String> TESTED = Set.of("groovy", "java", "json", "kotlin", "properties", "shell", "xml",
			"yaml");

	private static final String TEXT = "text";

	private static final Pattern CODE = Pattern
		.compile("(?m)^\\s*(curl|java|mvn|import|public|@\\w+|<\\w+>)\\b|[;{}]$");

	static List<Document> documents() {
		return Documents.all();
	}

	@ParameterizedTest
	@MethodSource("documents")
	void everyBlockIsInALanguageThatIsTested(Document document) {
		assertThat(document.snippets()).allSatisfy((snippet) -> {
			if (!snippet.language().equals(TEXT)) {
				assertThat(snippet.language()).as("language of %s", snippet).isIn(TESTED);
			}
		});
	}

	@ParameterizedTest
	@MethodSource("documents")
	void whatIsPlainTextDoesNotLookLikeCode(Document document) {
		assertThat(document.snippets()).filteredOn((snippet) -> snippet.language().equals(TEXT))
			.allSatisfy((snippet) -> assertThat(snippet.text()).as("text at %s", snippet).doesNotContainPattern(CODE));
	}

}
