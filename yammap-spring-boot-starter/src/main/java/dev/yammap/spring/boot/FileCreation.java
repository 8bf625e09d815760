package dev.yammap.spring.boot;

/**
 * When a file is created.
 */
public enum FileCreation {

	/**
	 * Never: the file has to exist.
	 */
	NEVER,

	/**
	 * When it does not exist.
	 */
	IF_MISSING,

	/**
	 * When the application starts: the file must not exist.
	 */
	NEW

}
