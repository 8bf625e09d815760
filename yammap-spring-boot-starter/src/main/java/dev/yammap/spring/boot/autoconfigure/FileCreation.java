package dev.yammap.spring.boot.autoconfigure;

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
	 * Always: the file must not exist.
	 */
	ALWAYS

}
