import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

import dev.yammap.Advice;
import dev.yammap.Mmap;

class Preamble {

	Path path;

	List<String> names;

}
