package dev.yammap.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * The documents of the project: every Markdown file in it that is not the product of a
 * build.
 */
final class Documents {

	private static final Path ROOT = findRoot();

	private static final List<Document> ALL = read();

	private Documents() {
	}

	/** Returns the directory of the parent project. */
	static Path root() {
		return ROOT;
	}

	static List<Document> all() {
		return ALL;
	}

	/**
	 * Returns one document.
	 * @param name where it is, relative to the root of the project, with slashes
	 */
	static Document get(String name) {
		return ALL.stream()
			.filter((document) -> document.name().equals(name))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException("There is no document " + name));
	}

	/** Returns the examples of all documents in the given languages. */
	static List<Snippet> snippets(String... languages) {
		return ALL.stream()
			.flatMap((document) -> document.snippets().stream())
			.filter((snippet) -> List.of(languages).contains(snippet.language()))
			.toList();
	}

	private static Path findRoot() {
		Path directory = Path.of("").toAbsolutePath();
		while (!Files.exists(directory.resolve("docs/design.md"))) {
			directory = Objects.requireNonNull(directory.getParent(), "The root of the project was not found");
		}
		return directory;
	}

	private static List<Document> read() {
		List<Document> documents = new ArrayList<>();
		try {
			Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {

				@Override
				public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
					String name = directory.getFileName().toString();
					boolean built = name.equals("target") || (name.startsWith(".") && !directory.equals(ROOT));
					return built ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
				}

				@Override
				public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
					if (file.getFileName().toString().endsWith(".md")) {
						documents.add(Document.read(ROOT, file));
					}
					return FileVisitResult.CONTINUE;
				}

			});
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		documents.sort((one, other) -> one.name().compareTo(other.name()));
		return Collections.unmodifiableList(documents);
	}

}
