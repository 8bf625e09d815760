package dev.yammap.spring.boot.autoconfigure;

import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Failures of the operating system that have no exception of their own, told apart by
 * what the engine says of them: the number of the error where the engine made the call
 * itself, the system's word where Java did.
 */
enum OpenFailure {

	/**
	 * ENOMEM, EAGAIN and EPERM of mlock(2); before the others, as its number is theirs.
	 */
	LOCKED_MEMORY("Cannot lock in memory"),

	/**
	 * ENOLCK; and ENOSYS and EOPNOTSUPP of a lock, where the file system knows none.
	 */
	NO_LOCKS("errno 37\\)|No locks available"
			+ "|Cannot lock.*(errno (38|95)\\)|Function not implemented|Operation not supported)"),

	/** EPERM, and EACCES of mmap(2): the flags of chattr(1). */
	PROTECTED("is append-only|errno 1\\)|Operation not permitted|Cannot map.*(errno 13\\)|Permission denied)"),

	/** EIO. */
	DEVICE_FAILURE("errno 5\\)|Input/output error"),

	/** ENOSPC, EDQUOT. */
	NO_SPACE("errno (28|122)\\)|No space left on device|Disk quota exceeded"),

	/** ENOTDIR. */
	NO_DIRECTORY("errno 20\\)|Not a directory"),

	/** EROFS. */
	READ_ONLY_FILE_SYSTEM("errno 30\\)|Read-only file system"),

	/** ENFILE, EMFILE. */
	TOO_MANY_FILES("errno (23|24)\\)|Too many open files"),

	/** ENOMEM. */
	NO_ADDRESS_SPACE("errno 12\\)|Cannot allocate memory|Map failed"),

	/** EFBIG, EOVERFLOW. */
	TOO_LONG("errno (27|75)\\)|File too large");

	private final Pattern pattern;

	OpenFailure(String pattern) {
		this.pattern = Pattern.compile(pattern);
	}

	/**
	 * Tells which one it was.
	 * @param message what the engine says
	 * @return the failure, or {@code null} if it is none of these
	 */
	static @Nullable OpenFailure of(String message) {
		for (OpenFailure failure : values()) {
			if (failure.pattern.matcher(message).find()) {
				return failure;
			}
		}
		return null;
	}

}
