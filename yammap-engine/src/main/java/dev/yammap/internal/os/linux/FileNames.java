package dev.yammap.internal.os.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * File names as the C library takes them: bytes, which need not be text.
 */
final class FileNames {

	private static final int HEXADECIMAL = 16;

	private FileNames() {
	}

	/**
	 * Encodes the absolute path, as the JDK's working directory need not be the
	 * process's. A path gives its very bytes as a URI only: as a string, those that are
	 * not text in the JDK's encoding of file names are lost.
	 */
	static MemorySegment encode(Path path, Arena arena) {
		String escaped = path.toAbsolutePath().toUri().getRawPath();
		// Zeroed, so that the end is marked.
		MemorySegment name = arena.allocate(escaped.length() + 1L);
		ByteBuffer bytes = name.asByteBuffer();
		for (int i = 0; i < escaped.length(); i++) {
			char character = escaped.charAt(i);
			if (character == '%') {
				bytes.put((byte) Integer.parseInt(escaped, i + 1, i + 3, HEXADECIMAL));
				i += 2;
			}
			else {
				bytes.put((byte) character);
			}
		}
		return name;
	}

}
