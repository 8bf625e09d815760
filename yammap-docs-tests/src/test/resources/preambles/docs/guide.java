import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import dev.yammap.Mmap;

class Preamble {

	Mmap table;

	int wanted;

	byte[] record;

}
