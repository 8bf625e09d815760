import java.nio.file.Path;
import java.time.Duration;

import dev.yammap.journal.Journal;
import dev.yammap.journal.JournalReader;
import dev.yammap.journal.JournalRecord;
import dev.yammap.journal.NamedReader;

class Preamble {

	Journal journal;

	byte[] order;

	static void handle(byte[] content) {
	}

	static void handle(JournalRecord record) {
	}

	static void bill(JournalRecord record) {
	}

}
