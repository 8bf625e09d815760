package dev.yammap.internal.os;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/**
 * One way to get at files and memory.
 */
public interface FileBackend {

	/**
	 * Opens a file, without changing its size.
	 * @param path the file
	 * @param access how to open it, and whether it may or must be created
	 * @param permissions the permissions of a file that is created
	 * @param mapping how it will be mapped
	 * @return the open file, not mapped yet
	 * @throws IOException if it cannot be opened so; nothing is left behind
	 */
	BackendFile open(Path path, AccessOptions access, Set<PosixFilePermission> permissions, MappingOptions mapping)
			throws IOException;

}
