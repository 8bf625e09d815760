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
		Meaning meaning = meaning(failure);
		boolean unchanged = staying.isEmpty() && meaning.advice.equals(Remedies.SPACE);
		String reason = where + ": " + failure.getMessage() + meaning.advice
				+ (unchanged ? Remedies.UNCHANGED : staying);
		String start = "Cannot " + operation;
		IOException exception = switch (failure.errno()) {
			case ENOENT -> new NoSuchFileException(Printable.of(file), null, start + reason);
			case EEXIST -> new FileAlreadyExistsException(Printable.of(file), null, start + reason);
			case EACCES, EPERM -> denied(meaning.cause, file, start, reason, failure);
			default -> new StorageException(start + " " + Printable.of(file) + reason, meaning.cause, failure);
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

	/** Some calls have a meaning of their own for an error. */
	private static Meaning meaning(SystemCallException failure) {
		int errno = failure.errno();
		return switch (failure.function()) {
			case "mmap" -> switch (errno) {
				case EACCES -> new Meaning(FailureCause.PROTECTED, Remedies.APPEND_ONLY);
				case ENODEV, EINVAL -> new Meaning(FailureCause.OTHER, Remedies.UNMAPPABLE);
				default -> meaning(errno);
			};
			case "mlock" -> switch (errno) {
				case ENOMEM, EAGAIN, EPERM ->
					new Meaning(FailureCause.LOCKED_MEMORY, ProcessLimits.OF_THIS_PROCESS.ofLockedMemory());
				default -> meaning(errno);
			};
			case "fcntl" -> switch (errno) {
				// Before Linux 3.15 the kernel has no such locks.
				case ENOLCK, EINVAL, ENOSYS, EOPNOTSUPP -> new Meaning(FailureCause.NO_LOCKS, Remedies.LOCKS);
				default -> meaning(errno);
			};
			default -> meaning(errno);
		};
	}

	private static Meaning meaning(int errno) {
		return switch (errno) {
			case EPERM -> new Meaning(FailureCause.PROTECTED, Remedies.PROTECTED);
			case EACCES -> new Meaning(FailureCause.OTHER, Remedies.DENIED);
			case ENOENT -> new Meaning(FailureCause.OTHER, Remedies.MISSING);
			case ENOMEM -> new Meaning(FailureCause.NO_MEMORY, ProcessLimits.OF_THIS_PROCESS.ofMemory());
			case EMFILE -> new Meaning(FailureCause.TOO_MANY_FILES, Remedies.FILES);
			case ENFILE -> new Meaning(FailureCause.TOO_MANY_FILES, Remedies.FILES_OF_SYSTEM);
			case EFBIG, EOVERFLOW -> new Meaning(FailureCause.TOO_LONG, Remedies.TOO_LONG);
			case ENOSPC -> new Meaning(FailureCause.NO_SPACE, Remedies.SPACE);
			case EDQUOT -> new Meaning(FailureCause.QUOTA, Remedies.SPACE);
			case EROFS -> new Meaning(FailureCause.READ_ONLY, Remedies.READ_ONLY);
			case ELOOP -> new Meaning(FailureCause.OTHER, Remedies.LINK);
			case EISDIR -> new Meaning(FailureCause.OTHER, Remedies.DIRECTORY);
			case ENOTDIR -> new Meaning(FailureCause.NO_DIRECTORY, Remedies.NO_DIRECTORY);
			case ENAMETOOLONG -> new Meaning(FailureCause.OTHER, Remedies.LONG_NAME);
			case ETXTBSY -> new Meaning(FailureCause.OTHER, Remedies.BUSY);
			case ESTALE -> new Meaning(FailureCause.OTHER, Remedies.STALE);
			case ENOTCONN, ECONNABORTED -> new Meaning(FailureCause.OTHER, Remedies.UNMOUNTED);
			case EIO, ENXIO, ENODEV, ESHUTDOWN, ETIMEDOUT, EHOSTDOWN, EUCLEAN, EREMOTEIO, EHWPOISON ->
				new Meaning(FailureCause.IO_ERROR, Remedies.DEVICE);
			default -> new Meaning(FailureCause.OTHER, "");
		};
	}

	/** What an error means: for a program, and for whoever reads the message. */
	private record Meaning(FailureCause cause, String advice) {

	}

}
