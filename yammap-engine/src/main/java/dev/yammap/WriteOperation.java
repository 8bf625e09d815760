package dev.yammap;

/**
 * What kind of write the operating system refused; see {@link MmapListener#failed}.
 */
public enum WriteOperation {

	/** A write to the end of a file that was opened with {@code APPEND}. */
	APPEND,

	/**
	 * A write within the file. Only {@link Backend#PORTABLE} asks the operating system
	 * for it, behind the mapping. All other writes within the file are stores, which meet
	 * a {@linkplain MmapListener#faulted fault} instead.
	 */
	WRITE,

	/** A write past the end, or a truncation to a greater size. */
	GROWTH,

	/** A truncation to a smaller size. */
	TRUNCATE

}
