package dev.yammap.journal.internal.file;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

import dev.yammap.Backend;
import dev.yammap.LockMode;
import dev.yammap.Mmap;
import dev.yammap.MmapListener;

/**
 * The directory of a journal: the names of its files, and how to open, list and put aside
 * files.
 */
public final class JournalDirectory {

	private static final String SEGMENT = ".segment";

	private static final String READER = ".reader";

	private static final String TORN = ".torn";

	private static final int DIGITS = 16;

	private static final int CHUNK = 1 << 20;

	private final Path path;

	private final Set<PosixFilePermission> permissions;

	private final Backend backend;

	private final MmapListener listener;

	public JournalDirectory(Path path, Set<PosixFilePermission> permissions, Backend backend) {
		this(path, permissions, backend, new MmapListener() {
		});
	}

	/**
	 * Creates a directory object; touches no file.
	 * @param listener is told what happens to segments while they are in use
	 */
	public JournalDirectory(Path path, Set<PosixFilePermission> permissions, Backend backend, MmapListener listener) {
		this.path = path;
		this.permissions = permissions;
		this.backend = backend;
		this.listener = listener;
	}

	public Path path() {
		return this.path;
	}

	/** Returns the backend that opens the files: never {@link Backend#AUTO}. */
	public Backend backend() {
		if (this.backend != Backend.AUTO) {
			return this.backend;
		}
		return Backend.NATIVE.obstacle().isEmpty() ? Backend.NATIVE : Backend.PORTABLE;
	}

	Path control() {
		return this.path.resolve("journal.control");
	}

	/** Tells whether there is a journal, or a part of one. */
	public boolean exists() throws IOException {
		return Files.exists(control()) || hasSegments();
	}

	/** Tells whether there are files with the names of segments. */
	boolean hasSegments() throws IOException {
		return Files.isDirectory(this.path) && !segments().isEmpty();
	}

	/** Makes the directory. */
	public void create() throws IOException {
		Set<PosixFilePermission> needed = EnumSet.noneOf(PosixFilePermission.class);
		needed.addAll(this.permissions);
		// Whoever may read or write the files must be able to enter the directory.
		for (PosixFilePermission permission : this.permissions) {
			needed.add(PosixFilePermission.valueOf(permission.name().replaceFirst("READ|WRITE", "EXECUTE")));
		}
		Files.createDirectory(this.path, PosixFilePermissions.asFileAttribute(needed));
	}

	/** Makes the name of the directory durable, whoever made it. */
	void syncParent() throws IOException {
		Path parent = this.path.toAbsolutePath().getParent();
		if (parent != null && Files.isReadable(parent)) {
			sync(parent);
		}
	}

	/**
	 * Makes another directory, for a copy; it may be there if it is empty.
	 */
	public JournalDirectory createSibling(Path other) throws IOException {
		JournalDirectory created = new JournalDirectory(other, this.permissions, this.backend);
		if (!Files.isDirectory(other)) {
			created.create();
		}
		try (DirectoryStream<Path> files = Files.newDirectoryStream(other)) {
			if (files.iterator().hasNext()) {
				throw new FileAlreadyExistsException(other.toString(), null,
						"the directory is not empty. Copy into one that is empty or does not exist");
			}
		}
		catch (DirectoryIteratorException ex) {
			throw ex.getCause();
		}
		created.syncParent();
		return created;
	}

	/** Returns where the segment with the given index is, or would be. */
	public Path segment(long index) {
		String digits = Long.toString(index);
		return this.path.resolve("0".repeat(DIGITS - digits.length()) + digits + SEGMENT);
	}

	/** Returns where the position of a named reader is, or would be. */
	Path reader(String name) {
		return this.path.resolve(name + READER);
	}

	/** Returns the segment files that are there, by index. */
	public NavigableMap<Long, Path> segments() throws IOException {
		NavigableMap<Long, Path> found = new TreeMap<>();
		for (Map.Entry<String, Path> entry : list(SEGMENT).entrySet()) {
			String name = entry.getKey();
			if (name.length() == DIGITS && name.chars().allMatch((digit) -> '0' <= digit && digit <= '9')) {
				found.put(Long.parseLong(name), entry.getValue());
			}
		}
		return found;
	}

	/** Returns the files of named readers, by name. */
	Map<String, Path> readers() throws IOException {
		return list(READER);
	}

	private Map<String, Path> list(String ending) throws IOException {
		Map<String, Path> found = new TreeMap<>();
		try (DirectoryStream<Path> files = Files.newDirectoryStream(this.path, "*" + ending)) {
			for (Path file : files) {
				String name = file.getFileName().toString();
				found.put(name.substring(0, name.length() - ending.length()), file);
			}
		}
		catch (DirectoryIteratorException ex) {
			throw ex.getCause();
		}
		return found;
	}

	/** Opens a file of fixed size, without a lock. */
	Mmap open(Path file, long size, OpenOption... options) throws IOException {
		return builder(file, size, LockMode.NONE, options).open();
	}

