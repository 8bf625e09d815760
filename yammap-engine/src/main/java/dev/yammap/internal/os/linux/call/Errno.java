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
public enum Errno {

	EPERM(1), ENOENT(2), EINTR(4), EIO(5), ENXIO(6), EAGAIN(11), ENOMEM(12), EACCES(13), EFAULT(14), EEXIST(17),
	ENODEV(19), ENOTDIR(20), EISDIR(21), EINVAL(22), ENFILE(23), EMFILE(24), ETXTBSY(26), EFBIG(27), ENOSPC(28),
	EROFS(30), ENAMETOOLONG(36), ENOLCK(37), ENOSYS(38), ELOOP(40), EOVERFLOW(75), EOPNOTSUPP(95), ECONNABORTED(103),
	ENOTCONN(107), ESHUTDOWN(108), ETIMEDOUT(110), EHOSTDOWN(112), ESTALE(116), EUCLEAN(117), EREMOTEIO(121),
	EDQUOT(122), EHWPOISON(133),

	/** Any other. */
	OTHER(0);

	private final int number;

	Errno(int number) {
		this.number = number;
	}

	static Errno of(int number) {
		for (Errno known : values()) {
			if (known.number == number) {
				return known;
			}
		}
		return OTHER;
	}

	public int number() {
		return this.number;
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
		String name = Printable.of(file);
		boolean isProtected = meaning.cause == FailureCause.PROTECTED;
		IOException exception = isProtected ? new FileProtectedException(name, start + reason)
				: switch (failure.errno()) {
					case ENOENT -> new NoSuchFileException(name, null, start + reason);
					case EEXIST -> new FileAlreadyExistsException(name, null, start + reason);
					case EACCES -> new AccessDeniedException(name, null, start + reason);
					default -> new StorageException(start + " " + name + reason, meaning.cause, failure);
				};
		if (exception.getCause() == null) {
			exception.initCause(failure);
		}
		return exception;
	}

	/** Some calls have a meaning of their own for an error. */
	private static Meaning meaning(SystemCallException failure) {
		Errno errno = failure.errno();
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

	private static Meaning meaning(Errno errno) {
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
