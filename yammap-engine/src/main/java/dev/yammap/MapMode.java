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
	 * are gone when it closes. The file needs to be readable only; it never changes its
	 * size through such a mapping. Whether a page that was not written yet shows later
	 * changes of the file is unspecified.
	 */
	PRIVATE

}
