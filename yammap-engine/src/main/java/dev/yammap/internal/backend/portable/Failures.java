package dev.yammap.internal.backend.portable;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

import dev.yammap.FailureCause;
import dev.yammap.StorageException;
import dev.yammap.internal.backend.ProcessLimits;
import dev.yammap.internal.backend.Remedies;

/**
 * Turns what {@code java.io} and {@code java.nio} throw into what the caller of the
 * engine sees: the operation, the file, the system's own word, and what to do.
 */
final class Failures {

	/** The words of POSIX systems, in English; others go without a remedy. */
	private static final Map<String, String> REMEDIES = Map.of("File too large", Remedies.TOO_LONG,
			"No space left on device", Remedies.SPACE, "Disk quota exceeded", Remedies.SPACE, "Read-only file system",
			Remedies.READ_ONLY, "Too many levels of symbolic links", Remedies.LINK, "user-mapped section open",
			". Windows cannot shorten a file while it is mapped: close it first");

	/** The same words; "I/O error" is that of musl. */
	private static final Map<String, FailureCause> CAUSES = Map.of("No space left on device", FailureCause.NO_SPACE,
			"Disk quota exceeded", FailureCause.QUOTA, "Quota exceeded", FailureCause.QUOTA, "Input/output error",
			FailureCause.IO_ERROR, "I/O error", FailureCause.IO_ERROR, "Read-only file system", FailureCause.READ_ONLY);

	private Failures() {
	}

	/**
	 * Explains a failure.
	 * @param operation what was tried, as in "extend"
	 * @param file the file
	 * @param where more about it, as in " by 64 bytes at offset 128", or nothing
	 * @param failure what was thrown
	 */
	static IOException explain(String operation, Path file, String where, IOException failure) {
		String start = "Cannot " + operation;
		IOException exception = switch (failure) {
			case NoSuchFileException ex -> new NoSuchFileException(file.toString(), null,
					start + where + ": No such file or directory" + Remedies.MISSING);
			case FileAlreadyExistsException ex ->
				new FileAlreadyExistsException(file.toString(), null, start + where + ": File exists");
			case AccessDeniedException ex -> new AccessDeniedException(file.toString(), null,
					start + where + ": Permission denied" + Remedies.DENIED);
			default -> new StorageException(start + " " + file + where + ": " + word(failure) + remedy(word(failure)),
					cause(word(failure)), failure);
		};
		if (exception.getCause() == null) {
			exception.initCause(failure);
		}
		return exception;
	}

	private static FailureCause cause(String word) {
		return CAUSES.entrySet()
			.stream()
			.filter((entry) -> word.contains(entry.getKey()))
			.map(Map.Entry::getValue)
			.findFirst()
			.orElse(FailureCause.OTHER);
	}

	/** Returns the operating system's own word. */
	static String word(IOException failure) {
		if (failure instanceof FileSystemException ex && ex.getReason() != null) {
			return ex.getReason();
		}
		Throwable cause = failure.getCause();
		String word = String.valueOf(failure.getMessage());
		return (cause instanceof OutOfMemoryError) ? "Cannot allocate memory (" + word + ")" : word;
	}

	private static String remedy(String word) {
		if (word.contains("Cannot allocate memory") || word.contains("Map failed")) {
			return ProcessLimits.ofMemory();
		}
		if (word.contains("Too many open files")) {
			return word.contains("in system") ? Remedies.FILES_OF_SYSTEM : Remedies.FILES;
		}
		return REMEDIES.entrySet()
			.stream()
			.filter((entry) -> word.contains(entry.getKey()))
			.map(Map.Entry::getValue)
			.findFirst()
			.orElse("");
	}

}
