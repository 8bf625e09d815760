package dev.yammap.internal;

import java.io.IOException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

import dev.yammap.Mmap;
import dev.yammap.internal.file.OpenedFile;
import dev.yammap.internal.os.AccessOptions;
import dev.yammap.internal.os.FileBackend;
import dev.yammap.internal.os.MappingOptions;

/**
 * Opens files on a backend that a test has made.
 */
public final class OnBackend {

	private OnBackend() {
	}

	public static Mmap open(FileBackend backend, Path path, OpenOption... options) throws IOException {
		return open(backend, path, MappingOptions.DEFAULT, options);
	}

	public static Mmap open(FileBackend backend, Path path, MappingOptions mapping, OpenOption... options)
			throws IOException {
		AccessOptions access = AccessOptions.of(options);
		Opening opening = new Opening(backend, path, access, mapping, !access.sparse(), true);
		OpenedFile file = opening.open(PosixFilePermissions.fromString("rw-------"), 0, (parts) -> parts);
		return new FileMmap(file, access.syncOnWrite(), List.of()).opened();
	}

}
