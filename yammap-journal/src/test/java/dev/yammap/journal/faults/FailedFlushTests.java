package dev.yammap.journal.faults;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.stream.Stream;

import dev.yammap.Advice;
import dev.yammap.Mmap;
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

	private static final int PAGE = 4096;

	private static final int PAGES = 10;

	private static final int PER_PAGE = 4;

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

	/**
	 * The disk has records behind the end that a power cut left, and memory has zeros.
	 */
	@Test
	void tornEndThatCouldNotBeCutDoesNotComeBack() throws Exception {
		Path control = this.disk.resolve("journal").resolve("journal.control");
		Path segment;
		byte[] torn;
		byte[] open;
		try (Journal journal = open()) {
			segment = journal.segments().getFirst().file();
			appendPages(journal, PAGES);
			journal.sync();
			appendPages(journal, 10 * PAGES);
			torn = Files.readAllBytes(segment);
			open = Files.readAllBytes(control);
		}
		// The first record is missing that was not synced.
		Arrays.fill(torn, PAGE + PAGES * PAGE, PAGE + PAGES * PAGE + PAGE / PER_PAGE, (byte) 0);
		write(segment, torn);
		write(control, open);
		this.disk.breakBlocksOf(segment);
		assertThatIOException().isThrownBy(this::open);
		this.disk.repairBlocks();
		try (Journal journal = open()) {
			assertThat(journal.nextSequence()).isEqualTo(PAGES * PER_PAGE);
			appendPages(journal, PAGES + 1);
			journal.sync();
			this.disk.cutPower();
		}
		catch (IOException ex) {
			// The close of a journal whose disk is gone.
		}
		this.disk.startAgain();
		try (Journal journal = open()) {
			assertThat(journal.nextSequence()).isEqualTo((PAGES + 1) * PER_PAGE);
			assertThat(journal.recovery().wasTorn()).isFalse();
		}
	}

	/** Appends records of which some fill a page, up to a number of pages. */
	private static void appendPages(Journal journal, int pages) throws IOException {
		while (journal.nextSequence() < (long) pages * PER_PAGE) {
			journal.append(new byte[PAGE / PER_PAGE - 24]);
		}
	}

	private static void write(Path file, byte[] content) throws IOException {
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
			channel.write(ByteBuffer.wrap(content));
			channel.force(true);
		}
	}

	/** As the writer does when records come fast. */
	@Test
	void recordsAreOnTheDiskWherePagesAheadOfOthersCouldNotBeWritten() throws Exception {
		try (Journal journal = open()) {
			append(journal, SYNCED);
			journal.sync();
			Path segment = journal.segments().getFirst().file();
			this.disk.breakBlocksOf(segment);
			try (Mmap pages = Mmap.open(segment, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
				pages.advise(Advice.POPULATE_WRITE);
			}
			append(journal, SYNCED + 1);
			assertThatIOException().isThrownBy(journal::sync);
		}
		this.disk.repairBlocks();
		try (Journal journal = open()) {
			append(journal, LOST);
			journal.sync();
			this.disk.cutPower();
		}
		catch (IOException ex) {
			// The close of a journal whose disk is gone.
		}
		this.disk.startAgain();
		try (Journal journal = open()) {
			assertThat(journal.nextSequence()).isEqualTo(LOST);
			assertThat(Workload.read(journal)).hasSize(LOST);
		}
	}

	/** The process was killed as it moved, and nobody had seen that the flush failed. */
	@Test
	void positionThatAReaderWasOpenedAtIsOnTheDisk() throws Exception {
		Path file = this.disk.resolve("journal").resolve("billing.reader");
		try (Journal journal = open()) {
			append(journal, SYNCED);
			journal.sync();
			journal.reader("billing").close();
			byte[] before = Files.readAllBytes(file);
			moveTo(journal, SYNCED);
			byte[] moved = Files.readAllBytes(file);
			write(file, before);
			this.disk.breakBlocksOf(file);
			assertThatIOException().isThrownBy(() -> write(file, moved));
			this.disk.repairBlocks();
			journal.reader("billing").close();
			this.disk.cutPower();
		}
		catch (IOException ex) {
			// The close of a journal whose disk is gone.
		}
		this.disk.startAgain();
		try (Journal journal = open()) {
			assertThat(journal.readerPositions()).containsEntry("billing", (long) SYNCED);
		}
	}

	@Test
	void positionIsOnTheDiskThoughItsFileCouldNotBeMadeAtFirst() throws Exception {
		try (Journal journal = open()) {
			append(journal, SYNCED);
			journal.sync();
			Path file = journal.directory().resolve("billing.reader");
			Command.run("fallocate", "-l", 2048, file);
			Command.run("sync", "-f", file);
			this.disk.breakBlocksOf(file);
			assertThatIOException().isThrownBy(() -> journal.reader("billing"));
			this.disk.repairBlocks();
			moveTo(journal, SYNCED);
			this.disk.cutPower();
		}
		catch (IOException ex) {
			// The close of a journal whose disk is gone.
		}
		this.disk.startAgain();
		try (Journal journal = open()) {
			assertThat(journal.readerPositions()).containsEntry("billing", (long) SYNCED);
		}
	}

	private static void moveTo(Journal journal, long number) throws IOException {
		try (NamedReader reader = journal.reader("billing")) {
			while (reader.nextSequence() < number) {
				assertThat(reader.next()).isTrue();
			}
			reader.moveTo(number);
		}
	}

	@Test
	void journalStaysThoughItsControlFileCouldNotBeMadeAtFirst() throws Exception {
		Path control = Files.createDirectory(this.disk.resolve("journal")).resolve("journal.control");
		Command.run("fallocate", "-l", 4096, control);
		Command.run("sync", "-f", control);
		this.disk.breakBlocksOf(control);
		assertThatIOException().isThrownBy(this::open);
		this.disk.repairBlocks();
		try (Journal journal = open()) {
			append(journal, SYNCED);
			journal.sync();
			this.disk.cutPower();
		}
		catch (IOException ex) {
			// The close of a journal whose disk is gone.
		}
		this.disk.startAgain();
		try (Journal journal = open()) {
			assertThat(Workload.read(journal)).hasSize(SYNCED);
		}
	}

}
