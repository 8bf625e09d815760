package dev.yammap.journal;

import java.io.IOException;
import java.nio.file.Files;
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

	/**
	 * A lock of the portable backend ends when the process closes any descriptor of the
	 * file.
	 */
	@Test
	void locksAreKeptWhateverElseTheProcessOpensAndCloses() throws Exception {
		Journal journal = open();
		appendTo(journal, 3);
		NamedReader billing = journal.reader("billing");
		Path control = directory().resolve("journal.control");
		Path position = directory().resolve("billing.reader");
		assertThat(locked()).contains(inode(control), inode(position));
		assertThat(journal.readerPositions()).containsEntry("billing", 0L);
		assertThatExceptionOfType(FileLockedException.class).isThrownBy(() -> journal.reader("billing"))
			.withMessageContaining("this process");
		assertThatExceptionOfType(FileLockedException.class).isThrownBy(this::open)
			.withMessageContaining("this process");
		try (Journal reading = builder().options(StandardOpenOption.READ).open()) {
			assertHolds(reading, 0, 3);
			assertThat(reading.readerPositions()).containsEntry("billing", 0L);
		}
		assertThat(locked()).contains(inode(control), inode(position));
		billing.close();
		assertThat(locked()).contains(inode(control)).doesNotContain(inode(position));
		journal.reader("billing").close();
		journal.close();
		assertThat(locked()).doesNotContain(inode(control));
		appendTo(open(), 4);
	}

	private static Object inode(Path file) throws IOException {
		return Files.getAttribute(file, "unix:ino");
	}

	/** Returns the inodes of all files that are locked. */
	private static List<Object> locked() throws IOException {
		return Files.readAllLines(Path.of("/proc/locks"))
			.stream()
			.<Object>map((line) -> Long.valueOf(line.replaceFirst(".*:(\\d+) \\d+ \\S+$", "$1")))
			.toList();
	}

}
