package dev.yammap.journal;

import java.io.IOException;

import org.junit.jupiter.api.AfterEach;

/**
 * What the tests of journals stand on whose last life did not end well: what is left of
 * it, and what is logged of that.
 */
abstract class AbstractRecoveryTests extends AbstractJournalTests {

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

}
