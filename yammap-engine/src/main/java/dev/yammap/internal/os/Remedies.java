package dev.yammap.internal.os;

/**
 * What the user can do about a failure of the operating system: the ends of messages.
 */
public final class Remedies {

	public static final String DENIED = ". Check the owner and permissions of the file and its directories;"
			+ " a mapping needs read permission, even for writing";

	public static final String MISSING = ". Check the path, or open with CREATE; the directory must exist";

	/** If {@link ProcessLimits} cannot tell which limit it was. */
	public static final String MEMORY = ". Address space, locked memory or the number of mappings is at its limit:"
			+ " see ulimit -v, ulimit -l and sysctl vm.max_map_count";

	public static final String THREADS = ". See ulimit -u";

	public static final String FILES = ". The process has reached its limit of open files: close some, or raise"
			+ " ulimit -n";

	public static final String FILES_OF_SYSTEM = ". The system has reached its limit of open files:"
			+ " close some, or raise sysctl fs.file-max";

	public static final String TOO_LONG = ". The file would be longer than ulimit -f or the file system allows";

	public static final String SPACE = ". Free some space, or raise the quota";

	/** Added behind {@link #SPACE} if it is true. */
	public static final String UNCHANGED = "; the size of the file is unchanged";

	/** The flags of {@code chattr(1)} bind even root. */
	public static final String PROTECTED = ". The file or its directory is append-only or immutable (see lsattr;"
			+ " chattr -a or -i ends that), or a security module of the system forbids it";

	/**
	 * The kernel refuses to map such a file shared and writable, even if it was opened
	 * with APPEND.
	 */
	public static final String APPEND_ONLY = ". A file that is append-only (chattr +a) cannot be mapped while it is"
			+ " open for writing: chattr -a ends that, or open it for reading only";

	public static final String READ_ONLY = ". The file system is mounted read-only, or became so after an error (see"
			+ " dmesg): open the file for reading only, or mount it writable";

	/** For file systems whose files have no pages that mappings can share. */
	public static final String UNMAPPABLE = ". The file system cannot share mapped pages of this file. Some network and"
			+ " FUSE file systems cannot: keep the file on another file system, or use a FileChannel";

	public static final String LOCKS = ". The file system has no locks, or the system has reached its limit of locks:"
			+ " open the file with LockMode.NONE (lock: none), and make sure that nobody else writes to it";

	public static final String DEVICE = ". The device or the server behind the file system failed, or the file system"
			+ " was shut down (see dmesg): repair it and open the file again; what was not synced may be lost";

	public static final String STALE = ". The file is not on its server any more: open it again by its path";

	public static final String UNMOUNTED = ". The program behind this FUSE file system has ended: mount it again";

	public static final String BUSY = ". The file is being executed, or is swap space";

	public static final String DIRECTORY = ". Name a file";

	public static final String NO_DIRECTORY = ". A part of the path should be a directory, but is not";

	public static final String LONG_NAME = ". Choose a shorter path";

	/** For a directory that cannot be opened to be synced. */
	public static final String DIRECTORY_DENIED = "Grant the right to read the directory";

	/**
	 * For a file system that cannot sync a directory, such as those of VirtualBox and
	 * CIFS.
	 */
	public static final String DIRECTORY_UNSUPPORTED = "This file system syncs no directories: keep what must last on"
			+ " another";

	public static final String LINK = ". The path is a symbolic link, or its symbolic links form a loop";

	private Remedies() {
	}

	/**
	 * Says what a failed call has written and did not take back, as others may write to
	 * the file.
	 * @param length how many bytes it is
	 * @param offset where they are
	 */
	public static String staying(long length, long offset) {
		return staying(length + " bytes at offset " + offset);
	}

	/** The same, if it is not known exactly how many bytes it is. */
	public static String stayingAtMost(long length, long offset) {
		return staying("up to " + length + " bytes at offset " + offset + " or behind it");
	}

	private static String staying(String what) {
		return "; " + what
				+ " were written before it failed, and stay: cutting them off could cut off what others wrote";
	}

}
