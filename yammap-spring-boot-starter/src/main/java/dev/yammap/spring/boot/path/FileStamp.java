package dev.yammap.spring.boot.path;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

import org.jspecify.annotations.Nullable;

/**
 * Tells a file at a path from another one there, and from the same one after it was
 * overwritten in place.
 *
 * @param key the key by which the operating system knows the file, if it has one
 * @param size its size in bytes
 * @param modified when it was modified last
 */
public record FileStamp(@Nullable Object key, long size, FileTime modified) {

	/**
	 * Looks at a path.
	 * @throws IOException if nothing is there, or it cannot be looked at
	 */
	public static FileStamp of(Path path) throws IOException {
		BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
		return new FileStamp(attributes.fileKey(), attributes.size(), attributes.lastModifiedTime());
	}

	public static @Nullable FileStamp find(Path path) {
		try {
			return of(path);
		}
		catch (IOException ex) {
			// The first look of the reloader finds that out.
			return null;
		}
	}

}
