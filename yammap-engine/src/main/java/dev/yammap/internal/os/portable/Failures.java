package dev.yammap.internal.os.portable;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

import dev.yammap.FailureCause;
import dev.yammap.FileProtectedException;
import dev.yammap.StorageException;
import dev.yammap.internal.os.Printable;
import dev.yammap.internal.os.ProcessLimits;
import dev.yammap.internal.os.Remedies;

/**
 * Turns exceptions of {@code java.io} and {@code java.nio} into those that the caller of
 * the engine sees. They name the operation, the file, the system's own word, and what to
 * do.
 */
final class Failures {

	/**
	 * What to do, by the words of POSIX systems in English. Other words get no remedy.
	 */
	private static final Map<String, String> REMEDIES = Map.ofEntries(Map.entry("File too large", Remedies.TOO_LONG),
			Map.entry("No space left on device", Remedies.SPACE), Map.entry("Disk quota exceeded", Remedies.SPACE),
			Map.entry("Read-only file system", Remedies.READ_ONLY),
			Map.entry("Too many levels of symbolic links", Remedies.LINK),
			Map.entry("Permission denied", Remedies.DENIED), Map.entry("No locks available", Remedies.LOCKS),
			Map.entry("Is a directory", Remedies.DIRECTORY), Map.entry("Not a directory", Remedies.NO_DIRECTORY),
			Map.entry("File name too long", Remedies.LONG_NAME), Map.entry("Text file busy", Remedies.BUSY),
			Map.entry("Stale file handle", Remedies.STALE),
			Map.entry("Transport endpoint is not connected", Remedies.UNMOUNTED),
			Map.entry("Software caused connection abort", Remedies.UNMOUNTED),
			Map.entry("Input/output error", Remedies.DEVICE), Map.entry("I/O error", Remedies.DEVICE),
			Map.entry("No such device or address", Remedies.DEVICE),
			Map.entry("Structure needs cleaning", Remedies.DEVICE),
			Map.entry("Cannot send after transport endpoint shutdown", Remedies.DEVICE),
			Map.entry("Connection timed out", Remedies.DEVICE), Map.entry("Host is down", Remedies.DEVICE),
			Map.entry("Remote I/O error", Remedies.DEVICE), Map.entry("user-mapped section open",
					". Windows cannot shorten a file while it is mapped: close it first"));

	/** The same, for mapping a file. */
	private static final Map<String, String> REMEDIES_OF_MAPPING = Map.of("Permission denied", Remedies.APPEND_ONLY,
			"No such device", Remedies.UNMAPPABLE, "Invalid argument", Remedies.UNMAPPABLE);

	private static final String NOT_PERMITTED = "Operation not permitted";

	private Failures() {
	}

	/**
	 * Explains a failure.
	 * @param operation what was tried, as in "extend"
	 * @param where the place, as in " by 64 bytes at offset 128", or an empty text
	 */
	static IOException explain(String operation, Path file, String where, IOException failure) {
		return explain(operation, file, where, failure, "");
	}

	/**
	 * The same for a call that may have left something behind.
	 * @param staying what that is, see {@link Remedies#staying}, or an empty text
	 */
	static IOException explain(String operation, Path file, String where, IOException failure, String staying) {
		String word = word(failure);
		String remedy = remedy(operation, word);
		boolean unchanged = staying.isEmpty() && remedy.equals(Remedies.SPACE);
		String start = "Cannot " + operation;
		String name = Printable.of(file);
		IOException exception = switch (failure) {
			case NoSuchFileException ex ->
				new NoSuchFileException(name, null, start + where + ": No such file or directory" + Remedies.MISSING);
			case FileAlreadyExistsException ex ->
				new FileAlreadyExistsException(name, null, start + where + ": File exists");
			case AccessDeniedException ex ->
				new AccessDeniedException(name, null, start + where + ": Permission denied" + Remedies.DENIED);
			case IOException ex when word.contains(NOT_PERMITTED) ->
				new FileProtectedException(name, start + where + ": " + NOT_PERMITTED + Remedies.PROTECTED);
			default -> new StorageException(
					start + " " + name + where + ": " + word + remedy + (unchanged ? Remedies.UNCHANGED : staying),
					cause(operation, word, failure), failure);
		};
		if (exception.getCause() == null) {
			exception.initCause(failure);
		}
		return exception;
	}

	private static FailureCause cause(String operation, String word, IOException failure) {
		if (operation.equals("map") && word.contains("Permission denied")) {
			return FailureCause.PROTECTED;
		}
		boolean unsupported = word.contains("Function not implemented") || word.contains("Operation not supported");
		return (operation.equals("lock") && unsupported) ? FailureCause.NO_LOCKS : FailureCause.of(failure);
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

	private static String remedy(String operation, String word) {
		if (word.contains("Cannot allocate memory") || word.contains("Map failed")) {
			return ProcessLimits.OF_THIS_PROCESS.ofMemory();
		}
		if (word.contains("Too many open files")) {
			return word.contains("in system") ? Remedies.FILES_OF_SYSTEM : Remedies.FILES;
		}
		String remedy = operation.equals("map") ? of(word, REMEDIES_OF_MAPPING) : "";
		return remedy.isEmpty() ? of(word, REMEDIES) : remedy;
	}

	private static String of(String word, Map<String, String> remedies) {
		return remedies.keySet().stream().filter(word::contains).findFirst().map(remedies::get).orElse("");
	}

}
