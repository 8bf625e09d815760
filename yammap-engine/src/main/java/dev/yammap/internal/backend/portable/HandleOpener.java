package dev.yammap.internal.backend.portable;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.yammap.internal.backend.AccessOptions;
import dev.yammap.internal.backend.MappingOptions;
import dev.yammap.internal.backend.RegularFiles;

/**
 * Opens an existing file, or creates it, and knows which.
 * <p>
 * Only a {@link FileChannel} opens a file with exact options and tells exactly why it
 * cannot; only streams and a {@link RandomAccessFile} are not closed by an interrupt. So
 * a channel opens the file, and is held while the others open it by the same name. Before
 * and after, the name must stand for the same file, which a file system tells that gives
 * its files a key (on Windows there is none).
 */
final class HandleOpener {

	/** Another process may create or remove the file between two calls. */
	private static final int ATTEMPTS = 10;

	private final Path path;

	private final AccessOptions access;

	private final Set<PosixFilePermission> permissions;

	/** A private mapping that is stored into needs a file that could be written to. */
	private final boolean writable;

	private final boolean writesFile;

	private final FileKeys keys;

	HandleOpener(Path path, AccessOptions access, Set<PosixFilePermission> permissions, MappingOptions mapping) {
		this.path = path;
		this.access = access;
		this.permissions = permissions;
		this.writable = access.write();
		this.writesFile = access.write() && !mapping.isPrivate();
		this.keys = new FileKeys(access.followLinks());
	}

	Handles open() throws IOException {
		if (this.access.createNew()) {
			return create(this.path);
		}
		for (int attempt = 1;; attempt++) {
			try {
				return openExisting();
			}
			catch (NoSuchFileException ex) {
				if (!this.access.create()) {
					throw ex;
				}
			}
			try {
				return create(RegularFiles.toCreate(this.path, this.access));
			}
			catch (FileAlreadyExistsException ex) {
				if (attempt == ATTEMPTS) {
					throw ex;
				}
			}
		}
	}

	private Handles openExisting() throws IOException {
		try (FileChannel _ = FileChannel.open(this.path, options())) {
			return openAgain(this.path, this.keys.of(this.path), false);
		}
	}

	private Handles create(Path name) throws IOException {
		Set<OpenOption> options = options();
		options.add(StandardOpenOption.CREATE_NEW);
		boolean posix = name.getFileSystem().supportedFileAttributeViews().contains("posix");
		FileAttribute<?>[] attributes = posix
				? new FileAttribute<?>[] { PosixFilePermissions.asFileAttribute(this.permissions) }
				: new FileAttribute<?>[0];
		try (FileChannel _ = FileChannel.open(name, options, attributes)) {
			Object key = this.keys.of(name);
			try {
				return openAgain(name, key, true);
			}
			catch (IOException ex) {
				if (Objects.equals(key, this.keys.of(name))) {
					Files.deleteIfExists(name);
				}
				throw ex;
			}
		}
	}

	private Set<OpenOption> options() {
		Set<OpenOption> options = new HashSet<>();
		options.add(StandardOpenOption.READ);
		if (this.writable) {
			options.add(StandardOpenOption.WRITE);
		}
		if (!this.access.followLinks()) {
			options.add(LinkOption.NOFOLLOW_LINKS);
		}
		return options;
	}

	private Handles openAgain(Path name, @Nullable Object key, boolean created) throws IOException {
		if (!name.toFile().toPath().equals(name)) {
			throw new FileSystemException(name.toString(), null,
					"Its name is not text in the encoding " + System.getProperty("sun.jnu.encoding")
							+ ", and java.io opens no other. Start Java in a UTF-8 locale, as with LC_ALL=C.UTF-8");
		}
		RandomAccessFile file = new RandomAccessFile(name.toFile(), this.writable ? "rw" : "r");
		AppendStream end = null;
		boolean opened = false;
		try {
			end = this.writesFile ? new AppendStream(name, file) : null;
			if (!Objects.equals(key, this.keys.of(name))) {
				throw new FileSystemException(name.toString(), null, "It was replaced while it was opened");
			}
			opened = true;
			return new Handles(file, end, name, key, created);
		}
		finally {
			if (!opened) {
				new Handles(file, end, name, key, created).close();
			}
		}
	}

}
