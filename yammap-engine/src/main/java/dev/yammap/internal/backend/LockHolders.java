package dev.yammap.internal.backend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.yammap.FileLockedException;
import dev.yammap.LockMode;

/**
 * Finds out which process holds a lock on a file, from what Linux tells in {@code /proc}.
 * ({@code F_OFD_GETLK} does not tell the process of an open file description lock.)
 * Processes of other users are not looked into, nor those outside of a container.
 */
public final class LockHolders {

	private static final LockHolders OF_THIS_SYSTEM = new LockHolders(Path.of("/proc"));

	private static final String THIS_PROCESS = "this very process";

	private final Path proc;

	/**
	 * Creates the holders of locks.
	 * @param proc where {@code proc(5)} is mounted
	 */
	LockHolders(Path proc) {
		this.proc = proc;
	}

	/**
	 * Makes the exception for a lock that cannot be had.
	 * @param path the file
	 * @param mode the lock that was asked for
	 */
	public static FileLockedException exception(Path path, LockMode mode) {
		return exception(path, mode, OF_THIS_SYSTEM.of(path));
	}

	/**
	 * Makes the exception for a lock that this process holds already.
	 * @param path the file
	 * @param mode the lock that was asked for
	 */
	public static FileLockedException exceptionOfThisProcess(Path path, LockMode mode) {
		return exception(path, mode, THIS_PROCESS);
	}

	private static FileLockedException exception(Path path, LockMode mode, String holder) {
		return new FileLockedException(path.toString(), "Cannot lock (" + mode.name().toLowerCase(Locale.ROOT) + "): "
				+ holder + " holds a lock on it. Close the file there, or open it with another LockMode");
	}

	/**
	 * Returns the process that holds a lock on a file, in words.
	 */
	String of(Path path) {
		Path process = find(path);
		if (process == null) {
			return "somebody else";
		}
		String number = String.valueOf(process.getFileName());
		return number.equals(Long.toString(ProcessHandle.current().pid())) ? THIS_PROCESS
				: "process " + number + name(process);
	}

	private static String name(Path process) {
		try {
			return " (" + Files.readString(process.resolve("comm")).strip() + ")";
		}
		catch (IOException ex) {
			return "";
		}
	}

	private @Nullable Path find(Path path) {
		try {
			Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
			return first(this.proc, "[0-9]*", (process) -> first(process.resolve("fd"), "*",
					(fd) -> isOf(fd, key) && isLocked(process.resolve("fdinfo").resolve(fd.getFileName()))) != null);
		}
		catch (IOException ex) {
			return null;
		}
	}

	private static @Nullable Path first(Path directory, String glob, Predicate<Path> condition) {
		try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, glob)) {
			for (Path entry : entries) {
				if (condition.test(entry)) {
					return entry;
				}
			}
		}
		catch (IOException | DirectoryIteratorException ex) {
			// Another user's process, or one that has ended: it is not looked into.
		}
		return null;
	}

	private static boolean isOf(Path fd, @Nullable Object key) {
		try {
			return Objects.equals(Files.readAttributes(fd, BasicFileAttributes.class).fileKey(), key);
		}
		catch (IOException ex) {
			return false;
		}
	}

	/** Only a descriptor through which a lock is held has such a line. */
	private static boolean isLocked(Path description) {
		try (Stream<String> lines = Files.lines(description)) {
			return lines.anyMatch((line) -> line.startsWith("lock:"));
		}
		catch (IOException | UncheckedIOException ex) {
			return false;
		}
	}

}
