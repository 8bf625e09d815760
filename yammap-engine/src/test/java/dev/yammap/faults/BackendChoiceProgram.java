package dev.yammap.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.yammap.Backend;
import dev.yammap.Mmap;

/**
 * A program that opens a file twice and finds out which backend it got: one of them can
 * lock pages. Arguments: the backend, the file, where to put what it found.
 */
final class BackendChoiceProgram {

	static final String NATIVE = "native";

	static final String PORTABLE = "portable";

	private BackendChoiceProgram() {
	}

	public static void main(String[] arguments) throws IOException {
		Files.writeString(Path.of(arguments[2]), found(Backend.valueOf(arguments[0]), Path.of(arguments[1])));
	}

	private static String found(Backend backend, Path path) throws IOException {
		try (Mmap file = Mmap.builder(path).backend(backend).open()) {
			return (file.getByte(0) == 1) ? lockable(backend, path) : "the wrong content";
		}
		catch (UnsupportedOperationException ex) {
			return String.valueOf(ex.getMessage());
		}
	}

	private static String lockable(Backend backend, Path path) throws IOException {
		try (Mmap file = Mmap.builder(path).backend(backend).locked(true).open()) {
			return (file.getByte(0) == 1) ? NATIVE : "the wrong content";
		}
		catch (UnsupportedOperationException ex) {
			return PORTABLE;
		}
	}

}
