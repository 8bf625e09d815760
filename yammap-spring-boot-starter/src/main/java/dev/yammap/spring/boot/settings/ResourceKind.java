package dev.yammap.spring.boot.settings;

import java.util.regex.Pattern;

/**
 * A kind of resource that is configured by name and becomes a bean. Each kind has
 * properties of its own.
 */
public enum ResourceKind {

	/** A mapped file. */
	FILE("files", "file", "mapped file", "Mmap"),

	/** A journal: a directory of files that hold records. */
	JOURNAL("journals", "journal", "journal", "Journal");

	private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_-]+");

	private final String property;

	private final String word;

	private final String noun;

	private final String type;

	ResourceKind(String property, String word, String noun, String type) {
		this.property = property;
		this.word = word;
		this.noun = noun;
		this.type = type;
	}

	/**
	 * Returns the property that holds all of this kind.
	 * @return its name below {@code yammap}
	 */
	public String property() {
		return this.property;
	}

	/**
	 * Returns what one of this kind is called in a log: {@code file} or {@code journal}.
	 */
	public String word() {
		return this.word;
	}

	/**
	 * Returns the word at the start of a sentence.
	 */
	public String title() {
		return Character.toUpperCase(this.word.charAt(0)) + this.word.substring(1);
	}

	/**
	 * Returns what one of this kind is called in full: {@code mapped file} or
	 * {@code journal}.
	 */
	public String noun() {
		return this.noun;
	}

	/**
	 * Returns the name of the interface that the bean has.
	 */
	public String type() {
		return this.type;
	}

	/**
	 * Returns what all properties of one resource begin with. Names with other characters
	 * than letters, digits, dashes and underscores are written in brackets.
	 * @param name the name of the resource
	 * @return the start of the name as an application writes it
	 */
	public String prefix(String name) {
		String all = "yammap." + this.property;
		return PLAIN_NAME.matcher(name).matches() ? all + "." + name : all + "[" + name + "]";
	}

	/**
	 * Returns the full name of a property of one resource.
	 * @param name the name of the resource
	 * @param property the name below the resource's own
	 * @return the name as an application writes it
	 */
	public String property(String name, String property) {
		return prefix(name) + "." + property;
	}

}
