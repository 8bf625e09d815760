package dev.yammap.journal;

import java.io.IOException;
import java.nio.file.Path;

import dev.yammap.Backend;

/**
 * A program that has a journal open until its standard input ends. Once it is open, a
 * byte is written to the standard output. Arguments: the journal, the backend.
 */
final class HoldingProgram {

	private HoldingProgram() {
	}

	public static void main(String[] arguments) throws IOException {
		try (Journal journal = Journal.builder(Path.of(arguments[0])).backend(Backend.valueOf(arguments[1])).open()) {
			System.out.write((int) journal.nextSequence());
			System.out.flush();
			while (System.in.read() >= 0) {
				// Until the other process is done.
			}
		}
	}

}
