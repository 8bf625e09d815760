package dev.yammap.journal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

import dev.yammap.Backend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A journal whose bytes are changed, cut and lost in every way: what is read back is what
 * was durable, or a longer first part of what was appended, or opening or reading is
 * refused.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class DamageTests {

	private static final int SEGMENT = 8192;

	private static final int RECORDS = 200;

	private static final long MOST = 130;

	private static final int SECTOR = 512;

	private static final int PAGE = 4096;

	private final LoggedWarnings logged = new LoggedWarnings();

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path temporary;

	@SuppressWarnings("NullAway.Init")
	private Path directory;

	@BeforeEach
	void chooseDirectory() throws IOException {
		// Some ten thousand openings: in memory, where there is such a file system.
		Path memory = Path.of("/dev/shm");
		this.directory = Files.isWritable(memory) ? Files.createTempDirectory(memory, "journal")
				: this.temporary.resolve("journal");
	}

	@AfterEach
	void clean() throws IOException {
		this.logged.close();
		JournalFiles.remove(this.directory);
	}

	private Journal.Builder builder() {
		return Journal.builder(this.directory).segmentSize(SEGMENT).backend(Backend.NATIVE);
	}

	private static byte[] content(long number, int life) {
		return ("%d, %03d: a record of some length or other").formatted(life, number)
			.substring(0, 12 + (int) (number * 7 % 17))
			.getBytes(StandardCharsets.UTF_8);
	}

	private static void append(Journal journal, int life, long end) throws IOException {
		for (long number = journal.nextSequence(); number < end; number++) {
			journal.append(content(number, life));
		}
	}

	/** A journal of some records in three segments, closed in good order. */
	private JournalFiles closed() throws IOException {
		Files.createDirectories(this.directory);
		try (Journal journal = builder().open()) {
			append(journal, 1, RECORDS);
			assertThat(journal.segments()).hasSize(3);
		}
		return JournalFiles.of(this.directory);
	}

	/**
	 * Opens what the files hold, and reads all.
	 * @param durable how many records must be there
	 * @param appended how many there may be
	 * @return whether it was not refused
	 */
	private boolean check(JournalFiles files, long durable, long appended, String what) throws IOException {
		files.writeTo(this.directory);
		try (Journal journal = builder().open()) {
			long end = journal.nextSequence();
			assertThat(end).as(what).isBetween(durable, appended);
			return isRead(journal, end, what);
		}
		catch (JournalDamagedException ex) {
			return false;
		}
	}

	private static boolean isRead(Journal journal, long end, String what) throws IOException {
		long[] next = { 0 };
		try {
			journal.forEach(0, (record) -> {
				assertThat(record.sequence()).as(what).isEqualTo(next[0]);
				assertThat(record.toByteArray()).as(what).isEqualTo(content(next[0], 1));
				next[0]++;
			});
		}
		catch (JournalDamagedException ex) {
			return false;
		}
		assertThat(next[0]).as(what).isEqualTo(end);
		return true;
	}

	@Test
	void byteThatIsChangedIsMetOrMeansNothing() throws IOException {
		changeBytes(5);
	}

	@Test
	@Tag("faults")
	void everyByteThatIsChangedIsMetOrMeansNothing() throws IOException {
		changeBytes(1);
	}

	/** Changes every byte, or each n-th. */
	private void changeBytes(int step) throws IOException {
		JournalFiles files = closed();
		int refused = 0;
		for (String name : files.contents().keySet()) {
			byte[] bytes = files.get(name);
			for (int i = 0; i < bytes.length; i += step) {
				if (i < PAGE && bytes[i] == 0 && i % SECTOR > 80 && i % 61 != 0) {
					// Nothing is ever there: some of these are enough.
					continue;
				}
				byte[] changed = bytes.clone();
				changed[i] ^= (byte) (1 << (i % Byte.SIZE));
				refused += check(files.with(name, changed), RECORDS, RECORDS, name + " changed at " + i) ? 0 : 1;
			}
		}
		assertThat(refused).isGreaterThan(5000 / step);
	}

	@Test
	void everyFileThatIsCutIsMet() throws IOException {
		cutFiles(3, 41);
	}

	@Test
	@Tag("faults")
	void everyFileThatIsCutToAnyLengthIsMet() throws IOException {
		cutFiles(1, 1);
	}

	private void cutFiles(int firstSteps, int step) throws IOException {
		JournalFiles files = closed();
		for (String name : files.contents().keySet()) {
			byte[] bytes = files.get(name);
			for (int length = 0; length < bytes.length; length += (length < 2000) ? firstSteps : step) {
				boolean whole = check(files.with(name, Arrays.copyOf(bytes, length)), RECORDS, RECORDS,
						name + " cut to " + length);
				assertThat(whole && name.endsWith("segment")).as(name + " cut to " + length).isFalse();
			}
			check(files.without(name), RECORDS, RECORDS, "without " + name);
		}
	}

	/**
	 * What is not durable may end anywhere, in the middle of a record too: as where the
	 * kernel wrote pages back up to there.
	 */
	@Test
	@Tag("faults")
	void everyLengthThatIsLeftOfWhatWasNotDurableIsARecordsEnd() throws IOException {
		Versions versions = beforePowerCut(SECTOR);
		JournalFiles files = versions.taken.getLast();
		int segments = (int) files.contents().keySet().stream().filter((name) -> name.endsWith("segment")).count();
		long before = 50;
		for (int segment = 1; segment <= segments; segment++) {
			String name = "%016d.segment".formatted(segment);
			byte[] bytes = files.get(name);
			for (int length = PAGE; length <= bytes.length; length++) {
				byte[] left = bytes.clone();
				Arrays.fill(left, length, bytes.length, (byte) 0);
				JournalFiles cut = files.with(name, left);
				for (int later = segment + 1; later <= segments; later++) {
					byte[] head = files.get("%016d.segment".formatted(later));
					Arrays.fill(head, SECTOR, head.length, (byte) 0);
					cut = cut.with("%016d.segment".formatted(later), head);
				}
				before = atLeastAsLong(cut, before, "segment " + segment + " cut to " + length);
			}
		}
		assertThat(before).isEqualTo(MOST);
	}

	private long atLeastAsLong(JournalFiles files, long before, String what) throws IOException {
		files.writeTo(this.directory);
		try (Journal journal = builder().open()) {
			long end = journal.nextSequence();
			assertThat(end).as(what).isBetween(before, before + 1);
			// Where something durable is cut, reading it is refused.
			assertThat(isRead(journal, end, what) || end == 50).as(what).isTrue();
			return end;
		}
	}

	/**
	 * Writes a journal as it is before a power cut, and notes how its sectors were since
	 * the last flush.
	 */
	private Versions beforePowerCut(int block) throws IOException {
		Files.createDirectories(this.directory);
		Versions versions = new Versions(block);
		try (Journal journal = builder().open()) {
			append(journal, 1, 50);
			journal.sync();
			versions.add(JournalFiles.of(this.directory));
			// Over the end of a segment, which is not half full before.
			for (long end = 55; end <= MOST; end += 5) {
				append(journal, 1, end);
				versions.add(JournalFiles.of(this.directory));
			}
		}
		return versions;
	}

	@Test
	void anyThreeSectorsMayBeLost() throws IOException {
		losesNothingDurable(beforePowerCut(SECTOR), 1200);
	}

	@Test
	void anyThreePagesMayBeLost() throws IOException {
		losesNothingDurable(beforePowerCut(PAGE), 200);
	}

	private void losesNothingDurable(Versions versions, int most) throws IOException {
		int size = versions.changed().size();
		Random random = new Random(20260101);
		int done = 0;
		for (int i = 0; i < size; i++) {
			for (int j = i; j < size; j++) {
				for (int k = j; k < size; k++) {
					// All of one or two, and as many of three as there is time for.
					if (k == j || random.nextInt(size * size * size / 6) < most) {
						losesNothingDurable(versions.lost(random, i, j, k), "lost " + i + ", " + j + ", " + k);
						done++;
					}
				}
			}
		}
		assertThat(done).isGreaterThan(2);
	}

	@Test
	void anySectorsMayBeLost() throws IOException {
		Versions versions = beforePowerCut(SECTOR);
		Random random = new Random(20260102);
		for (int i = 0; i < 500; i++) {
			losesNothingDurable(versions.lostAny(random), "any sectors, " + i);
		}
	}

	private void losesNothingDurable(JournalFiles files, String what) throws IOException {
		files.writeTo(this.directory);
		long end;
		JournalFiles second;
		try (Journal journal = builder().open()) {
			end = journal.nextSequence();
			assertThat(end).as(what).isBetween(50L, MOST);
			assertThat(isRead(journal, end, what)).as(what).isTrue();
			append(journal, 2, end + 10);
			second = JournalFiles.of(this.directory);
		}
		// Cut again, in the middle of the second life.
		second.zeroRecord(content(end + 5, 2)).writeTo(this.directory);
		try (Journal journal = builder().open()) {
			assertThat(journal.nextSequence()).as(what).isEqualTo(end + 5);
			long[] next = { 0 };
			journal.forEach(0, (record) -> {
				int life = (next[0] < end) ? 1 : 2;
				assertThat(record.toByteArray()).as(what).isEqualTo(content(next[0]++, life));
			});
			assertThat(next[0]).as(what).isEqualTo(end + 5);
		}
	}

	/** All versions of each block since the last flush. */
	private static final class Versions {

		private final int block;

		private final List<JournalFiles> taken = new ArrayList<>();

		Versions(int block) {
			this.block = block;
		}

		void add(JournalFiles files) {
			this.taken.add(files);
		}

		/**
		 * Returns the blocks that may be lost: of the files that were there at the flush.
		 */
		List<Block> changed() {
			JournalFiles last = this.taken.getLast();
			TreeSet<Block> changed = new TreeSet<>();
			for (String name : last.contents().keySet()) {
				byte[] now = last.get(name);
				for (JournalFiles before : this.taken) {
					// A file that was made later was made durable when it was made.
					byte[] then = before.contents().containsKey(name) ? before.get(name) : now;
					then = isMade(then, now) ? then : now;
					for (int at = 0; at < now.length && !name.endsWith("control"); at += this.block) {
						if (!Arrays.equals(now, at, at + this.block, then, at, at + this.block)) {
							changed.add(new Block(name, at));
						}
					}
				}
			}
			return List.copyOf(changed);
		}

		JournalFiles lost(Random random, int... which) throws IOException {
			JournalFiles files = this.taken.getLast();
			List<Block> changed = changed();
			for (int one : which) {
				files = lose(files, changed.get(one), random);
			}
			return files;
		}

		JournalFiles lostAny(Random random) throws IOException {
			JournalFiles files = this.taken.getLast();
			int percent = random.nextInt(101);
			for (Block block : changed()) {
				if (random.nextInt(100) < percent) {
					files = lose(files, block, random);
				}
			}
			return files;
		}

		/**
		 * Tells whether a file was not just being made, empty or without a header: the
		 * journal makes its next segment beside the appends.
		 */
		private static boolean isMade(byte[] then, byte[] now) {
			return then.length > 0 && then.length == now.length && then[0] != 0;
		}

		/** As it was at the flush, or at any time since. */
		private JournalFiles lose(JournalFiles files, Block block, Random random) {
			JournalFiles before = this.taken.get(random.nextInt(3) == 0 ? random.nextInt(this.taken.size()) : 0);
			byte[] bytes = files.get(block.file());
			if (before.contents().containsKey(block.file()) && isMade(before.get(block.file()), bytes)) {
				System.arraycopy(before.get(block.file()), block.offset(), bytes, block.offset(), this.block);
			}
			else {
				// Its header was durable before it was used.
				Arrays.fill(bytes, Math.max(block.offset(), SECTOR), block.offset() + this.block, (byte) 0);
			}
			return files.with(block.file(), bytes);
		}

	}

	/** A sector or page of a file. */
	private record Block(String file, int offset) implements Comparable<Block> {

		@Override
		public int compareTo(Block other) {
			int order = this.file.compareTo(other.file);
			return (order != 0) ? order : Integer.compare(this.offset, other.offset);
		}

	}

}
