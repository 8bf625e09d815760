import java.io.IOException;
import java.lang.foreign.ValueLayout;

import dev.yammap.Mmap;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;
