import dev.yammap.Mmap;
import dev.yammap.spring.boot.MappedFile;
