package dev.yammap.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import dev.yammap.Backend;
import dev.yammap.Mmap;

/**
 * A program that creates a file of ten bytes. Arguments: the backend, the file.
 */
final class CreatingProgram {

	private CreatingProgram() {
	}

	public static void main(String[] arguments) throws IOException {
		try (Mmap file = Mmap.builder(Path.of(arguments[1]))
			.backend(Backend.valueOf(arguments[0]))
			.options(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)
			.open()) {
			file.write(new byte[10]);
			file.sync();
		}
	}

}
