import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;

import dev.yammap.Mmap;
import dev.yammap.journal.Journal;
import dev.yammap.spring.boot.FileProperties;
import dev.yammap.spring.boot.Mmaps;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

class Preamble {

	Journal orders;

	Logger logger;

	Path target;

}
