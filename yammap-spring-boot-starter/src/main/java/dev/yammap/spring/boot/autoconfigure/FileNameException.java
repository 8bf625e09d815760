package dev.yammap.spring.boot.autoconfigure;

import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

import dev.yammap.spring.boot.settings.FileSettings;

/**
 * Thrown when the name of a configured file cannot be told from another, or is not what
 * it seems to be, and when a name of a property does not exist.
 */
final class FileNameException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String action;

	private FileNameException(String description, String action) {
		super(description);
		this.action = action;
	}

	/**
	 * Returns the exception for two names that differ in nothing that counts.
	 * @param first one of the names
	 * @param second the other
	 * @return a new exception
	 */
	static FileNameException same(FileName first, FileName second) {
		return new FileNameException(
				"The mapped files %s and %s cannot be told apart: in names of properties, dashes, underscores and upper case do not count, so that each would have the properties of both."
					.formatted(first, second),
				"Give one of them another name. If they are meant to be one file, write its name in the same way everywhere.");
	}

	/**
	 * Returns the exception for a variable that misses its file.
	 * @param variable the name of the variable
	 * @param made the name that it makes
	 * @param meant the name that it seems to mean
	 * @return a new exception
	 */
	static FileNameException unreached(String variable, FileName made, FileName meant) {
		String description = "The environment variable '%s' sets no property of the mapped file '%s', but of another one, '%s'."
			.formatted(variable, meant.key(), made.key());
		if (meant.isExpressible()) {
			return new FileNameException(description,
					"Let the name of the variable begin with '%s'.".formatted(meant.variablePrefix()));
		}
		return new FileNameException(description,
				"No environment variable can name '%s', as it has other characters than letters, digits, dashes and underscores. Refer to a variable of another name, as in '%s: ${EVENTS_PATH}', set the property in SPRING_APPLICATION_JSON, or rename the file."
					.formatted(meant.key(), FileSettings.property(meant.key(), "path")));
	}

	/**
	 * Returns the exception for properties that do not exist.
	 * @param nearest the known name that is nearest to each of them, by what was found
	 * @param known the names of the properties of a file
	 * @return a new exception
	 */
	static FileNameException unknown(Map<String, String> nearest, Collection<String> known) {
		return new FileNameException(
				nearest.entrySet()
					.stream()
					.map((entry) -> "There is no property %s. Did you mean %s?".formatted(entry.getKey(),
							entry.getValue()))
					.collect(Collectors.joining(System.lineSeparator())),
				"Correct or remove it. The properties of a file are %s. A name of a file that has a dot is written in brackets, as in 'yammap.files[a.b].path'."
					.formatted(String.join(", ", known)));
	}

	/**
	 * Returns the exception for a list of files.
	 * @return a new exception
	 */
	static FileNameException list() {
		return new FileNameException("'yammap.files' is a list, and the files in it have no names.",
				"Write a name in place of each dash, as in 'yammap.files.journal.path'.");
	}

	/**
	 * Returns the exception for a name that cannot be that of a bean.
	 * @param name the name
	 * @param reason why, the end of a sentence
	 * @return a new exception
	 */
	static FileNameException unusable(String name, String reason) {
		return new FileNameException(
				"The mapped file '%s' cannot become a bean of that name: %s.".formatted(name, reason),
				"Give the file another name in place of '%s'.".formatted(FileSettings.file(name)));
	}

	/**
	 * Returns the exception for a name that the starter or Spring looks a bean of its own
	 * up by.
	 * @param name the name
	 * @return a new exception
	 */
	static FileNameException reserved(String name) {
		return new FileNameException(
				"The mapped file '%s' cannot become a bean: its name is that of a bean which others rely on.".formatted(
						name),
				"Give the file another name in place of '%s'.".formatted(FileSettings.file(name)));
	}

	String action() {
		return this.action;
	}

}
