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

	private static final char MOST_OF_ASCII = 0x7F;

	private FileNames() {
	}

	/**
	 * Encodes the absolute path, as the working directory of the JDK need not be that of
	 * the process. ASCII has the same bytes in every encoding that Linux has for names.
	 * For any other path only the URI has the very bytes, and to make one, the JDK looks
	 * for the file. The string loses bytes that are not text in the JDK's encoding.
	 */
	static MemorySegment encode(Path path, Arena arena) {
		Path absolute = path.toAbsolutePath();
		String text = absolute.toString();
		boolean escaped = !isAscii(text);
		if (escaped) {
			text = absolute.toUri().getRawPath();
		}
		// It is zeroed, which marks the end.
		MemorySegment name = arena.allocate(text.length() + 1L);
		ByteBuffer bytes = name.asByteBuffer();
		for (int i = 0; i < text.length(); i++) {
			char character = text.charAt(i);
			if (escaped && character == '%') {
				bytes.put((byte) Integer.parseInt(text, i + 1, i + 3, HEXADECIMAL));
				i += 2;
			}
			else {
				bytes.put((byte) character);
			}
		}
		return name;
	}

	private static boolean isAscii(String text) {
		for (int i = 0; i < text.length(); i++) {
			if (text.charAt(i) > MOST_OF_ASCII) {
				return false;
			}
		}
		return true;
	}

}
