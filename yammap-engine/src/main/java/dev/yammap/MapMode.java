package dev.yammap;

/**
 * Who sees what is written to a mapping, as in {@code mmap(2)}.
 */
public enum MapMode {

	/**
	 * Writes reach the file and every other mapping of it ({@code MAP_SHARED}).
	 */
	SHARED,

	/**
	 * Writes stay in the memory of this mapping ({@code MAP_PRIVATE}, copy-on-write) and
	 * are lost when it closes. Read permission for the file is enough. Such a mapping
	 * never changes the size of the file. It is unspecified whether a page that was not
	 * written yet shows later changes of the file.
	 */
	PRIVATE

}
