import java.io.IOException;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.MappedFile;

import org.springframework.stereotype.Component;
import org.springframework.stereotype.Service;
