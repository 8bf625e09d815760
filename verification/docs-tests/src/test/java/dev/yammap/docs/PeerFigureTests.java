package dev.yammap.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the documents quote the figures of the run in which the peers take part.
 * When asked to, puts the figures there.
 */
class PeerFigureTests {

	private static final String GENERATE = "docs.generate";

	static List<Document> documents() {
		return Documents.all();
	}

	@ParameterizedTest
	@MethodSource("documents")
	void everyFigureIsThatOfTheRun(Document document) throws IOException {
		String text = Files.readString(document.path());
		String expected = figures().fill(text);
		if (Boolean.getBoolean(GENERATE) && !text.equals(expected)) {
			Files.writeString(document.path(), expected);
		}
		assertThat(document.path()).as("""
				%s quotes other figures than %s has. Do not edit them; fill them in by
				mvn test -pl verification/docs-tests -am -Dtest=%s -Dsurefire.failIfNoSpecifiedTests=false -D%s=true
				""", document, PeerFigures.NAME, getClass().getSimpleName(), GENERATE).hasContent(expected);
	}

	/**
	 * A comment at the beginning of a line ends the paragraph, and its line is no
	 * Markdown.
	 */
	@ParameterizedTest
	@MethodSource("documents")
	void noFigureBeginsALine(Document document) throws IOException {
		assertThat(Files.readString(document.path())).doesNotContainPattern("(?m)^\\s*<!--= (figure|times|of) ");
	}

	@Test
	void readmeQuotesFigures() throws IOException {
		String text = Files.readString(Documents.root().resolve("README.md"));
		assertThat(PeerFigures.withoutQuotes(text)).isNotEqualTo(text);
	}

	private static PeerFigures figures() throws IOException {
		return new PeerFigures(Files.readString(Documents.root().resolve(PeerFigures.NAME)));
	}

}
