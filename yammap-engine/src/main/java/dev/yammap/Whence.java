package dev.yammap;

/**
 * What an offset given to {@link Mmap#seek(long, Whence)} is relative to, as in
 * {@code lseek(2)}.
 */
public enum Whence {

	/** The first byte of the file ({@code SEEK_SET}). */
	START,

	/** The current offset of the cursor ({@code SEEK_CUR}). */
	CURRENT,

	/** The end of the file ({@code SEEK_END}). */
	END

}
