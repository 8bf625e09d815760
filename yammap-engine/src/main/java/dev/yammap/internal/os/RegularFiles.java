package dev.yammap.internal.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * What is asked of a path before it is opened.
 */
public final class RegularFiles {

	private RegularFiles() {
	}

	/**
	 * Opening a FIFO or a device may block or do harm, so ask before. What is there may
	 * be another thing by the time it is opened; so whoever can looks at that, too.
	 * @throws IOException if there is something at the path, but not a regular file
	 */
	public static void require(Path path, AccessOptions access) throws IOException {
		LinkOption[] links = access.followLinks() ? new LinkOption[0] : new LinkOption[] { LinkOption.NOFOLLOW_LINKS };
		BasicFileAttributes found;
		try {
			found = Files.readAttributes(path, BasicFileAttributes.class, links);
		}
		catch (IOException ex) {
			// Nothing is there, or opening it says what is wrong.
			return;
		}
		// A link that must not be followed is refused when it is opened.
		if (!found.isRegularFile() && !found.isSymbolicLink()) {
			throw refusal(path, found.isDirectory());
		}
	}

	/**
	 * Returns the exception for a path that leads to something else.
	 */
	public static IOException refusal(Path path, boolean isDirectory) {
		return new IOException("Cannot open " + Printable.of(path)
				+ (isDirectory ? ": it is a directory. Name a file" : ": only regular files can be mapped"));
	}

}
