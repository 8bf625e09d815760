package dev.yammap.journal.faults;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

import dev.yammap.journal.Journal;
import dev.yammap.journal.NamedReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Blocks that cannot be written for a while. After a failed flush the kernel keeps in
 * memory what it could not write, takes it for written, and never writes it again. So a
 * journal that is opened then finds in memory what the disk does not have.
 */
@Tag("faults")
class FailedFlushTests {

	private static final long SEED = 20260101;

	private static final int SYNCED = 100;

	private static final int LOST = 2000;

	@TempDir
	private Path temporary;

	@SuppressWarnings("NullAway.Init")
	private VolatileDisk disk;

	@BeforeEach
	void mount() throws IOException {
		this.disk = VolatileDisk.mount(VolatileDisk.Kind.EXT4, this.temporary, SEED);
	}

	@AfterEach
	void unmount() throws IOException {
		this.disk.close();
	}

	private Journal open() throws IOException {
		return Journal.builder(this.disk.resolve("journal")).segmentSize(1 << 20).open();
	}

	private static void append(Journal journal, long end) throws IOException {
		for (long key = journal.nextSequence(); key < end; key++) {
			journal.append(Workload.content(key));
		}
	}

	@Test
	void recordsThatOpeningKeepsAreOnTheDisk() throws Exception {
		try (Journal journal = open()) {
			append(journal, SYNCED);
			journal.sync();
			this.disk.breakBlocksOf(journal.segments().getFirst().file());
			append(journal, LOST);
			assertThatIOException().isThrownBy(journal::sync);
		}
		this.disk.repairBlocks();
		try (Journal journal = open()) {
			append(journal, LOST + SYNCED);
			journal.sync();
			this.disk.cutPower();
		}
		catch (IOException ex) {
			// The close of a journal whose disk is gone.
		}
		this.disk.startAgain();
		try (Journal journal = open()) {
			assertThat(journal.nextSequence()).isEqualTo(LOST + SYNCED);
			assertThat(Workload.read(journal)).hasSize(LOST + SYNCED);
		}
	}

	/**
	 * The writer was killed as it began to remove segments, and nobody had seen that the
	 * flush failed.
	 */
	@Test
	void segmentsAreDeletedOnlyOnceTheDiskHasTheStateThatSaysSo() throws Exception {
		try (Journal journal = open()) {
			append(journal, SYNCED);
			journal.roll();
			append(journal, 2 * SYNCED);
		}
		Path control = this.disk.resolve("journal").resolve("journal.control");
		byte[] removed = controlOfACopyWithoutItsFirstSegment();
		this.disk.breakBlocksOf(control);
		try (FileChannel channel = FileChannel.open(control, StandardOpenOption.WRITE)) {
			channel.write(ByteBuffer.wrap(removed));
			assertThatIOException().isThrownBy(() -> channel.force(false));
		}
		this.disk.repairBlocks();
		try (Journal journal = open()) {
			assertThat(journal.firstSequence()).isEqualTo(SYNCED);
			this.disk.cutPower();
		}
		catch (IOException ex) {
			// The close of a journal whose disk is gone.
		}
		this.disk.startAgain();
		try (Journal journal = open()) {
			assertThat(journal.firstSequence()).isEqualTo(SYNCED);
			assertThat(Workload.read(journal)).hasSize(SYNCED);
		}
	}

	private byte[] controlOfACopyWithoutItsFirstSegment() throws IOException {
		Path copy = Files.createDirectory(this.temporary.resolve("copy"));
		try (Stream<Path> files = Files.list(this.disk.resolve("journal"))) {
			for (Path file : files.toList()) {
				Files.copy(file, copy.resolve(file.getFileName()));
			}
		}
		try (Journal journal = Journal.open(copy)) {
			journal.removeBefore(SYNCED);
			return Files.readAllBytes(copy.resolve("journal.control"));
		}
	}

	@Test
	void positionThatCouldNotBeMovedKeepsWhatItsReaderNeeds() throws Exception {
		try (Journal journal = open()) {
			append(journal, SYNCED);
			journal.roll();
			append(journal, 2 * SYNCED);
			journal.sync();
			try (NamedReader reader = journal.reader("billing")) {
				while (reader.nextSequence() < 2 * SYNCED) {
					assertThat(reader.next()).isTrue();
				}
				this.disk.breakBlocksOf(journal.directory().resolve("billing.reader"));
				assertThatIOException().isThrownBy(() -> reader.moveTo(2 * SYNCED));
				assertThat(reader.position()).isZero();
				assertThat(journal.readerPositions()).containsEntry("billing", 0L);
				assertThat(journal.removeBefore(2 * SYNCED)).isZero();
			}
			finally {
				this.disk.repairBlocks();
			}
		}
	}

}
