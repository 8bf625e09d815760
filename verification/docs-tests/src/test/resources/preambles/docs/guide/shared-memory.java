import java.io.IOException;

import dev.yammap.Mmap;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;
