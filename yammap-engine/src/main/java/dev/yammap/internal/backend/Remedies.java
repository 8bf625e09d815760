package dev.yammap.internal.backend;

/**
 * What the user can do about a failure of the operating system, as the end of a message.
 */
public final class Remedies {

	public static final String DENIED = ". Check the owner and permissions of the file and its directories;"
			+ " a mapping needs the right to read, also for writing";

	public static final String MISSING = ". Check the path, or open with CREATE; the directory must exist";

	/** Where {@link ProcessLimits} cannot tell. */
	public static final String MEMORY = ". Address space, locked memory or the number of mappings is at its limit:"
			+ " see ulimit -v, ulimit -l and sysctl vm.max_map_count";

	public static final String THREADS = ". See ulimit -u";

	public static final String FILES = ". The process has as many files open as it may: close some, or raise ulimit -n";

	public static final String FILES_OF_SYSTEM = ". All processes together have as many files open as they may:"
			+ " close some, or raise sysctl fs.file-max";

	public static final String TOO_LONG = ". The file would be longer than ulimit -f or the file system allows";

	public static final String SPACE = ". Free some space, or raise the quota; the size of the file is unchanged";

	public static final String READ_ONLY = ". Open it for reading only";

	public static final String LINK = ". The path is, or runs in circles through, a symbolic link";

	private Remedies() {
	}

}
