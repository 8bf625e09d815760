package dev.yammap.internal.os;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import dev.yammap.FileLockedException;
import dev.yammap.LockMode;

/**
 * Finds out from {@code /proc} of Linux which process holds a lock on a file.
 * ({@code F_OFD_GETLK} does not tell the process of an open file description lock.) It
 * cannot see processes of other users, nor those outside of a container.
 * <p>
 * Files that other processes have open may be on a file system that does not answer. So
 * this asks no file but the locked one: the kernel itself knows the locks of a
 * descriptor, and the name by which it was opened.
 */
public final class LockHolders {

	private static final String THIS_PROCESS = "this process";

	private static final String SOMEBODY = "somebody else";

	/**
	 * The end of a line of {@code /proc/locks} or of a descriptor's description, as in
	 * {@code 1: POSIX ADVISORY WRITE 4711 fe:00:2156809 0 EOF}. A process that waits for
	 * the lock has an arrow in front. Other kinds of lock do not exclude ours.
	 */
	private static final Pattern LOCK = Pattern
		.compile("\\d+: (?:POSIX|OFDLCK) +\\S+ +(READ|WRITE) +(-?\\d+) (\\p{XDigit}+):(\\p{XDigit}+):(\\d+) .*");

	/** The search ends after this time: a host may have a million descriptors. */
	private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final Path proc;

	private final Path file;

	private final LockMode wanted;

	private final long deadline = System.nanoTime() + PATIENCE_NANOS;

	/**
	 * The device and the number of the file, as the kernel prints them: the device in two
	 * halves.
	 */
	private final int major;

	private final int minor;

	private final String inode;

	private LockHolders(Path proc, Path path, LockMode wanted) throws IOException {
		this.proc = proc;
		this.file = path.toRealPath();
		this.wanted = wanted;
		// <sys/sysmacros.h>
		long device = number(path, "unix:dev");
		this.major = (int) (((device >>> 8) & 0xfff) | ((device >>> 32) & ~0xfff));
		this.minor = (int) ((device & 0xff) | ((device >>> 12) & ~0xff));
		this.inode = Long.toUnsignedString(number(path, "unix:ino"));
	}

	private static long number(Path path, String attribute) throws IOException {
		return (Long) Objects.requireNonNull(Files.getAttribute(path, attribute));
	}

	public static FileLockedException exception(Path path, LockMode mode) {
		return exception(path, mode, of(Path.of("/proc"), path, mode));
	}

	public static FileLockedException exceptionOfThisProcess(Path path, LockMode mode) {
		return exception(path, mode, THIS_PROCESS);
	}

	private static FileLockedException exception(Path path, LockMode mode, String holder) {
		return new FileLockedException(Printable.of(path),
				"Cannot lock (" + mode.name().toLowerCase(Locale.ROOT) + "): " + holder + " holds a lock on it",
				"Close the file there, or open it with another LockMode", holder.equals(THIS_PROCESS));
	}

	/**
	 * Returns the process that holds a lock on a file, in words.
	 * @param proc where {@code proc(5)} is mounted
	 * @param wanted the lock that the process excludes
	 */
	static String of(Path proc, Path path, LockMode wanted) {
		try {
			LockHolders search = new LockHolders(proc, path, wanted);
			String process = search.inTableOfLocks();
			if (process == null) {
				process = search.inDescriptors(search::hasName);
			}
			if (process == null) {
				process = search.inDescriptors((descriptor) -> true);
			}
			return (process != null) ? search.inWords(process) : SOMEBODY;
		}
		catch (IOException | RuntimeException ex) {
			// This is another system, or the file was removed meanwhile.
			return SOMEBODY;
		}
	}

	private String inWords(String process) {
		if (process.equals(Long.toString(ProcessHandle.current().pid()))) {
			return THIS_PROCESS;
		}
		String name = read(this.proc.resolve(process).resolve("comm"), StandardCharsets.UTF_8).strip();
		return "process " + process + (name.isEmpty() ? "" : " (" + Printable.of(name) + ")");
	}

	/**
	 * Reads by a stream, which no interrupt disturbs. Returns an empty text if that
	 * fails.
	 */
	private static String read(Path file, Charset charset) {
		try (FileInputStream input = new FileInputStream(file.toFile())) {
			return new String(input.readAllBytes(), charset);
		}
		catch (IOException ex) {
			// Another user's process, or one that has ended.
			return "";
		}
	}

	/**
	 * Returns the process if {@code /proc/locks} tells it, as it does for POSIX locks.
	 */
	private @Nullable String inTableOfLocks() {
		return read(this.proc.resolve("locks"), StandardCharsets.ISO_8859_1).lines()
			.map(LOCK::matcher)
			.filter((lock) -> excludes(lock) && isOnDevice(lock) && Long.parseLong(lock.group(2)) > 0)
			.map((lock) -> lock.group(2))
			.findFirst()
			.orElse(null);
	}

	/** Returns the process that holds a lock through one of its descriptors. */
	private @Nullable String inDescriptors(Predicate<Path> condition) {
		Path process = first(this.proc, "[0-9]*", (candidate) -> first(candidate.resolve("fd"), "*",
				(descriptor) -> condition.test(descriptor) && isLocked(candidate, descriptor)) != null);
		return (process != null) ? String.valueOf(process.getFileName()) : null;
	}

	private @Nullable Path first(Path directory, String glob, Predicate<Path> condition) {
		try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, glob)) {
			for (Path entry : entries) {
				if (System.nanoTime() - this.deadline > 0) {
					return null;
				}
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

	private boolean isLocked(Path process, Path descriptor) {
		Path description = process.resolve("fdinfo").resolve(descriptor.getFileName());
		return read(description, StandardCharsets.ISO_8859_1).lines()
			.filter((line) -> line.startsWith("lock:"))
			.map((line) -> LOCK.matcher(line.substring("lock:".length()).strip()))
			.anyMatch((lock) -> excludes(lock) && (isOnDevice(lock) || hasName(descriptor)));
	}

	private boolean excludes(Matcher lock) {
		return lock.matches() && lock.group(5).equals(this.inode)
				&& (this.wanted != LockMode.SHARED || lock.group(1).equals("WRITE"));
	}

	/**
	 * Compares the device. On btrfs that fails, as each subvolume has a device of its
	 * own, which the kernel does not print.
	 */
	private boolean isOnDevice(Matcher lock) {
		return Integer.parseInt(lock.group(3), 16) == this.major && Integer.parseInt(lock.group(4), 16) == this.minor;
	}

	/**
	 * Compares the name of a descriptor. The kernel knows it without touching the file.
	 */
	private boolean hasName(Path descriptor) {
		try {
			return Files.readSymbolicLink(descriptor).getFileName().equals(this.file.getFileName());
		}
		catch (IOException | RuntimeException ex) {
			return false;
		}
	}

}
