package dev.yammap.docs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the Java examples of one document take for granted, from a resource of these tests
 * with the path of the document: {@code preambles/docs/guide/journal.java} is that of
 * {@code docs/guide/journal.md}. It begins with imports, which all examples of the
 * document get that have none. After them, the fields of a class {@code Preamble} are the
 * variables that statements may use without declaring them; other types are what the
 * reader would have of their own.
 *
 * @param packageName a package for the examples of the document
 * @param imports its imports
 * @param code the rest, empty if there is none
 */
record Preamble(String packageName, List<String> imports, String code) {

	private static final Pattern IMPORT = Pattern.compile("(?m)^import [^;]+;");

	private static final Pattern VARIABLE = Pattern.compile("(?m)^\\t[^(){}]+? (\\w+);$");

	static Preamble of(String document) throws IOException {
		String name = document.replaceFirst("\\.\\w+$", "");
		String packageName = "examples."
				+ name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9/]", "_").replace('/', '.');
		try (InputStream in = Preamble.class.getResourceAsStream("/preambles/" + name + ".java")) {
			String text = (in != null) ? new String(in.readAllBytes(), StandardCharsets.UTF_8) : "";
			List<String> imports = IMPORT.matcher(text).results().map(MatchResult::group).toList();
			return new Preamble(packageName, imports, IMPORT.matcher(text).replaceAll("").strip());
		}
	}

	boolean hasCode() {
		return !this.code.isEmpty();
	}

	boolean hasVariables() {
		return this.code.contains("class Preamble {");
	}

	/** Returns the names that it gives to the examples: of its imports and variables. */
	List<String> names() {
		Stream<String> imported = this.imports.stream()
			.map((line) -> line.substring(line.lastIndexOf('.') + 1, line.length() - 1));
		Stream<String> variables = VARIABLE.matcher(this.code).results().map((match) -> match.group(1));
		return Stream.concat(imported, variables).toList();
	}

	/** Returns what comes before an example without imports, in one line. */
	String header() {
		return packageHeader() + String.join(" ", this.imports) + " ";
	}

	/** Returns what comes before an example with imports. */
	String packageHeader() {
		return "package " + this.packageName + "; ";
	}

}
