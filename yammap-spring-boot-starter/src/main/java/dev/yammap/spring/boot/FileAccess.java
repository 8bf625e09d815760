package dev.yammap.spring.boot;

/**
 * What an application may do with a file.
 */
public enum FileAccess {

	/**
	 * Read.
	 */
	READ_ONLY,

	/**
	 * Read, write and grow.
	 */
	READ_WRITE,

	/**
	 * Read, and write at the end only.
	 */
	APPEND,

	/**
	 * Read, and write to a copy in memory that is gone when the file closes.
	 */
	PRIVATE;

	/**
	 * Tells whether the file on disk can be changed.
	 * @return whether what is written reaches the file
	 */
	public boolean changesFile() {
		return this == READ_WRITE || this == APPEND;
	}

}
