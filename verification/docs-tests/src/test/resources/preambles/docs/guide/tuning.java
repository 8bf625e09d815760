import dev.yammap.Advice;
import dev.yammap.Mmap;
import org.slf4j.Logger;

class Preamble {

	Mmap file;

	byte[] record;

	long offset;

	Logger logger;

}
