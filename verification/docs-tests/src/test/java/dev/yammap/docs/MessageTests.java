package dev.yammap.docs;

import java.io.IOException;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the messages which the chapter on troubleshooting explains are in the
 * sources.
 */
class MessageTests {

	/** What stands for a part that differs. */
	private static final String DIFFERS = "…";

	@Test
	void everyMessageThatIsExplainedIsInTheSources() throws IOException {
		String sources = Sources.joined();
		List<String> parts = Documents.get("docs/guide/troubleshooting.md")
			.sections()
			.stream()
			.flatMap((section) -> section.firstCells().stream())
			.flatMap(List::stream)
			.flatMap((message) -> List.of(message.split(DIFFERS)).stream())
			.map(String::strip)
			.filter((part) -> !part.isEmpty())
			.toList();
		assertThat(parts).hasSizeGreaterThan(50)
			.allSatisfy((part) -> assertThat(sources.contains(part)).as(part).isTrue());
	}

}
