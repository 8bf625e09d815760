package dev.yammap.sample.countries;

import java.util.stream.IntStream;

import com.fasterxml.jackson.annotation.JsonValue;

/**
 * A country as two capital letters (ISO 3166-1 alpha-2). There is one object per code.
 */
public final class CountryCode implements Comparable<CountryCode> {

	private static final int LETTERS = 26;

	/**
	 * The number of possible codes. {@link #index()} is always less.
	 */
	public static final int COUNT = LETTERS * LETTERS;

	private static final CountryCode[] ALL = IntStream.range(0, COUNT)
		.mapToObj(CountryCode::new)
		.toArray(CountryCode[]::new);

	/**
	 * The code that stands for "no country known", {@code ZZ}.
	 */
	public static final CountryCode UNKNOWN = of("ZZ");

	private final int index;

	private final String value;

	private CountryCode(int index) {
		this.index = index;
		this.value = "" + (char) ('A' + index / LETTERS) + (char) ('A' + index % LETTERS);
	}

	/**
	 * Returns the code with the given letters.
	 * @param value two capital letters from A to Z
	 * @return the code
	 * @throws IllegalArgumentException if the text is anything else
	 */
	public static CountryCode of(String value) {
		if (value.length() == 2) {
			int first = value.charAt(0) - 'A';
			int second = value.charAt(1) - 'A';
			if (first >= 0 && first < LETTERS && second >= 0 && second < LETTERS) {
				return ALL[first * LETTERS + second];
			}
		}
		throw new IllegalArgumentException("'" + value + "' is not a country code: two letters from A to Z are needed");
	}

	/**
	 * Returns the code with the given number. The number may come from a file, so it is
	 * checked.
	 * @param index the number, from 0 to {@link #COUNT} - 1
	 * @return the code
	 * @throws IllegalArgumentException if there is no such code
	 */
	public static CountryCode ofIndex(int index) {
		if (index < 0 || index >= COUNT) {
			throw new IllegalArgumentException("There is no country code with the number " + index);
		}
		return ALL[index];
	}

	/**
	 * Returns the number of this code in alphabetical order, which fits in two bytes.
	 * @return the number, from 0 to {@link #COUNT} - 1
	 */
	public int index() {
		return this.index;
	}

	@Override
	public int compareTo(CountryCode other) {
		return Integer.compare(this.index, other.index);
	}

	@Override
	@JsonValue
	public String toString() {
		return this.value;
	}

}
