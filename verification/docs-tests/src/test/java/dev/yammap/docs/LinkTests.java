package dev.yammap.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that links between documents, and to files of the project, lead somewhere.
 */
class LinkTests {

	static List<Document> documents() {
		return Documents.all();
	}

	@ParameterizedTest
	@MethodSource("documents")
	void everyLinkLeadsSomewhere(Document document) {
		List<String> dead = document.links().stream().filter((link) -> isDead(document, link)).toList();
		assertThat(dead).as("dead links of %s", document).isEmpty();
	}

	private static boolean isDead(Document document, String link) {
		if (link.startsWith("https://") || link.startsWith("http://localhost:")) {
			return false;
		}
		String file = link.replaceFirst("#.*", "");
		Path target = file.isEmpty() ? document.path() : document.path().resolveSibling(file).normalize();
		if (!target.startsWith(Documents.root()) || !Files.exists(target)) {
			return true;
		}
		return link.contains("#") && !anchors(target).contains(link.substring(link.indexOf('#') + 1));
	}

	private static Set<String> anchors(Path target) {
		return Documents.all()
			.stream()
			.filter((document) -> document.path().equals(target))
			.findFirst()
			.map(Document::anchors)
			.orElse(Set.of());
	}

	@Test
	void everyChapterIsInTheIndexOfTheGuide() {
		List<String> chapters = names().filter((name) -> name.startsWith("docs/guide/")).toList();
		assertThat(chapters).isNotEmpty();
		assertThat(linked("docs/guide.md")).containsAll(chapters);
	}

	@Test
	void everyDocumentIsReachedFromTheReadme() {
		List<String> reached = new ArrayList<>(List.of("README.md"));
		for (int i = 0; i < reached.size(); i++) {
			linked(reached.get(i)).filter((name) -> !reached.contains(name)).forEach(reached::add);
		}
		assertThat(reached).containsAll(names().toList());
	}

	@Test
	void everyFileOfTheDocsIsLinkedFromADocument() throws IOException {
		List<Path> linked = Documents.all()
			.stream()
			.flatMap((document) -> document.links()
				.stream()
				.filter((link) -> !link.contains(":"))
				.map((link) -> document.path().resolveSibling(link.replaceFirst("#.*", "")).normalize()))
			.toList();
		try (Stream<Path> files = Files.walk(Documents.root().resolve("docs"))) {
			assertThat(linked).containsAll(files.filter(Files::isRegularFile).toList());
		}
	}

	private static Stream<String> names() {
		return Documents.all().stream().map(Document::name);
	}

	private static Stream<String> linked(String from) {
		Document document = Documents.get(from);
		List<String> targets = document.links()
			.stream()
			.filter((link) -> !link.contains(":"))
			.map((link) -> document.path().resolveSibling(link.replaceFirst("#.*", "")).normalize())
			.map((path) -> Documents.root().relativize(path).toString())
			.toList();
		return names().filter(targets::contains);
	}

}
