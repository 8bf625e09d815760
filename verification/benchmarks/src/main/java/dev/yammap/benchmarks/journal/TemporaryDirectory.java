package dev.yammap.benchmarks.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory of a benchmark, deleted afterwards. It is made in the directory that the
 * system property {@code benchmarks.directory} names, or else among the temporary files.
 */
record TemporaryDirectory(Path path) implements AutoCloseable {

	static TemporaryDirectory create() throws IOException {
		String parent = System.getProperty("benchmarks.directory", System.getProperty("java.io.tmpdir"));
		return new TemporaryDirectory(Files.createTempDirectory(Path.of(parent), "yammap-journal"));
	}

	Path resolve(String name) {
		return this.path.resolve(name);
	}

	@Override
	public void close() throws IOException {
		List<Path> files;
		try (Stream<Path> found = Files.walk(this.path)) {
			files = found.sorted(Comparator.reverseOrder()).toList();
		}
		for (Path file : files) {
			Files.delete(file);
		}
	}

}
