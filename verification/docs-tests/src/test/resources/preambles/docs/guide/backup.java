import java.nio.file.Path;

import dev.yammap.journal.Journal;
import org.slf4j.Logger;

class Preamble {

	Journal orders;

	Logger logger;

	Path target;

}
