package dev.yammap.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

import dev.yammap.FileLockedException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A journal that another process has open for writing.
 */
class OtherProcessTests extends AbstractJournalTests {

	private Process holder() throws IOException {
		return new ProcessBuilder(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp",
				System.getProperty("java.class.path"), HoldingProgram.class.getName(), directory().toString(),
				this.backend.name()))
			.redirectError(this.temporary.resolve("holder.err").toFile())
			.start();
	}

	@Test
	void secondWriterIsToldWhichProcessHasTheJournal() throws Exception {
		try (Journal journal = builder().open()) {
			appendTo(journal, 3);
		}
		Process holder = holder();
		try {
			assertThat(holder.getInputStream().read()).isEqualTo(3);
			assertThatExceptionOfType(FileLockedException.class).isThrownBy(this::open)
				.withMessageContaining("process " + holder.pid())
				.withMessageContaining("journal.control");
			Journal reading = open(builder().options(StandardOpenOption.READ));
			assertHolds(reading, 0, 3);
		}
		finally {
			holder.getOutputStream().close();
			assertThat(holder.waitFor()).isZero();
		}
		appendTo(open(), 4);
	}

}
