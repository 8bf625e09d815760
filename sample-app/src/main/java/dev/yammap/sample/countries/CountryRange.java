package dev.yammap.sample.countries;

/**
 * A range of addresses that belong to one country.
 *
 * @param first the first address, as an unsigned number
 * @param last the last address, as an unsigned number
 * @param country the country
 */
record CountryRange(int first, int last, CountryCode country) {

	CountryRange {
		if (Integer.compareUnsigned(first, last) > 0) {
			throw new IllegalArgumentException("the range begins at " + Integer.toUnsignedString(first)
					+ " and ends before that, at " + Integer.toUnsignedString(last));
		}
	}

	/**
	 * Tells whether all of this range comes after all of another one.
	 */
	boolean isAfter(CountryRange other) {
		return Integer.compareUnsigned(this.first, other.last) > 0;
	}

}
