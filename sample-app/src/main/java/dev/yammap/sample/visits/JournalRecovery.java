package dev.yammap.sample.visits;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

import dev.yammap.Mmap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a journal into order before it is used: gives an empty file its header, and cuts
 * off what a crash left at its end of records that were never acknowledged. What is cut
 * is kept in a file of its own. A damaged record that a whole one follows is no torn end:
 * it stops the start.
 */
final class JournalRecovery {

	/**
	 * How many records may be torn at the end: more than can be under way at a time. If
	 * there are more the file was damaged by something else, and is left alone.
	 */
	static final int MAX_TORN = 1024;

	private static final Logger logger = LoggerFactory.getLogger(JournalRecovery.class);

	private final Mmap file;

	JournalRecovery(Mmap file) {
		this.file = file;
	}

	/**
	 * Recovers the journal. Looks at its end alone: {@link VisitCounters} reads all of
	 * it.
	 * @return the number of records in it, all of which are durable
	 * @throws IOException if the file is not a journal, is damaged beyond what a crash
	 * does, or cannot be read or written; nothing in it is then lost
	 */
	long run() throws IOException {
		if (!hasHeader()) {
			cut(0);
			this.file.write(JournalFormat.header());
		}
		long records = countIntact();
		cut(JournalFormat.offsetOf(records));
		// What was found and what was cut is durable before a record follows.
		this.file.sync();
		return records;
	}

	/**
	 * Tells whether the file begins as a journal. What a crash can leave of a header that
	 * was just being written, some first bytes and zeros, is no header yet.
	 */
	private boolean hasHeader() throws IOException {
		byte[] expected = JournalFormat.header();
		byte[] found = new byte[expected.length];
		this.file.readAt(found, 0);
		int same = Arrays.mismatch(expected, found);
		if (same < 0) {
			return true;
		}
		for (int i = same; i < found.length; i++) {
			if (found[i] != 0 || this.file.size() > expected.length) {
				throw new IOException("'" + this.file.name() + "' is not a journal of visits");
			}
		}
		return false;
	}

	/**
	 * Returns the number of records before the torn end.
	 */
	private long countIntact() throws IOException {
		long records = (this.file.size() - JournalFormat.HEADER_SIZE) / JournalFormat.RECORD_SIZE;
		long first = Math.max(0, records - MAX_TORN - 1);
		byte[] tail = new byte[(int) (records - first) * JournalFormat.RECORD_SIZE];
		int length = Math.max(0, this.file.readAt(tail, JournalFormat.offsetOf(first)));
		long end = first;
		for (long sequence = first; sequence < first + length / JournalFormat.RECORD_SIZE; sequence++) {
			if (JournalFormat.isIntact(tail, (int) (sequence - first) * JournalFormat.RECORD_SIZE, sequence)) {
				if (sequence > end) {
					throw JournalFormat.damaged(end);
				}
				end = sequence + 1;
			}
		}
		if (records - end > MAX_TORN) {
			throw new IOException("The last " + (records - end) + " records of '" + this.file.name()
					+ "' are damaged, which is more than a crash can do: restore the file from a backup");
		}
		return end;
	}

	/**
	 * Cuts off the end of the file, if there is anything, once it is durable elsewhere.
	 */
	private void cut(long end) throws IOException {
		int length = Math.toIntExact(this.file.size() - end);
		if (length > 0) {
			keep(end, length);
			this.file.truncate(end);
		}
	}

	private void keep(long end, int length) throws IOException {
		byte[] torn = new byte[length];
		this.file.readAt(torn, end);
		Path path = this.file.path();
		Path copy = path.resolveSibling(path.getFileName() + ".torn-" + end + "-" + System.currentTimeMillis());
		try (Mmap kept = Mmap.create(copy, length, StandardOpenOption.CREATE_NEW)) {
			kept.writeAt(torn, 0);
			kept.sync();
		}
		logger.warn("Cutting the torn end of '{}', {} bytes from offset {} on, which are kept in '{}'", path, length,
				end, copy);
	}

}
