package dev.yammap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * A program that appends records to a file to which others append, and checks that each
 * is where it was told. Arguments: the file, the backend, its number.
 */
final class AppendPlaceProgram {

	private static final int RECORDS = 3_000;

	private AppendPlaceProgram() {
	}

	public static void main(String[] arguments) throws IOException {
		try (Mmap file = Mmap.builder(Path.of(arguments[0]))
			.backend(Backend.valueOf(arguments[1]))
			.options(StandardOpenOption.READ, StandardOpenOption.WRITE)
			.open()) {
			appendAndCheck(file, Integer.parseInt(arguments[2]));
		}
	}

	static void appendAndCheck(Mmap file, int writer) throws IOException {
		for (int i = 0; i < RECORDS; i++) {
			byte[] record = AppendPlaceTests.record(writer, i);
			long place = file.append(record);
			byte[] found = new byte[record.length];
			file.readAt(found, place);
			if (!Arrays.equals(found, record)) {
				throw new IllegalStateException("Record " + i + " of " + writer + " is not at " + place);
			}
		}
	}

	/** Checks that a file holds the records of all, each once, and nothing else. */
	static void requireComplete(byte[] content, int start, int writers) {
		int[] next = new int[writers];
		ByteBuffer bytes = ByteBuffer.wrap(content).position(start);
		while (bytes.hasRemaining()) {
			int at = bytes.position();
			int writer = bytes.getInt(at);
			byte[] record = AppendPlaceTests.record(writer, next[writer]++);
			if (!bytes.slice(at, record.length).equals(ByteBuffer.wrap(record))) {
				throw new IllegalStateException("No record at " + at);
			}
			bytes.position(at + record.length);
		}
		if (Arrays.stream(next).anyMatch((count) -> count != RECORDS)) {
			throw new IllegalStateException("Records are missing: " + Arrays.toString(next));
		}
	}

}
