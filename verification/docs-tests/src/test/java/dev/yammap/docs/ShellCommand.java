package dev.yammap.docs;

import java.util.ArrayList;
import java.util.List;

/**
 * A line of an example for the shell.
 *
 * @param where the example and the line in it
 * @param line the program and its arguments
 */
record ShellCommand(String where, String line) {

	private static final String SPECIAL = "|&;<>()$`\\*?[]#~!{}";

	/** Returns the commands of an example, without its comments. */
	static List<ShellCommand> of(Snippet example) {
		List<ShellCommand> commands = new ArrayList<>();
		int number = example.line();
		for (String line : example.text().split("\n", -1)) {
			number++;
			if (!line.isBlank() && !line.startsWith("#")) {
				commands.add(new ShellCommand(example.document() + ":" + number, line.strip()));
			}
		}
		return commands;
	}

	/**
	 * Splits the line as a shell would: by spaces outside of quotes.
	 * @return the program and its arguments, without their quotes
	 * @throws IllegalArgumentException if outside of quotes there is anything that a
	 * shell would act upon
	 */
	List<String> words() {
		List<String> words = new ArrayList<>();
		StringBuilder word = new StringBuilder();
		char quote = 0;
		for (char character : (this.line + " ").toCharArray()) {
			if (character == quote) {
				quote = 0;
			}
			else if (quote != 0) {
				word.append(character);
			}
			else if (character == '\'' || character == '"') {
				quote = character;
			}
			else if (character == ' ') {
				words.add(word.toString());
				word.setLength(0);
			}
			else if (SPECIAL.indexOf(character) < 0) {
				word.append(character);
			}
			else {
				throw new IllegalArgumentException("Quote the '" + character + "' in: " + this.line);
			}
		}
		if (quote != 0) {
			throw new IllegalArgumentException("A quote is not closed in: " + this.line);
		}
		return words;
	}

	String program() {
		return this.line.replaceFirst(" .*", "");
	}

	List<String> arguments() {
		return words().subList(1, words().size());
	}

	@Override
	public String toString() {
		return this.where + " " + this.line;
	}

}
