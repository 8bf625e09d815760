package dev.yammap.spring.boot.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.crac.CheckpointException;
import org.crac.RestoreException;

/**
 * This process, as a virtual machine would save it.
 */
public final class SavedProcess {

	private SavedProcess() {
	}

	/**
	 * Saves and restores this process, without a failure.
	 */
	public static void checkpointRestore() {
		try {
			org.crac.Core.checkpointRestore();
		}
		catch (CheckpointException | RestoreException ex) {
			AssertionError failure = new AssertionError("The process could not be saved and restored", ex);
			Stream.of(ex.getSuppressed()).forEach(failure::addSuppressed);
			throw failure;
		}
	}

	/**
	 * Returns the files that this process has a descriptor or a mapping of.
	 * @param directory where they are
	 */
	public static List<String> openFiles(Path directory) {
		try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"));
				Stream<String> mappings = Files.lines(Path.of("/proc/self/maps"))) {
			return Stream
				.concat(descriptors.map(SavedProcess::target), mappings.map((line) -> line.replaceFirst(".* /", "/")))
				.filter((path) -> path.startsWith(directory + "/"))
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String target(Path descriptor) {
		try {
			return Files.readSymbolicLink(descriptor).toString();
		}
		catch (IOException ex) {
			return "closed meanwhile";
		}
	}

}
