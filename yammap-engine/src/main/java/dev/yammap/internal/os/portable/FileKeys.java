package dev.yammap.internal.os.portable;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Tells which file a name stands for, by its key. While a file is open, no other file has
 * its key.
 *
 * @param followLinks whether a name may be a symbolic link
 */
record FileKeys(boolean followLinks) {

	/**
	 * Returns the key of the file that a name stands for, or {@code null} if the file
	 * system gives its files no keys, as on Windows.
	 */
	@Nullable Object of(Path name) throws IOException {
		BasicFileAttributes attributes = Files.readAttributes(name, BasicFileAttributes.class, links());
		if (attributes.isSymbolicLink()) {
			throw new FileSystemException(name.toString(), null, "Too many levels of symbolic links");
		}
		return attributes.fileKey();
	}

	/**
	 * Sets the time of modification of a file to now, if the name still stands for that
	 * file.
	 */
	void touch(Path name, @Nullable Object key) throws IOException {
		if (key != null && key.equals(of(name))) {
			Files.getFileAttributeView(name, BasicFileAttributeView.class, links())
				.setTimes(FileTime.from(Instant.now()), null, null);
		}
	}

	private LinkOption[] links() {
		return this.followLinks ? new LinkOption[0] : new LinkOption[] { LinkOption.NOFOLLOW_LINKS };
	}

}
