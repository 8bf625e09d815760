import dev.yammap.journal.Journal;
import dev.yammap.journal.JournalReader;
import dev.yammap.journal.JournalRecord;

class Preamble {

	Journal journal;

	static void handle(JournalRecord record) {
	}

}
