package dev.yammap.sample.visits;

import java.io.IOException;
import java.util.Arrays;

import dev.yammap.Mmap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a journal into order before it is used: gives an empty file its header, and
 * drops what a crash left at its end of records that were never acknowledged.
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
	 * Recovers the journal.
	 * @return the number of records in it, all of which are durable
	 * @throws IOException if the file is not a journal, is damaged beyond what a crash
	 * does, or cannot be read or written; nothing in it is then lost
	 */
	long run() throws IOException {
		if (!hasHeader()) {
			this.file.truncate(0);
			this.file.write(JournalFormat.header());
		}
		long records = countIntact();
		long end = JournalFormat.offsetOf(records);
		long torn = this.file.size() - end;
		if (torn > 0) {
			this.file.truncate(end);
			logger.warn("Dropped {} bytes of torn records from the end of '{}', which has {} records", torn,
					this.file.name(), records);
		}
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

	private long countIntact() throws IOException {
		long records = (this.file.size() - JournalFormat.HEADER_SIZE) / JournalFormat.RECORD_SIZE;
		long first = Math.max(0, records - MAX_TORN - 1);
		byte[] tail = new byte[(int) (records - first) * JournalFormat.RECORD_SIZE];
		int length = Math.max(0, this.file.readAt(tail, JournalFormat.offsetOf(first)));
		for (long sequence = first + length / JournalFormat.RECORD_SIZE - 1; sequence >= first; sequence--) {
			if (JournalFormat.isIntact(tail, (int) (sequence - first) * JournalFormat.RECORD_SIZE, sequence)) {
				return sequence + 1;
			}
		}
		if (first > 0) {
			throw new IOException("The last " + (records - first) + " records of '" + this.file.name()
					+ "' are damaged, which is more than a crash can do");
		}
		return 0;
	}

}
