package dev.yammap.spring.boot.path;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Set;

import dev.yammap.spring.boot.settings.ResourceSettings;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Creates the directories of files and journals that may be created: below the working
 * directory, or below a base directory that exists. It never creates a directory of an
 * absolute path, nor one outside, not even through symbolic links: if a volume is not
 * mounted, the file must not land on the root disk.
 */
public final class DirectoryCreator {

	private static final Log logger = LogFactory.getLog(DirectoryCreator.class);

	private static final String PARENT = "..";

	private final boolean enabled;

	/**
	 * Creates a creator of directories.
	 * @param enabled whether it may create any
	 */
	public DirectoryCreator(boolean enabled) {
		this.enabled = enabled;
	}

	/**
	 * Creates the directories of a file that are missing. A directory that must not be
	 * created stays missing, so that the opening fails.
	 * @param file the file
	 * @throws IOException if a directory cannot be created
	 */
	public void createFor(ResourceSettings file) throws IOException {
		Path directory = file.path().getParent();
		if (!this.enabled || !file.mayBeCreated() || !file.isRelative() || directory == null
				|| Files.isDirectory(directory)) {
			return;
		}
		Path root = root(file.baseDirectory());
		if (root == null) {
			return;
		}
		Deque<Path> missing = new ArrayDeque<>();
		Path existing = directory;
		while (existing != null && !Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
			missing.push(existing.getFileName());
			existing = existing.getParent();
		}
		if (existing != null && Files.isDirectory(existing) && mayCreate(missing, existing, root)) {
			create(missing, existing.toRealPath(), file);
		}
	}

	private static @Nullable Path root(Path base) {
		if (Files.isDirectory(base)) {
			return base;
		}
		return base.isAbsolute() ? null : Path.of("").toAbsolutePath();
	}

	private static boolean mayCreate(Deque<Path> missing, Path existing, Path root) throws IOException {
		return missing.stream().noneMatch((name) -> name.toString().equals(PARENT))
				&& existing.toRealPath().startsWith(root.toRealPath());
	}

	private static void create(Deque<Path> missing, Path existing, ResourceSettings file) throws IOException {
		Path directory = existing;
		for (Path name : missing) {
			Path parent = directory;
			directory = parent.resolve(name);
			try {
				Files.createDirectory(directory, attributes(parent, file));
				sync(parent);
			}
			catch (FileAlreadyExistsException ex) {
				// Another process or context may have been faster.
				if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
					throw ex;
				}
			}
		}
		logger.info("Created directory '" + directory + "' for " + file.kind().word() + " " + file);
	}

	/**
	 * Returns the permissions: whoever may read or write the file may enter its
	 * directory, and only the owner may change the directory.
	 */
	private static FileAttribute<?>[] attributes(Path parent, ResourceSettings file) {
		if (!parent.getFileSystem().supportedFileAttributeViews().contains("posix")) {
			return new FileAttribute<?>[0];
		}
		Set<PosixFilePermission> ofFile = file.permissions();
		Set<PosixFilePermission> permissions = EnumSet.of(PosixFilePermission.OWNER_READ,
				PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);
		if (ofFile.contains(PosixFilePermission.GROUP_READ) || ofFile.contains(PosixFilePermission.GROUP_WRITE)) {
			permissions.add(PosixFilePermission.GROUP_READ);
			permissions.add(PosixFilePermission.GROUP_EXECUTE);
		}
		if (ofFile.contains(PosixFilePermission.OTHERS_READ) || ofFile.contains(PosixFilePermission.OTHERS_WRITE)) {
			permissions.add(PosixFilePermission.OTHERS_READ);
			permissions.add(PosixFilePermission.OTHERS_EXECUTE);
		}
		return new FileAttribute<?>[] { PosixFilePermissions.asFileAttribute(permissions) };
	}

	/**
	 * Syncs the parent: a power cut must not remove the directory after the file was
	 * synced.
	 */
	private static void sync(Path parent) {
		try (FileChannel channel = FileChannel.open(parent)) {
			channel.force(true);
		}
		catch (IOException ex) {
			logger.warn("A directory was created in '" + parent + "', which cannot be synced: a power cut may take"
					+ " the new directory away, with what is in it", ex);
		}
	}

}
