package dev.yammap.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file of a benchmark, in a directory of its own, gone afterwards.
 *
 * @param directory the directory
 * @param path the file
 */
record TemporaryFile(Path directory, Path path) implements AutoCloseable {

	static TemporaryFile create() throws IOException {
		Path directory = Files.createTempDirectory("yammap-benchmark");
		return new TemporaryFile(directory, directory.resolve("file"));
	}

	@Override
	public void close() throws IOException {
		Files.deleteIfExists(this.path);
		Files.deleteIfExists(this.directory);
	}

}
