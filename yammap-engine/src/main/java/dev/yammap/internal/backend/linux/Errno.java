package dev.yammap.internal.backend.linux;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

import dev.yammap.FailureCause;
import dev.yammap.StorageException;
import dev.yammap.internal.backend.ProcessLimits;
import dev.yammap.internal.backend.Remedies;

/**
 * The error numbers that the engine tells apart, from Linux
 * {@code include/uapi/asm-generic/errno.h} (the same on x86-64 and AArch64), and what is
 * said of each to the user.
 */
final class Errno {

	static final int EPERM = 1;

	static final int ENOENT = 2;

	static final int EINTR = 4;

	static final int EIO = 5;

	static final int EAGAIN = 11;

	static final int ENOMEM = 12;

	static final int EACCES = 13;

	static final int EFAULT = 14;

	static final int EEXIST = 17;

	static final int ENODEV = 19;

	static final int ENOTDIR = 20;

	static final int EINVAL = 22;

	static final int ENFILE = 23;

	static final int EMFILE = 24;

	static final int EFBIG = 27;

	static final int ENOSPC = 28;

	static final int EROFS = 30;

	static final int ENOSYS = 38;

	static final int ELOOP = 40;

	static final int EOVERFLOW = 75;

	static final int EOPNOTSUPP = 95;

	static final int EDQUOT = 122;

	static final int EHWPOISON = 133;

	private Errno() {
	}

	/**
	 * Turns a failed call into the exception that the caller of the engine sees.
	 * @param operation what was tried, as in "extend"
	 * @param file the file
	 * @param where more about it, as in " by 64 bytes at offset 128", or nothing
	 * @param failure the failed call
	 */
	static IOException explain(String operation, Path file, String where, SystemCallException failure) {
		String reason = where + ": " + failure.getMessage() + advice(failure);
		IOException exception = switch (failure.errno()) {
			case ENOENT -> new NoSuchFileException(file.toString(), null, "Cannot " + operation + reason);
			case EEXIST -> new FileAlreadyExistsException(file.toString(), null, "Cannot " + operation + reason);
			case EACCES, EPERM -> new AccessDeniedException(file.toString(), null, "Cannot " + operation + reason);
			default -> new StorageException("Cannot " + operation + " " + file + reason, cause(failure), failure);
		};
		if (exception.getCause() == null) {
			exception.initCause(failure);
		}
		return exception;
	}

	private static FailureCause cause(SystemCallException failure) {
		return switch (failure.errno()) {
			case EIO -> FailureCause.IO_ERROR;
			case ENOSPC -> FailureCause.NO_SPACE;
			case EROFS -> FailureCause.READ_ONLY;
			case EDQUOT -> FailureCause.QUOTA;
			default -> FailureCause.OTHER;
		};
	}

	private static String advice(SystemCallException failure) {
		return switch (failure.errno()) {
			case EPERM, EACCES -> Remedies.DENIED;
			case ENOENT -> Remedies.MISSING;
			case ENOMEM ->
				failure.function().equals("mlock") ? ProcessLimits.ofLockedMemory() : ProcessLimits.ofMemory();
			case EAGAIN -> ". Locked memory is at its limit: see ulimit -l";
			case EMFILE -> Remedies.FILES;
			case ENFILE -> Remedies.FILES_OF_SYSTEM;
			case EFBIG, EOVERFLOW -> Remedies.TOO_LONG;
			case ENOSPC, EDQUOT -> Remedies.SPACE;
			case ENODEV -> ". Only regular files can be mapped";
			case EROFS -> Remedies.READ_ONLY;
			case ELOOP -> Remedies.LINK;
			default -> "";
		};
	}

}
