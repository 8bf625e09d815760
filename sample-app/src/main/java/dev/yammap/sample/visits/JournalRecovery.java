package dev.yammap.sample.visits;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

import dev.yammap.Mmap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recovers a journal before it is used. Writes the header of an empty file. Cuts off a
 * torn end: records that a crash left half-written, and that were never acknowledged.
 * Keeps what it cuts in a separate file. If a whole record follows a damaged one, that is
 * not a torn end, and recovery stops the start.
 */
final class JournalRecovery {

	/**
	 * The number of records that a crash may tear: more than can be under way at a time.
	 * If more are damaged, something else damaged the file, and recovery does not change
	 * it.
	 */
	static final int MAX_TORN = 1024;

	private static final Logger logger = LoggerFactory.getLogger(JournalRecovery.class);

	private final Mmap file;

	JournalRecovery(Mmap file) {
		this.file = file;
	}

	/**
	 * Recovers the journal. Reads only its end: {@link VisitCounters} reads all of it.
	 * @return the number of records in it, all of which are durable
	 * @throws IOException if the file is not a journal, is damaged beyond what a crash
	 * does, or cannot be read or written; recovery then loses nothing
	 */
	long run() throws IOException {
		if (!hasHeader()) {
			cut(0);
			this.file.write(JournalFormat.header());
		}
		long records = countIntact();
		cut(JournalFormat.offsetOf(records));
		// Make the found records and the cut durable before a new record follows.
		this.file.sync();
		return records;
	}

	/**
	 * Tells whether the file begins with the header of a journal. A crash during the
	 * first start may leave a part of the header: its first bytes, and zeros. That does
	 * not count as a header.
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
	 * Cuts off the rest of the file after the given end, if there is any. Copies it to
	 * another file first, durably.
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
