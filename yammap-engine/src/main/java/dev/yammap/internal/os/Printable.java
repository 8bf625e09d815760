package dev.yammap.internal.os;

/**
 * Makes text of others safe for a message or a log: names of files and programs can hold
 * line breaks, commands to a terminal, and marks that change the direction of what
 * follows.
 */
public final class Printable {

	private Printable() {
	}

	/** Returns a text in which every invisible character is escaped. */
	public static String of(Object text) {
		String raw = text.toString();
		if (raw.codePoints().allMatch(Printable::isVisible)) {
			return raw;
		}
		StringBuilder escaped = new StringBuilder();
		raw.codePoints()
			.forEach((character) -> escaped
				.append(isVisible(character) ? Character.toString(character) : "\\u%04x".formatted(character)));
		return escaped.toString();
	}

	private static boolean isVisible(int character) {
		return switch (Character.getType(character)) {
			case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
					Character.SURROGATE, Character.UNASSIGNED ->
				false;
			default -> true;
		};
	}

}
