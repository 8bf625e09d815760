import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.test.autoconfigure.AutoConfigureMappedFiles;
import dev.yammap.spring.boot.test.autoconfigure.AutoConfigureMappedFiles.Content;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.mock;


class Orders {

	private final Mmap journal;

	Orders(Mmap journal) {
		this.journal = journal;
	}

	void add(byte[] order) throws IOException {
		this.journal.write(order);
		this.journal.sync();
	}

}
