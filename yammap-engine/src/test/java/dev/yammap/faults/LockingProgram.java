package dev.yammap.faults;

import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import dev.yammap.LockMode;
import dev.yammap.Mmap;

/**
 * A program that holds a lock on a file until its standard input ends or it is killed.
 * Arguments: the file, the lock. It writes a byte to the standard output once it has it.
 */
final class LockingProgram {

	private LockingProgram() {
	}

	public static void main(String[] arguments) throws Exception {
		try (Mmap file = Mmap.builder(Path.of(arguments[0]))
			.options(StandardOpenOption.READ, StandardOpenOption.WRITE)
			.lock(LockMode.valueOf(arguments[1]))
			.open()) {
			System.out.write((int) file.size());
			System.out.flush();
			System.in.transferTo(System.out);
		}
	}

}
