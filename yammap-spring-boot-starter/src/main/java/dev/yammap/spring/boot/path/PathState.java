package dev.yammap.spring.boot.path;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/**
 * What is found at a path.
 *
 * @param exists whether there is anything behind all links that the process may see
 * @param isDirectory whether that is a directory
 * @param hasDirectory whether the directory of the path exists
 * @param link where the path leads if it is a symbolic link, otherwise {@code null}
 */
public record PathState(boolean exists, boolean isDirectory, boolean hasDirectory, @Nullable Path link) {

	public static PathState of(Path path) {
		Path directory = path.getParent();
		return new PathState(Files.exists(path), Files.isDirectory(path), directory == null || Files.exists(directory),
				link(path));
	}

	private static @Nullable Path link(Path path) {
		try {
			return Files.isSymbolicLink(path) ? Files.readSymbolicLink(path) : null;
		}
		catch (IOException ex) {
			return null;
		}
	}

}
