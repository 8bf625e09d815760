package dev.yammap.internal.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/**
 * A way to open files and to map them.
 */
public interface FileBackend {

	/**
	 * Opens a file, without changing its size.
	 * @param access how to open it, and whether it may or must be created
	 * @param permissions the permissions of a file that is created
	 * @param mapping how it will be mapped
	 * @return the open file, not mapped yet
	 * @throws IOException if it cannot be opened in this way; nothing is left behind
	 */
	BackendFile open(Path path, AccessOptions access, Set<PosixFilePermission> permissions, MappingOptions mapping)
			throws IOException;

	/**
	 * Looks at the path before the file is opened, as opening a FIFO or a device may
	 * block or do harm. Something else may be at the path by the time it is opened. So a
	 * backend that can also looks at what it has opened.
	 * @throws IOException if there is something at the path, but not a regular file
	 */
	static void requireRegularFile(Path path, AccessOptions access) throws IOException {
		LinkOption[] links = access.followLinks() ? new LinkOption[0] : new LinkOption[] { LinkOption.NOFOLLOW_LINKS };
		BasicFileAttributes found;
		try {
			found = Files.readAttributes(path, BasicFileAttributes.class, links);
		}
		catch (IOException ex) {
			// Nothing is there; or opening it will say what is wrong.
			return;
		}
		// A link that must not be followed is refused when it is opened.
		if (!found.isRegularFile() && !found.isSymbolicLink()) {
			throw refusal(path, found.isDirectory());
		}
	}

	/** Returns the exception for a path that leads to something else. */
	static IOException refusal(Path path, boolean isDirectory) {
		return new IOException("Cannot open " + Printable.of(path)
				+ (isDirectory ? ": it is a directory. Name a file" : ": only regular files can be mapped"));
	}

}
