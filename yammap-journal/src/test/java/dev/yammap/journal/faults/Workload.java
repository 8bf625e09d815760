package dev.yammap.journal.faults;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

import dev.yammap.journal.Journal;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Records that tell whether they are themselves, and threads that append them.
 */
final class Workload {

	private static final int LEAST = 16;

	private static final int MORE = 400;

	private Workload() {
	}

	/** Returns a content that depends on a key alone, which begins it. */
	static byte[] content(long key) {
		byte[] content = new byte[LEAST + (int) (key * 31 % MORE)];
		new Random(key).nextBytes(content);
		ByteBuffer.wrap(content).putLong(0, key);
		return content;
	}

	/** Insists that a record is one that was appended, and returns its key. */
	static long key(byte[] content) {
		long key = ByteBuffer.wrap(content).getLong(0);
		assertThat(key).isNotNegative();
		assertThat(content).isEqualTo(content(key));
		return key;
	}

	/**
	 * Reads all of a journal, from its first record on.
	 * @return the keys, by number less the first
	 */
	static long[] read(Journal journal) throws IOException {
		long first = journal.firstSequence();
		long[] keys = new long[(int) (journal.nextSequence() - first)];
		Arrays.fill(keys, -1);
		journal.forEach(first, (record) -> keys[(int) (record.sequence() - first)] = key(record.toByteArray()));
		assertThat(keys).doesNotContain(-1);
		return keys;
	}

}
