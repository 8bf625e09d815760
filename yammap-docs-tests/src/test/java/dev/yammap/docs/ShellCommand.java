package dev.yammap.docs;

import java.util.ArrayList;
import java.util.List;

/**
 * A line of an example for the shell, split as a shell would: by spaces, but for what is
 * in quotes. Nothing that a shell would act upon may be outside of them.
 *
 * @param where the example and the line in it
 * @param words the program and its arguments, without their quotes
 */
record ShellCommand(String where, List<String> words) {

	private static final String SPECIAL = "|&;<>()$`\\*?[]#~!{}";

	/** Returns the commands of an example, without its comments. */
	static List<ShellCommand> of(Snippet example) {
		List<ShellCommand> commands = new ArrayList<>();
		int number = example.line();
		for (String line : example.text().split("\n", -1)) {
			number++;
			if (!line.isBlank() && !line.startsWith("#")) {
				commands.add(new ShellCommand(example.document() + ":" + number, split(line)));
			}
		}
		return commands;
	}

	private static List<String> split(String line) {
		List<String> words = new ArrayList<>();
		StringBuilder word = new StringBuilder();
		char quote = 0;
		for (char character : (line.strip() + " ").toCharArray()) {
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
				throw new IllegalArgumentException("Quote the '" + character + "' in: " + line);
			}
		}
		if (quote != 0) {
			throw new IllegalArgumentException("A quote is not closed in: " + line);
		}
		return words;
	}

	String program() {
		return this.words.getFirst();
	}

	List<String> arguments() {
		return this.words.subList(1, this.words.size());
	}

	@Override
	public String toString() {
		return this.where + " " + String.join(" ", this.words);
	}

}
