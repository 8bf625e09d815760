package dev.yammap.docs;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a query of Prometheus names. Whether it is a valid query is left to
 * {@code promtool}.
 *
 * @param selectors the metrics, with the labels that they are selected by
 * @param groupings the labels that results are grouped or matched by
 */
record PromQl(List<Selector> selectors, Set<String> groupings) {

	private static final Pattern TOKEN = Pattern.compile("""
			(?x) \\s*(?:
			(?<string> "(?:\\\\.|[^"\\\\])*" | '(?:\\\\.|[^'\\\\])*' | `[^`]*` )
			| (?<range> \\[[^\\]]*\\] )
			| (?<number> \\d[\\w.]* )
			| (?<name> [A-Za-z_][\\w:]* )
			| (?<symbol> =~ | !~ | != | == | <= | >= | [-+*/%^=<>(){},@] )
			)""");

	private static final Set<String> GROUPING = Set.of("by", "without", "on", "ignoring", "group_left", "group_right");

	private static final Set<String> OPERATORS = Set.of("and", "or", "unless", "atan2", "bool", "offset");

	/**
	 * Reads a query.
	 * @throws IllegalArgumentException if it cannot be read, or selects by labels alone
	 */
	static PromQl parse(String query) {
		return new Reader(query, tokens(query)).read();
	}

	private static List<Token> tokens(String query) {
		List<Token> tokens = new ArrayList<>();
		String stripped = query.strip();
		Matcher matcher = TOKEN.matcher(stripped);
		while (matcher.regionStart() < stripped.length()) {
			if (!matcher.lookingAt()) {
				throw new IllegalArgumentException(
						"Cannot read '" + stripped.substring(matcher.regionStart()) + "' of " + query);
			}
			if (matcher.group("range") == null) {
				tokens.add(new Token(matcher.group().strip(), matcher.group("name") != null));
			}
			matcher.region(matcher.end(), stripped.length());
		}
		return tokens;
	}

	/**
	 * A metric, and what its labels must be.
	 */
	record Selector(String metric, List<LabelMatcher> matchers) {
	}

	/**
	 * What a label must be.
	 *
	 * @param label the name of the label
	 * @param operator one of {@code =}, {@code !=}, {@code =~} and {@code !~}
	 * @param value the value, or a pattern of it
	 */
	record LabelMatcher(String label, String operator, String value) {

		/** Tells whether this is the value, or a pattern that matches it. */
		boolean names(String value) {
			return this.operator.endsWith("~") ? value.matches(this.value) : value.equals(this.value);
		}

	}

	private record Token(String text, boolean name) {

		boolean is(String text) {
			return this.text.equals(text);
		}

	}

	private static final class Reader {

		private static final Token END = new Token("", false);

		private final String query;

		private final List<Token> tokens;

		private final List<Selector> selectors = new ArrayList<>();

		private final Set<String> groupings = new LinkedHashSet<>();

		private int next;

		Reader(String query, List<Token> tokens) {
			this.query = query;
			this.tokens = tokens;
		}

		PromQl read() {
			for (Token token = take(); !token.equals(END); token = take()) {
				String word = token.text().toLowerCase(Locale.ROOT);
				if (token.is("{")) {
					throw failure("labels without a metric");
				}
				if (token.name() && GROUPING.contains(word)) {
					readGrouping();
				}
				else if (token.name() && !OPERATORS.contains(word) && !isFunction()) {
					this.selectors.add(new Selector(token.text(), readMatchers()));
				}
			}
			return new PromQl(this.selectors, this.groupings);
		}

		/** An aggregation may have its grouping before what it is applied to. */
		private boolean isFunction() {
			return peek().is("(") || peek().is("by") || peek().is("without");
		}

		private void readGrouping() {
			if (peek().is("(")) {
				take();
				for (Token label = take(); !label.is(")"); label = take()) {
					if (label.name()) {
						this.groupings.add(label.text());
					}
					else if (!label.is(",")) {
						throw failure("a label");
					}
				}
			}
		}

		private List<LabelMatcher> readMatchers() {
			List<LabelMatcher> matchers = new ArrayList<>();
			if (!peek().is("{")) {
				return matchers;
			}
			take();
			for (Token label = take(); !label.is("}"); label = take()) {
				if (label.name()) {
					String operator = take().text();
					String value = take().text();
					matchers.add(new LabelMatcher(label.text(), operator, value.substring(1, value.length() - 1)));
				}
				else if (!label.is(",")) {
					throw failure("a label");
				}
			}
			return matchers;
		}

		private Token peek() {
			return (this.next < this.tokens.size()) ? this.tokens.get(this.next) : END;
		}

		private Token take() {
			Token token = peek();
			this.next++;
			return token;
		}

		private IllegalArgumentException failure(String problem) {
			return new IllegalArgumentException("At the word " + this.next + ", " + problem + ": " + this.query);
		}

	}

}
