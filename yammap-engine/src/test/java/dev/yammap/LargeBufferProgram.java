package dev.yammap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A program whose heap holds no copy of the buffers that it writes. Argument: a
 * directory.
 */
final class LargeBufferProgram {

	private static final int SIZE = 64 << 20;

	private LargeBufferProgram() {
	}

	public static void main(String[] arguments) throws IOException {
		Path path = Path.of(arguments[0], "file");
		ByteBuffer buffer = ByteBuffer.allocateDirect(SIZE);
		buffer.put(0, (byte) 1).put(SIZE - 1, (byte) 2);
		try (Mmap file = Mmap.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
				StandardOpenOption.WRITE)) {
			check(file.writeAt(buffer.duplicate(), 10) == SIZE, "a part was written");
			requireAt(file, 10);
			file.seek(0, Whence.END);
			file.write(buffer.duplicate());
			requireAt(file, 10 + SIZE);
			// Java itself appends by an array.
			if (file.backend() == Backend.NATIVE) {
				check(file.append(buffer.duplicate()) == 10 + 2L * SIZE, "it is elsewhere");
				requireAt(file, 10 + 2L * SIZE);
			}
			check(Files.size(path) == file.size(), "the size is wrong");
		}
	}

	private static void requireAt(Mmap file, long offset) throws IOException {
		byte[] ends = new byte[2];
		file.readAt(ends, 0, 1, offset);
		file.readAt(ends, 1, 1, offset + SIZE - 1);
		check(ends[0] == 1 && ends[1] == 2 && file.size() == offset + SIZE, "it is not at " + offset);
	}

	private static void check(boolean holds, String otherwise) {
		if (!holds) {
			throw new IllegalStateException(otherwise);
		}
	}

}
