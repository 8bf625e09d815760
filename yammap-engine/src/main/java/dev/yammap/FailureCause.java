package dev.yammap;

/**
 * Why the operating system refused something, as far as it makes a difference to an
 * operator. {@link Backend#NATIVE} reads the error number. {@link Backend#PORTABLE} has
 * only the system's words, and knows them in English: in other languages the cause is
 * {@link #OTHER}.
 */
public enum FailureCause {

	/** The file system is full ({@code ENOSPC}). */
	NO_SPACE,

	/** The quota of a user, group, project or subvolume is used up ({@code EDQUOT}). */
	QUOTA,

	/** The device, or the file system on it, has failed ({@code EIO}). */
	IO_ERROR,

	/**
	 * The file system is mounted read-only ({@code EROFS}): the kernel may have made it
	 * so after an error.
	 */
	READ_ONLY,

	/** Anything else, such as a limit of the process or a missing permission. */
	OTHER

}
