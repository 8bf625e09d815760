import java.nio.file.Path;
import java.time.LocalDate;

import dev.yammap.journal.Journal;

interface Bills {

	void add(byte[] order);

}

class Preamble {

	Journal orders;

}
