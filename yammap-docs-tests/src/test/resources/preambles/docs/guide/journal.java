import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

import dev.yammap.Mmap;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;
