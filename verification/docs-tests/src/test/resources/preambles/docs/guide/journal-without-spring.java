import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

import dev.yammap.journal.HeldUpAction;
import dev.yammap.journal.Journal;
import dev.yammap.journal.JournalReader;
import dev.yammap.journal.NamedReader;

class Preamble {

	Journal journal;

	byte[] order;

	static void handle(byte[] content) {
	}

}
