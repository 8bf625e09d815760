package dev.yammap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;

import org.jspecify.annotations.NullMarked;

/**
 * Numbered records, to be found again wherever they went.
 */
@NullMarked
public final class Records {

	private static final long MAGIC = 0x1234_5678_90AB_CDEFL;

	private static final int LENGTH = 64;

	private Records() {
	}

	/**
	 * Appends a record, and makes it durable.
	 * @param file the file
	 * @param number its number
	 * @throws IOException as the file says
	 */
	public static void append(Mmap file, long number) throws IOException {
		file.write(ByteBuffer.allocate(LENGTH).putLong(MAGIC).putLong(number).rewind());
		file.sync();
	}

	/**
	 * Finds records that are whole.
	 * @param content what a file holds
	 * @return their numbers
	 */
	public static Set<Long> in(byte[] content) {
		Set<Long> numbers = new HashSet<>();
		ByteBuffer bytes = ByteBuffer.wrap(content);
		for (int offset = 0; offset <= content.length - LENGTH; offset++) {
			if (content[offset] == 0x12 && bytes.getLong(offset) == MAGIC) {
				numbers.add(bytes.getLong(offset + Long.BYTES));
			}
		}
		return numbers;
	}

}
