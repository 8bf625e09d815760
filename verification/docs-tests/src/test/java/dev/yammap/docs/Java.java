package dev.yammap.docs;

import java.nio.file.Path;

/**
 * The Java that runs these tests.
 */
final class Java {

	private Java() {
	}

	/** Returns the path of its launcher. */
	static String program() {
		return Path.of(System.getProperty("java.home"), "bin", "java").toString();
	}

}