	/**
	 * Opens a file of fixed size for writing, with an exclusive lock until it is closed.
	 * @param create whether to make the file if it is missing. An existing one is not
	 * changed
	 */
	Mmap openLocked(Path file, long size, boolean create) throws IOException {
		return (create && Files.notExists(file))
				? openLocked(file, size, LockMode.EXCLUSIVE, StandardOpenOption.READ, StandardOpenOption.WRITE,
						StandardOpenOption.CREATE)
				: openLocked(file, size, LockMode.EXCLUSIVE, StandardOpenOption.READ, StandardOpenOption.WRITE);
	}

	/** Opens a file of fixed size and locks it until it is closed. */
	Mmap openLocked(Path file, long size, LockMode lock, OpenOption... options) throws IOException {
		Mmap.Builder builder = builder(file, size, lock, options);
		return (backend() != Backend.PORTABLE) ? builder.open() : LockedFiles.open(file, lock, builder);
	}

	/** Opens a segment, without a lock. The listener is told of its events. */
	Mmap openSegment(Path file, long size, OpenOption... options) throws IOException {
		return builder(file, size, LockMode.NONE, options).listener(this.listener).open();
	}

	private Mmap.Builder builder(Path file, long size, LockMode lock, OpenOption... options) {
		Mmap.Builder builder = Mmap.builder(file)
			.options(options)
			.permissions(this.permissions)
			.backend(this.backend)
			.lock(lock);
		List<OpenOption> given = List.of(options);
		if (given.contains(StandardOpenOption.WRITE)) {
			builder.maxSize(size);
		}
		if (given.contains(StandardOpenOption.CREATE) || given.contains(StandardOpenOption.CREATE_NEW)) {
			builder.size(size);
		}
		return builder;
	}

	/**
	 * Reads the first bytes of a file that somebody may have locked; fewer if it is
	 * shorter.
	 */
	byte[] readLockable(Path file, int length) throws IOException {
		return (backend() != Backend.PORTABLE) ? read(file, 0, length) : LockedFiles.read(file, length);
	}

	/** Flushes a file that somebody may have locked. */
	void syncLockable(Path file) throws IOException {
		if (backend() != Backend.PORTABLE) {
			sync(file);
		}
		else {
			LockedFiles.sync(file);
		}
	}

	/**
	 * Reads a part of a file that nobody locks, without mapping it; fewer bytes if the
	 * file ends before.
	 */
	public static byte[] read(Path file, long offset, int length) throws IOException {
		byte[] bytes = new byte[length];
		int done = 0;
		// Not a channel, which an interrupt would close.
		try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
			in.seek(offset);
			int count = 0;
			while (done < length && count >= 0) {
				done += count;
				count = (done < length) ? in.read(bytes, done, length - done) : -1;
			}
		}
		catch (FileNotFoundException ex) {
			if (Files.notExists(file)) {
				throw new NoSuchFileException(file.toString());
			}
			if (!Files.isReadable(file)) {
				throw new AccessDeniedException(file.toString(), null,
						"this process may not read it, or may not enter its directory. Check the owner and permissions");
			}
			throw ex;
		}
		return (done == length) ? bytes : Arrays.copyOf(bytes, done);
	}

	/** Makes durable which files there are, and their names. */
	public void sync() throws IOException {
		sync(this.path);
	}

	/** Flushes a file or a directory. */
	static void sync(Path path) throws IOException {
		boolean interrupted = Thread.interrupted();
		try {
			boolean synced = false;
			while (!synced) {
				try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
					channel.force(true);
					synced = true;
				}
				catch (ClosedByInterruptException ex) {
					interrupted |= Thread.interrupted();
				}
			}
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/**
	 * Copies a part of a file aside, durably.
	 * @return the copy
	 */
	public Path copyAside(Path file, long offset, long length) throws IOException {
		Path copy = free(file.getFileName() + "." + offset + TORN);
		try (Mmap target = open(copy, length, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
				StandardOpenOption.WRITE)) {
			long done = 0;
			while (done < length) {
				byte[] bytes = read(file, offset + done, (int) Math.min(CHUNK, length - done));
				if (bytes.length == 0) {
					throw new IOException("Cannot copy " + length + " bytes at offset " + offset + " of " + file
							+ ": the file ends after " + done + " of them. Keep others from changing it");
				}
				target.writeAt(bytes, done);
				done += bytes.length;
			}
			target.sync();
		}
		sync();
		return copy;
	}

	/** Writes what a file held to another one, which it returns, durably. */
	Path keepAside(Path file, byte[] content) throws IOException {
		Path copy = free(file.getFileName() + TORN);
		try (Mmap target = open(copy, content.length, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
				StandardOpenOption.WRITE)) {
			target.writeAt(content, 0);
			target.sync();
		}
		sync();
		return copy;
	}

	/** Renames a file of the journal, durably, so that it is none any more. */
	public Path putAside(Path file) throws IOException {
		Path aside = free(file.getFileName() + TORN);
		Files.move(file, aside, StandardCopyOption.ATOMIC_MOVE);
		sync();
		return aside;
	}

	/** Returns a path where there is no file. */
	private Path free(String name) {
		Path candidate = this.path.resolve(name);
		for (int i = 2; Files.exists(candidate); i++) {
			String stem = name.substring(0, name.length() - TORN.length());
			candidate = this.path.resolve(stem + "-" + i + TORN);
		}
		return candidate;
	}

}
