package dev.yammap.faults;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

import dev.yammap.Mmap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests what is left of a process that was killed in the middle of its work.
 */
class KilledProcessTests extends AbstractFaultTests {

	private static final int KILLS = 3;

	private static final int APPENDS_BEFORE_KILL = 2_000;

	private static final long NUMBERS_PER_PROCESS = 1L << 40;

	@TempDir
	private Path directory;

	@Test
	void everyAcknowledgedAppendIsInTheFileAfterKill() throws Exception {
		Path journal = this.directory.resolve("journal");
		Path counter = this.directory.resolve("counter");
		Set<Long> acknowledged = new HashSet<>();
		for (int i = 0; i < KILLS; i++) {
			Process process = child(AppendingProgram.class, this.directory)
				.arguments(journal, counter, i * NUMBERS_PER_PROCESS)
				.start();
			acknowledged.addAll(readUntilKilled(process));
			cutTornRecord(journal);
			Set<Long> found = readRecords(journal);
			assertThat(acknowledged).hasSizeGreaterThanOrEqualTo((i + 1) * APPENDS_BEFORE_KILL);
			assertThat(found).containsAll(acknowledged);
			assertThat(readCounter(counter)).isBetween((long) acknowledged.size(), (long) found.size());
		}
	}

	private static Set<Long> readUntilKilled(Process process) throws IOException, InterruptedException {
		Set<Long> numbers = new HashSet<>();
		try (DataInputStream input = new DataInputStream(process.getInputStream())) {
			while (true) {
				numbers.add(input.readLong());
				if (numbers.size() == APPENDS_BEFORE_KILL) {
					process.toHandle().destroyForcibly();
				}
			}
		}
		catch (EOFException ex) {
			process.waitFor();
			return numbers;
		}
	}

	/**
	 * The kernel may end a write of a killed process between two pages: the last record,
	 * never acknowledged, may be there in part.
	 */
	private void cutTornRecord(Path journal) throws IOException {
		try (Mmap file = open(journal, StandardOpenOption.WRITE)) {
			file.truncate(file.size() - file.size() % AppendingProgram.RECORD);
		}
	}

	private Set<Long> readRecords(Path journal) throws IOException {
		byte[] content = Files.readAllBytes(journal);
		try (Mmap file = open(journal)) {
			assertThat(file.size()).isEqualTo(content.length);
		}
		Set<Long> numbers = new HashSet<>();
		for (int offset = 0; offset < content.length; offset += AppendingProgram.RECORD) {
			byte[] record = Arrays.copyOfRange(content, offset, offset + AppendingProgram.RECORD);
			long number = ByteBuffer.wrap(record).getLong();
			assertThat(record).as("record at " + offset).isEqualTo(AppendingProgram.record(number));
			assertThat(numbers.add(number)).as("record " + number + " is there once").isTrue();
		}
		return numbers;
	}

	private long readCounter(Path counter) throws IOException {
		try (Mmap file = open(counter)) {
			return file.get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
		}
	}

}
