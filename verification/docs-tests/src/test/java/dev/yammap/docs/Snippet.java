package dev.yammap.docs;

/**
 * An example in a document: a block of code.
 *
 * @param document the name of the document
 * @param line the number of the line before its first one, counted from 1: that of the
 * fence
 * @param language what the fence says it is, empty if nothing
 * @param text the example
 */
record Snippet(String document, int line, String language, String text) {

	/** Where to find it, as shown for the test. */
	@Override
	public String toString() {
		return this.document + ":" + this.line;
	}

}
