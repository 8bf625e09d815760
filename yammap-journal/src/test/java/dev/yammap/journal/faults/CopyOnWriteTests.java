package dev.yammap.journal.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import dev.yammap.MappedFaultException;
import dev.yammap.journal.Journal;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Storage that copies on write needs a block for a page that has one already. Where it
 * has none left, an append or a sync is an exception; the journal reads on, and when
 * there is space it opens with everything that was synced.
 */
@Tag("faults")
@Timeout(value = 1, unit = TimeUnit.HOURS)
class CopyOnWriteTests {

	private static final int SEGMENT = 8 << 20;

	private static final int MOST = 1_000_000;

	@TempDir
	private Path temporary;

	@ParameterizedTest
	@EnumSource(names = { "BTRFS", "XFS" })
	void appendWithoutABlockIsAnExceptionAndLosesNothing(Disk.Kind kind) throws Exception {
		try (Disk disk = Disk.mount(kind, this.temporary)) {
			Path path = disk.resolve("journal");
			Journal full = Journal.builder(path).segmentSize(SEGMENT).open();
			append(full, 1000);
			full.sync();
			if (kind == Disk.Kind.XFS) {
				// From now on the journal's blocks are those of a copy, too.
				Command.run("cp", "-r", "--reflink=always", path, disk.resolve("copy"));
			}
			fill(disk);
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> appendAndSync(full));
			long durable = full.durableSequence();
			long tried = full.nextSequence();
			assertThat(durable).isBetween(1000L, tried);
			full.forEach(0, (record) -> assertThat(Workload.key(record.toByteArray())).isEqualTo(record.sequence()));
			close(full);
			Files.delete(disk.resolve("filler"));
			// While it is mounted, the kernel may give the space back later.
			disk.startAgain();
			try (Journal journal = Journal.builder(path).segmentSize(SEGMENT).open()) {
				assertThat(journal.nextSequence()).isBetween(durable, tried + 1);
				long[] keys = Workload.read(journal);
				for (int i = 0; i < keys.length; i++) {
					assertThat(keys[i]).isEqualTo(i);
				}
				append(journal, journal.nextSequence() + 100);
				journal.sync();
			}
		}
	}

	private static void append(Journal journal, long end) throws IOException {
		for (long key = journal.nextSequence(); key < end; key++) {
			assertThat(journal.append(Workload.content(key))).isEqualTo(key);
		}
	}

	private static void appendAndSync(Journal journal) throws IOException {
		while (journal.nextSequence() < MOST) {
			append(journal, journal.nextSequence() + 20);
			journal.sync();
		}
	}

	/** Also the mark of a close in good order needs a block. */
	private static void close(Journal journal) {
		try {
			journal.close();
		}
		catch (IOException ex) {
			assertThat(ex).isInstanceOf(MappedFaultException.class);
		}
	}

	/** Takes all space that is left, in ever smaller pieces. */
	private static void fill(Disk disk) throws IOException {
		Command.run("sync", "-f", disk.directory());
		Command.run("sh", "-c",
				"for size in 1M 64k 4k; do" + " dd if=/dev/urandom bs=$size oflag=append conv=notrunc,fsync of='"
						+ disk.resolve("filler") + "' 2>/dev/null; done; true");
	}

}
