import java.nio.file.Path;

import dev.yammap.Advice;
import dev.yammap.Mmap;
import dev.yammap.spring.boot.MmapBuilderCustomizer;
import org.slf4j.Logger;

import org.springframework.stereotype.Component;

class Preamble {

	Mmap file;

	byte[] record;

	long offset;

	Logger logger;

}
