package dev.yammap.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The sources of what is published.
 */
final class Sources {

	private Sources() {
	}

	/** Returns the files, without those of tests. */
	static List<Path> files() throws IOException {
		List<Path> sources = new ArrayList<>();
		for (String module : MavenProject.published()) {
			Path main = Documents.root().resolve(module).resolve("src/main/java");
			// The BOM has none.
			if (Files.notExists(main)) {
				continue;
			}
			try (Stream<Path> files = Files.walk(main)) {
				files.filter((file) -> file.toString().endsWith(".java")).forEach(sources::add);
			}
		}
		return sources;
	}

	/** Returns all sources as one text, in which each string literal is in one piece. */
	static String joined() throws IOException {
		StringBuilder text = new StringBuilder();
		for (Path file : files()) {
			text.append(Files.readString(file).replaceAll("\"\\s*\\+\\s*\"", ""));
		}
		return text.toString();
	}

	/**
	 * Returns the string literals with a certain start.
	 * @param start how they begin
	 */
	static Set<String> literals(String start) throws IOException {
		Pattern literal = Pattern.compile("\"(" + Pattern.quote(start) + "[^\"]*)\"");
		Set<String> literals = new TreeSet<>();
		for (Path file : files()) {
			literal.matcher(Files.readString(file)).results().forEach((match) -> literals.add(match.group(1)));
		}
		return literals;
	}

}
