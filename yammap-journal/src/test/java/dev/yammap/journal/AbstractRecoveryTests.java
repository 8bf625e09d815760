package dev.yammap.journal;

import java.io.IOException;
import java.io.RandomAccessFile;

import org.junit.jupiter.api.AfterEach;

/**
 * What the tests of journals stand on whose last life did not end well: what is left of
 * it, and what is logged of that.
 */
abstract class AbstractRecoveryTests extends AbstractJournalTests {

	/** Where the first two records of a journal end. */
	static final int END_OF_TWO = 4096 + 88;

	final LoggedWarnings logged = new LoggedWarnings();

	@AfterEach
	void stopListening() {
		this.logged.close();
	}

	/**
	 * Makes a journal of which some first records were synced and others only written, as
	 * after a kill.
	 */
	JournalFiles killed(long durable, long end) throws IOException {
		try (Journal journal = builder().open()) {
			appendTo(journal, durable);
			journal.sync();
			appendTo(journal, end);
			return JournalFiles.of(directory());
		}
	}

	/**
	 * Makes a journal of two records in one large segment, of which the first was synced,
	 * and leaves bytes in that segment.
	 * @param at where the bytes are, behind the records
	 */
	void leave(byte[] bytes, int at, int segmentSize) throws IOException {
		JournalFiles files;
		try (Journal journal = builder().segmentSize(segmentSize).open()) {
			appendTo(journal, 1);
			journal.sync();
			appendTo(journal, 2);
			files = JournalFiles.of(directory());
		}
		files.writeTo(directory());
		try (RandomAccessFile file = new RandomAccessFile(directory().resolve(segment(1)).toFile(), "rw")) {
			file.seek(at);
			file.write(bytes);
		}
	}

}
