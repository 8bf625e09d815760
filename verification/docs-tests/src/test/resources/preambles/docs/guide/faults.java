import java.io.UncheckedIOException;
import java.util.zip.CRC32C;

import dev.yammap.MappedFaultException;
import dev.yammap.Mmap;
import org.slf4j.Logger;

class Preamble {

	Mmap file;

	byte[] record;

	long offset;

	Logger logger;

}
