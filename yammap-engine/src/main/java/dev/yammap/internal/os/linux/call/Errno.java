package dev.yammap.internal.os.linux.call;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

import dev.yammap.FailureCause;
import dev.yammap.FileProtectedException;
import dev.yammap.StorageException;
import dev.yammap.internal.os.Printable;
import dev.yammap.internal.os.ProcessLimits;
import dev.yammap.internal.os.Remedies;

/**
 * The error numbers that the engine tells apart, and what it tells the user about each.
 * They are those of Linux {@code include/uapi/asm-generic/errno.h} (the same on x86-64
 * and AArch64).
 */
public final class Errno {

	public static final int EPERM = 1;

	public static final int ENOENT = 2;

	public static final int EINTR = 4;

	static final int EIO = 5;

	static final int ENXIO = 6;

	public static final int EAGAIN = 11;

	public static final int ENOMEM = 12;

	public static final int EACCES = 13;

	public static final int EFAULT = 14;

	public static final int EEXIST = 17;

	static final int ENODEV = 19;

	public static final int ENOTDIR = 20;

	static final int EISDIR = 21;

	public static final int EINVAL = 22;

	static final int ENFILE = 23;

	static final int EMFILE = 24;

	static final int ETXTBSY = 26;

	static final int EFBIG = 27;

	public static final int ENOSPC = 28;

	static final int EROFS = 30;

	static final int ENAMETOOLONG = 36;

	static final int ENOLCK = 37;

	public static final int ENOSYS = 38;

	public static final int ELOOP = 40;

	static final int EOVERFLOW = 75;

	public static final int EOPNOTSUPP = 95;

	static final int ECONNABORTED = 103;

	static final int ENOTCONN = 107;

	static final int ESHUTDOWN = 108;

	static final int ETIMEDOUT = 110;

	static final int EHOSTDOWN = 112;

	static final int ESTALE = 116;

	static final int EUCLEAN = 117;

	static final int EREMOTEIO = 121;

	static final int EDQUOT = 122;

	public static final int EHWPOISON = 133;

	private Errno() {
	}

	/**
	 * Turns a failed call into the exception that the caller of the engine sees.
	 * @param operation what was tried, as in "extend"
	 * @param where the place, as in " by 64 bytes at offset 128", or an empty text
	 */
	public static IOException explain(String operation, Path file, String where, SystemCallException failure) {
		return explain(operation, file, where, failure, "");
	}

	/**
	 * The same for a call that may have left something behind.
	 * @param staying what that is, see {@link Remedies#staying}, or an empty text
	 */
	public static IOException explain(String operation, Path file, String where, SystemCallException failure,
			String staying) {
		String advice = advice(failure);
		boolean unchanged = staying.isEmpty() && advice.equals(Remedies.SPACE);
		String reason = where + ": " + failure.getMessage() + advice + (unchanged ? Remedies.UNCHANGED : staying);
		String start = "Cannot " + operation;
		FailureCause cause = cause(failure);
		IOException exception = switch (failure.errno()) {
			case ENOENT -> new NoSuchFileException(Printable.of(file), null, start + reason);
			case EEXIST -> new FileAlreadyExistsException(Printable.of(file), null, start + reason);
			case EACCES, EPERM -> denied(cause, file, start, reason, failure);
			default -> new StorageException(start + " " + Printable.of(file) + reason, cause, failure);
		};
		if (exception.getCause() == null) {
			exception.initCause(failure);
		}
		return exception;
	}

	private static IOException denied(FailureCause cause, Path file, String start, String reason,
			SystemCallException failure) {
		return switch (cause) {
			case PROTECTED -> new FileProtectedException(Printable.of(file), start + reason);
			case OTHER -> new AccessDeniedException(Printable.of(file), null, start + reason);
			default -> new StorageException(start + " " + Printable.of(file) + reason, cause, failure);
		};
	}

