import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import dev.yammap.Mmap;
import jakarta.annotation.PreDestroy;

class Preamble {

	Mmap file;

	long offset;

}
