import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import dev.yammap.Mmap;

class Preamble {

	Path path;

	byte[] record;

}
