package dev.yammap;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Why the operating system refused something. The causes are those that make a difference
 * to an operator. {@link Backend#NATIVE} reads the error number. {@link Backend#PORTABLE}
 * has only the system's words, and knows them only in English: in other languages the
 * cause is {@link #OTHER}.
 */
public enum FailureCause {

	/** The file system is full ({@code ENOSPC}). */
	NO_SPACE("No space left on device"),

	/** The quota of a user, group, project or subvolume is used up ({@code EDQUOT}). */
	QUOTA("Disk quota exceeded", "Quota exceeded"),

	/** The device, or the file system on it, has failed ({@code EIO}). */
	IO_ERROR("Input/output error", "I/O error", "Structure needs cleaning"),

	/**
	 * The file system is mounted read-only ({@code EROFS}): the kernel may have made it
	 * so after an error.
	 */
	READ_ONLY("Read-only file system"),

	/**
	 * The file would be longer than the process or its file system allows
	 * ({@code EFBIG}).
	 */
	TOO_LONG("File too large"),

	/**
	 * The process has no more address space, or too many mappings ({@code ENOMEM}).
	 */
	NO_MEMORY("Cannot allocate memory", "Map failed"),

	/** The process may not lock as much memory as was asked for. */
	LOCKED_MEMORY,

	/**
	 * The file system has no locks, or the system has reached its limit of locks
	 * ({@code ENOLCK}).
	 */
	NO_LOCKS("No locks available"),

	/** The process or the system has too many files open ({@code EMFILE}). */
	TOO_MANY_FILES("Too many open files"),

	/** A part of a path is not a directory ({@code ENOTDIR}). */
	NO_DIRECTORY("Not a directory"),

	/**
	 * The flags of a file or its directory ({@code chattr(1)}) or a security module
	 * forbid it, whatever the permissions say: see {@link FileProtectedException}.
	 */
	PROTECTED("Operation not permitted"),

	/** Anything else, such as a missing permission. */
	OTHER;

	/**
	 * The words of POSIX systems for it, in English. {@code I/O error} is that of musl.
	 */
	@SuppressWarnings("ImmutableEnumChecker") // made by List.of
	private final List<String> words;

	FailureCause(String... words) {
		this.words = List.of(words);
	}

	/**
	 * Returns why the operating system refused something, as far as an exception tells.
	 * That may be an exception of this library, or one of {@code java.io} or
	 * {@code java.nio.file}, which has only the system's words.
	 * @param failure the exception. Its causes are searched, too
	 * @return the cause, or {@link #OTHER} if it is not known
	 */
	public static FailureCause of(IOException failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			FailureCause found = switch (cause) {
				case StorageException ex -> ex.failureCause();
				case FileProtectedException _ -> PROTECTED;
				case FileSystemException ex -> ofWords(ex.getReason());
				case IOException ex -> ofWords(ex.getMessage());
				case OutOfMemoryError _ -> NO_MEMORY;
				default -> OTHER;
			};
			if (found != OTHER) {
				return found;
			}
		}
		return OTHER;
	}

	private static FailureCause ofWords(@Nullable String words) {
		if (words != null) {
			for (FailureCause cause : values()) {
				if (cause.words.stream().anyMatch(words::contains)) {
					return cause;
				}
			}
		}
		return OTHER;
	}

}
