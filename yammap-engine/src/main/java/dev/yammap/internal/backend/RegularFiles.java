package dev.yammap.internal.backend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * What is asked of a path before it is opened.
 */
public final class RegularFiles {

	/** As the kernel: more links than these are a circle. */
	private static final int MAX_LINKS = 40;

	private RegularFiles() {
	}

	/**
	 * Opening a FIFO or a device may block or do harm, so ask before.
	 * @throws IOException if there is something at the path, but not a regular file
	 */
	public static void require(Path path, AccessOptions access) throws IOException {
		LinkOption[] links = access.followLinks() ? new LinkOption[0] : new LinkOption[] { LinkOption.NOFOLLOW_LINKS };
		if (!Files.exists(path, links) || Files.isRegularFile(path, links)) {
			return;
		}
		if (Files.isDirectory(path, links)) {
			throw new IOException("Cannot open " + path + ": it is a directory. Name a file");
		}
		if (access.followLinks() || !Files.isSymbolicLink(path)) {
			throw new IOException("Cannot open " + path + ": only regular files can be mapped");
		}
	}

	/**
	 * Returns the name to create: where a link that leads nowhere yet leads. Creation
	 * that insists on a new file takes the link itself for one that exists.
	 */
	public static Path toCreate(Path path, AccessOptions access) throws IOException {
		Path target = path;
		for (int links = 0; access.followLinks() && links < MAX_LINKS && Files.isSymbolicLink(target); links++) {
			target = target.resolveSibling(Files.readSymbolicLink(target));
		}
		return target;
	}

}
