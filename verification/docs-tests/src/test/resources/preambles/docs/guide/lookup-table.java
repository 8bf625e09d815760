import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.MmapBuilderCustomizer;
import dev.yammap.spring.boot.MmapReloadValidator;
import dev.yammap.spring.boot.Mmaps;

import org.springframework.stereotype.Component;

interface PriceSource {

	SortedMap<Long, Long> prices();

}
