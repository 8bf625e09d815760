import dev.yammap.Mmap;

import org.springframework.stereotype.Component;
