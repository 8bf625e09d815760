package dev.yammap;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What this process holds of the files in a directory, as its own entries in
 * {@code /proc} tell.
 */
public final class ProcessFiles {

	private ProcessFiles() {
	}

	/**
	 * Returns the file of each descriptor.
	 */
	public static List<String> descriptors(Path directory) throws IOException {
		List<String> descriptors = new ArrayList<>();
		try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
			for (Path link : links.toList()) {
				descriptors.add(target(link));
			}
		}
		descriptors.removeIf((target) -> !target.startsWith(directory.toString()));
		return descriptors;
	}

	/** The descriptor that lists the directory is gone by now, and others may be. */
	private static String target(Path link) throws IOException {
		try {
			return Files.readSymbolicLink(link).toString();
		}
		catch (NoSuchFileException ex) {
			return "";
		}
	}

	/**
	 * Returns a line for each mapping.
	 */
	public static List<String> mappings(Path directory) throws IOException {
		try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"), StandardCharsets.ISO_8859_1)) {
			return lines.filter((line) -> line.contains(directory.toString())).toList();
		}
	}

}
