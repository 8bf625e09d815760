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
 * What a process has locked stays locked, whatever else it does with the files.
 */
class LockTests extends AbstractJournalTests {

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
