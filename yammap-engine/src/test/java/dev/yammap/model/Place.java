package dev.yammap.model;

/**
 * Where in a file something is done, whatever its size is by then.
 *
 * @param base what it is relative to
 * @param distance how far from there, in bytes
 */
record Place(Base base, int distance) {

	private static final int PAGE = 4096;

	/**
	 * Returns the offset, which may be negative, or behind the end.
	 */
	long in(long size, long cursor) {
		return this.distance + switch (this.base) {
			case START -> 0;
			case CURSOR -> cursor;
			case END -> size;
			case MIDDLE -> size / 2;
			case LAST_PAGE -> size / PAGE * PAGE;
		};
	}

	/**
	 * A place that there always is.
	 */
	enum Base {

		START, CURSOR, END, MIDDLE, LAST_PAGE

	}

}
