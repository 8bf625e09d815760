package dev.yammap.faults;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.yammap.Backend;
import dev.yammap.Mmap;

/**
 * A program that opens a file twice and asks which backend it got, and why. Arguments:
 * the backend, the file, where to put what it found.
 */
final class BackendChoiceProgram {

	private BackendChoiceProgram() {
	}

	public static void main(String[] arguments) throws IOException {
		Files.writeString(Path.of(arguments[2]), found(Backend.valueOf(arguments[0]), Path.of(arguments[1])));
	}

	private static String found(Backend backend, Path path) throws IOException {
		try (Mmap file = Mmap.builder(path).backend(backend).open();
				Mmap another = Mmap.builder(path).backend(backend).open()) {
			boolean right = file.get(ValueLayout.JAVA_BYTE, 0) == 1 && another.backend() == file.backend();
			String reason = (backend == Backend.AUTO) ? Backend.NATIVE.obstacle().orElse("") : "";
			return right ? file.backend() + reason : "the wrong content";
		}
		catch (UnsupportedOperationException ex) {
			return String.valueOf(ex.getMessage());
		}
	}

}
