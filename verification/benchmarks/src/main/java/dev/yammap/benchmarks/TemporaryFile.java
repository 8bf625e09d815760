package dev.yammap.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/**
 * A file of a benchmark, in a directory of its own. Both are deleted afterwards.
 *
 * @param directory the directory, or {@code null} if the file is somebody else's
 * @param path the file
 */
record TemporaryFile(@Nullable Path directory, Path path) implements AutoCloseable {

	static TemporaryFile create() throws IOException {
		Path directory = Files.createTempDirectory("yammap-benchmark");
		return new TemporaryFile(directory, directory.resolve("file"));
	}

	/**
	 * Returns the file that {@link PairedComparison} makes all forks use, which is not
	 * deleted, or else a new one.
	 */
	static TemporaryFile sharedOrNew() throws IOException {
		String shared = System.getProperty(PairedComparison.SHARED_FILE);
		return (shared != null) ? new TemporaryFile(null, Path.of(shared)) : create();
	}

	@Override
	public void close() throws IOException {
		if (this.directory != null) {
			Files.deleteIfExists(this.path);
			Files.deleteIfExists(this.directory);
		}
	}

}
