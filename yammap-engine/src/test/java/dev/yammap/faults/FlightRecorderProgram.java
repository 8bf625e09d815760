package dev.yammap.faults;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import dev.yammap.MappedFaultException;
import dev.yammap.Mmap;

/**
 * A program that makes every event there is happen to one file, and fails unless the
 * engine works as always. Arguments: the file.
 */
final class FlightRecorderProgram {

	private static final int SIZE = 1 << 20;

	private FlightRecorderProgram() {
	}

	public static void main(String[] arguments) throws IOException {
		Path path = Path.of(arguments[0]);
		try (Mmap file = Mmap.create(path, SIZE)) {
			file.truncate(2 * SIZE);
			file.truncate(SIZE);
			file.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, 42);
			file.sync();
			meetFault(file);
			if (file.get(ValueLayout.JAVA_LONG_UNALIGNED, 0) != 42) {
				throw new IllegalStateException("content is gone");
			}
		}
	}

	private static void meetFault(Mmap file) throws IOException {
		try (FileChannel other = FileChannel.open(file.path(), StandardOpenOption.WRITE)) {
			other.truncate(8);
		}
		try {
			file.readAt(new byte[8], SIZE - 8);
			throw new IllegalStateException("no fault");
		}
		catch (MappedFaultException ex) {
			// As it should be.
		}
	}

}
