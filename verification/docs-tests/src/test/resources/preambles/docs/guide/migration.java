import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import dev.yammap.Mmap;

class Preamble {

	Mmap file;

	long offset;

}
