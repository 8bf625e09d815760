package dev.yammap.spring.boot.path;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

import org.jspecify.annotations.Nullable;

/**
 * The identity of a file: equal for two paths of one file, and different for paths of two
 * files. The text of a path does not tell that, because of '..' behind a symbolic link,
 * of links, and of directories that are mounted twice.
 *
 * @param key what the operating system calls the file, or the nearest directory that
 * exists on the way to it
 * @param rest the names from there to the file
 */
public record FileIdentity(Object key, String rest) {

	private static final int LINKS = 40;

	/**
	 * Looks at a path.
	 * @param path an absolute path; the file need not exist
	 * @return the identity of the file, as of now
	 */
	public static FileIdentity of(Path path) {
		return of(path, LINKS);
	}

	/**
	 * Tells whether two paths lead to one file, also if somebody creates that meanwhile.
	 */
	static boolean isSame(Path one, Path other) {
		FileIdentity before = of(one);
		FileIdentity ofOther = of(other);
		return ofOther.equals(before) || ofOther.equals(of(one));
	}

	private static FileIdentity of(Path path, int links) {
		String rest = "";
		for (Path existing = path; existing != null; existing = existing.getParent()) {
			Object key = key(existing);
			if (key != null) {
				return new FileIdentity(key, rest);
			}
			Path target = (links > 0) ? targetOf(existing) : null;
			if (target != null) {
				// Of a link that leads to nothing yet.
				return of(target.resolve(rest), links - 1);
			}
			Path name = existing.getFileName();
			if (name == null || name.toString().equals("..")) {
				break;
			}
			rest = rest.isEmpty() ? name.toString() : name + existing.getFileSystem().getSeparator() + rest;
		}
		return new FileIdentity(path, "");
	}

	private static @Nullable Object key(Path path) {
		try {
			BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
			return (attributes.fileKey() != null) ? attributes.fileKey() : path.toRealPath();
		}
		catch (IOException ex) {
			return null;
		}
	}

	private static @Nullable Path targetOf(Path path) {
		try {
			BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class,
					LinkOption.NOFOLLOW_LINKS);
			return attributes.isSymbolicLink() ? path.resolveSibling(Files.readSymbolicLink(path)) : null;
		}
		catch (IOException ex) {
			return null;
		}
	}

}
