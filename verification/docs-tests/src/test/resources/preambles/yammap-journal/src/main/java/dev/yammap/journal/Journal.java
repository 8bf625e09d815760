import java.nio.file.Path;

import dev.yammap.journal.Journal;

class Preamble {

	byte[] order;

	static void handle(byte[] content) {
	}

}
