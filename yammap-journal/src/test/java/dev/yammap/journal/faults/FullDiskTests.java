package dev.yammap.journal.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.yammap.journal.Journal;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A disk that is full when the next segment is to be made: the append fails and nothing
 * else does, and appends go on when there is space.
 */
@Tag("faults")
class FullDiskTests {

	private static final int SEGMENT = 256 << 10;

	@TempDir
	private Path temporary;

	@ParameterizedTest
	@EnumSource(names = { "TMPFS", "EXT4" })
	void appendsGoOnWhenThereIsSpace(Disk.Kind kind) throws Exception {
		try (Disk disk = Disk.mount(kind, this.temporary)) {
			Path path = disk.resolve("journal");
			long end;
			try (Journal journal = Journal.builder(path).segmentSize(SEGMENT).open()) {
				assertThatExceptionOfType(IOException.class).isThrownBy(() -> fill(journal))
					.withMessageContaining("nothing was appended")
					.withMessageContaining("space");
				end = journal.nextSequence();
				assertThat(end).isGreaterThan(1000);
				assertThatExceptionOfType(IOException.class).isThrownBy(() -> journal.append(Workload.content(end)));
				assertThat(journal.nextSequence()).isEqualTo(end);
				assertThat(journal.failure()).isEmpty();
				journal.sync();
				assertThat(journal.durableSequence()).isEqualTo(end);
				assertThat(Workload.read(journal)).hasSize((int) end);
				journal.removeBefore(end / 2);
				for (long key = end; key < end + 100; key++) {
					assertThat(journal.append(Workload.content(key))).isEqualTo(key);
				}
			}
			try (Journal journal = Journal.open(path)) {
				assertThat(journal.nextSequence()).isEqualTo(end + 100);
				assertThat(Workload.read(journal)).contains(end + 99);
			}
			assertThat(Files.exists(path.resolve("journal.control"))).isTrue();
		}
	}

	private static void fill(Journal journal) throws IOException {
		for (long key = 0; key < 1_000_000; key++) {
			journal.append(Workload.content(key));
		}
	}

}
