import java.io.IOException;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.FileProperties;
import dev.yammap.spring.boot.Mmaps;

import org.springframework.stereotype.Component;
