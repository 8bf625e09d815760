import java.time.Duration;

import dev.yammap.journal.Journal;
import dev.yammap.journal.JournalRecord;
import dev.yammap.journal.NamedReader;

class Preamble {

	Journal journal;

	static void bill(JournalRecord record) {
	}

}