	private static FailureCause cause(SystemCallException failure) {
		int errno = failure.errno();
		return switch (failure.function()) {
			case "mmap" -> causeOfMap(errno);
			case "mlock" -> isLimitOfLockedMemory(errno) ? FailureCause.LOCKED_MEMORY : cause(errno);
			case "fcntl" -> isLackOfLocks(errno) ? FailureCause.NO_LOCKS : cause(errno);
			default -> cause(errno);
		};
	}

	/** As {@link #adviceToMap}. */
	private static FailureCause causeOfMap(int errno) {
		return switch (errno) {
			case EACCES -> FailureCause.PROTECTED;
			case ENODEV -> FailureCause.OTHER;
			default -> cause(errno);
		};
	}

	private static FailureCause cause(int errno) {
		return switch (errno) {
			case ENOSPC -> FailureCause.NO_SPACE;
			case EROFS -> FailureCause.READ_ONLY;
			case EDQUOT -> FailureCause.QUOTA;
			case EFBIG, EOVERFLOW -> FailureCause.TOO_LONG;
			case ENOMEM -> FailureCause.NO_MEMORY;
			case EMFILE, ENFILE -> FailureCause.TOO_MANY_FILES;
			case ENOTDIR -> FailureCause.NO_DIRECTORY;
			case EPERM -> FailureCause.PROTECTED;
			default -> isFailureOfDevice(errno) ? FailureCause.IO_ERROR : FailureCause.OTHER;
		};
	}

	private static String advice(SystemCallException failure) {
		return switch (failure.function()) {
			case "mmap" -> adviceToMap(failure.errno());
			case "mlock" -> adviceToLockMemory(failure.errno());
			case "fcntl" -> adviceToLock(failure.errno());
			default -> advice(failure.errno());
		};
	}

	private static String adviceToMap(int errno) {
		return switch (errno) {
			case EACCES -> Remedies.APPEND_ONLY;
			case ENODEV, EINVAL -> Remedies.UNMAPPABLE;
			default -> advice(errno);
		};
	}

	private static String adviceToLockMemory(int errno) {
		return isLimitOfLockedMemory(errno) ? ProcessLimits.ofLockedMemory() : advice(errno);
	}

	private static boolean isLimitOfLockedMemory(int errno) {
		return errno == ENOMEM || errno == EAGAIN || errno == EPERM;
	}

	private static String adviceToLock(int errno) {
		return isLackOfLocks(errno) ? Remedies.LOCKS : advice(errno);
	}

	/** Before Linux 3.15 the kernel has no such locks. */
	private static boolean isLackOfLocks(int errno) {
		return errno == ENOLCK || errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP;
	}

	private static String advice(int errno) {
		return switch (errno) {
			case EPERM -> Remedies.PROTECTED;
			case EACCES -> Remedies.DENIED;
			case ENOENT -> Remedies.MISSING;
			case ENOMEM -> ProcessLimits.ofMemory();
			case EMFILE -> Remedies.FILES;
			case ENFILE -> Remedies.FILES_OF_SYSTEM;
			case EFBIG, EOVERFLOW -> Remedies.TOO_LONG;
			case ENOSPC, EDQUOT -> Remedies.SPACE;
			case EROFS -> Remedies.READ_ONLY;
			case ELOOP -> Remedies.LINK;
			case EISDIR -> Remedies.DIRECTORY;
			case ENOTDIR -> Remedies.NO_DIRECTORY;
			case ENAMETOOLONG -> Remedies.LONG_NAME;
			case ETXTBSY -> Remedies.BUSY;
			case ESTALE -> Remedies.STALE;
			case ENOTCONN, ECONNABORTED -> Remedies.UNMOUNTED;
			default -> isFailureOfDevice(errno) ? Remedies.DEVICE : "";
		};
	}

	private static boolean isFailureOfDevice(int errno) {
		return switch (errno) {
			case EIO, ENXIO, ENODEV, ESHUTDOWN, ETIMEDOUT, EHOSTDOWN, EUCLEAN, EREMOTEIO, EHWPOISON -> true;
			default -> false;
		};
	}

}
