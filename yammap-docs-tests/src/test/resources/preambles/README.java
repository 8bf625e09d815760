import java.io.IOException;

import dev.yammap.Mmap;

import org.springframework.stereotype.Service;
