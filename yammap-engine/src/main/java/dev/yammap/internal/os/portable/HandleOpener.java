package dev.yammap.internal.os.portable;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.yammap.internal.os.AccessOptions;
import dev.yammap.internal.os.FileBackend;
import dev.yammap.internal.os.MappingOptions;
import dev.yammap.internal.os.Origin;
import dev.yammap.internal.os.Printable;

/**
 * Opens an existing file, or creates it, and knows which.
 * <p>
 * Only a {@link FileChannel} opens a file with exact options, and tells exactly why it
 * cannot. But an interrupt closes it, and does not close streams and a
 * {@link RandomAccessFile}. So a channel opens the file, and is held while those open it
 * again, on Linux by the name of its descriptor ({@link DescriptorNames}).
 * <p>
 * If there is no such name, they open it by its path. Before and after, the path must
 * stand for the same file. A file system tells that if it gives its files keys (on
 * Windows it does not). If somebody removes the file in between, they create another,
 * empty file, with the permissions of {@code java.io}. There is no way to prevent that.
 */
final class HandleOpener {

	/** Another process may create or remove the file between two calls. */
	private static final int ATTEMPTS = 10;

	private final Path path;

	private final AccessOptions access;

	private final Set<PosixFilePermission> permissions;

	private final Naming names;

	private final boolean writesFile;

	private final FileKeys keys;

	HandleOpener(Path path, AccessOptions access, Set<PosixFilePermission> permissions, MappingOptions mapping,
			Naming names) {
		this.path = path;
		this.access = access;
		this.permissions = permissions;
		this.names = names;
		this.writesFile = access.write() && !mapping.isPrivate();
		this.keys = new FileKeys(access.followLinks());
	}

	Handles open() throws IOException {
		while (true) {
			try {
				return tryToOpen();
			}
			catch (ClosedByInterruptException ex) {
				// An interrupt at that moment is no reason to fail.
			}
		}
	}

	private Handles tryToOpen() throws IOException {
		if (this.access.createNew()) {
			return create(StandardOpenOption.CREATE_NEW, Origin.CREATED);
		}
		for (int attempt = 1;; attempt++) {
			try {
				return openPresent();
			}
			catch (NoSuchFileException ex) {
				if (!this.access.create()) {
					throw ex;
				}
			}
			try {
				return create(StandardOpenOption.CREATE_NEW, Origin.CREATED);
			}
			catch (FileAlreadyExistsException ex) {
				if (attempt == ATTEMPTS) {
					throw ex;
				}
			}
			// One call found nothing there, the other something: it is a link that leads
			// nowhere, or two races.
			if (attempt > 1 && this.access.followLinks()) {
				return create(StandardOpenOption.CREATE, Origin.PERHAPS_CREATED);
			}
		}
	}

	private Handles openPresent() throws IOException {
		try (FileChannel channel = FileChannel.open(this.path, options())) {
			return openAgain(channel, Origin.FOUND);
		}
	}

	private Handles create(OpenOption option, Origin origin) throws IOException {
		Set<OpenOption> options = options();
		options.add(option);
		boolean posix = this.path.getFileSystem().supportedFileAttributeViews().contains("posix");
		FileAttribute<?>[] attributes = posix
				? new FileAttribute<?>[] { PosixFilePermissions.asFileAttribute(this.permissions) }
				: new FileAttribute<?>[0];
		try (FileChannel channel = FileChannel.open(this.path, options, attributes)) {
			return openAgain(channel, origin);
		}
	}

	private Set<OpenOption> options() {
		Set<OpenOption> options = new HashSet<>();
		options.add(StandardOpenOption.READ);
		// A private mapping that is written to needs that, too.
		if (this.access.write()) {
			options.add(StandardOpenOption.WRITE);
		}
		if (!this.access.followLinks()) {
			options.add(LinkOption.NOFOLLOW_LINKS);
		}
		return options;
	}

	private Handles openAgain(FileChannel channel, Origin origin) throws IOException {
		Object key = this.keys.of(this.path);
		try {
			Path descriptor = this.names.of(channel);
			if (descriptor == null) {
				return openByPath(key, origin);
			}
			BasicFileAttributes attributes = Files.readAttributes(descriptor, BasicFileAttributes.class);
			key = attributes.fileKey();
			if (!attributes.isRegularFile()) {
				throw FileBackend.refusal(this.path, attributes.isDirectory());
			}
			return handles(descriptor, key, origin);
		}
		catch (IOException | RuntimeException | Error ex) {
			deleteIfOurs(key, origin);
			throw ex;
		}
	}

	/** Closes what was opened, and deletes the file if this created it. */
	void abandon(Handles handles) throws IOException {
		try (handles) {
			deleteIfOurs(handles.key(), handles.origin());
		}
	}

	/** If it is not empty any more, somebody else has written to it. */
	private void deleteIfOurs(@Nullable Object key, Origin origin) throws IOException {
		if (origin == Origin.CREATED && Objects.equals(key, this.keys.of(this.path)) && Files.size(this.path) == 0) {
			Files.deleteIfExists(this.path);
		}
	}

	private Handles openByPath(@Nullable Object key, Origin origin) throws IOException {
		if (!this.path.toFile().toPath().equals(this.path)) {
			throw new FileSystemException(Printable.of(this.path), null,
					"Its name cannot be written in the encoding " + System.getProperty("sun.jnu.encoding")
							+ ", which java.io needs. Start Java in a UTF-8 locale, for example with LC_ALL=C.UTF-8");
		}
		Handles handles = handles(this.path, key, origin);
		try {
			if (Objects.equals(key, this.keys.of(this.path))) {
				return handles;
			}
			throw new FileSystemException(Printable.of(this.path), null, "It was replaced while it was opened");
		}
		catch (Throwable failure) {
			handles.close();
			throw failure;
		}
	}

	private Handles handles(Path name, @Nullable Object key, Origin origin) throws IOException {
		RandomAccessFile file = new RandomAccessFile(name.toFile(), this.access.write() ? "rw" : "r");
		try {
			AppendStream end = this.writesFile ? new AppendStream(this.path, name, file) : null;
			return new Handles(file, end, this.path, key, origin);
		}
		catch (Throwable failure) {
			file.close();
			throw failure;
		}
	}

	/**
	 * Finds a name by which an open file can be opened again, whatever is at its path.
	 */
	@FunctionalInterface
	interface Naming {

		/**
		 * Returns the name of the file that a channel has open, or {@code null} if this
		 * system has no such names. Moves the channel.
		 * @throws java.nio.channels.ClosedByInterruptException if the thread was
		 * interrupted at that very moment; an interrupt before does not matter
		 * @throws IOException if the open file has no offset
		 */
		@Nullable Path of(FileChannel channel) throws IOException;

	}

}
