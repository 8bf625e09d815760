package dev.yammap.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that only docs/performance.md says what calls cost: a copy elsewhere would be
 * forgotten when it is measured again. What {@link PeerFigures} quotes is not a copy.
 */
class FigureTests {

	private static final Pattern MEASURED = Pattern.compile("\\d (ns\\b|times (as|faster|slower|more)\\b)");

	/** The documents for users, except the one that has the figures. */
	static List<Document> documents() {
		return Documents.all()
			.stream()
			.filter((document) -> !document.name().equals("docs/performance.md")
					&& !document.name().equals("docs/design.md"))
			.toList();
	}

	@ParameterizedTest
	@MethodSource("documents")
	void noOtherPageHasFiguresThatWereMeasured(Document document) throws IOException {
		assertThat(PeerFigures.withoutQuotes(Files.readString(document.path())).replaceAll("\\s+", " "))
			.doesNotContainPattern(MEASURED);
	}

}
