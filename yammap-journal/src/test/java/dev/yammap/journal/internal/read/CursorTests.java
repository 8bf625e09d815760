package dev.yammap.journal.internal.read;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Objects;

import dev.yammap.Backend;
import dev.yammap.journal.Journal;
import dev.yammap.journal.JournalDamagedException;
import dev.yammap.journal.RecordsRemovedException;
import dev.yammap.journal.internal.file.JournalDirectory;
import dev.yammap.journal.internal.file.SegmentFile;
import dev.yammap.journal.internal.file.SegmentHead;
import dev.yammap.journal.internal.format.RecordFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A cursor between two changes of its journal: each test says what the cursor is told at
 * one moment.
 */
class CursorTests {

	private static final int RECORDS = 5;

	@TempDir
	private Path directory;

	private final StatedSource source = new StatedSource();

	@BeforeEach
	void make() throws IOException {
		try (Journal journal = Journal.builder(this.directory).segmentSize(8192).open()) {
			for (int i = 0; i < 2 * RECORDS; i++) {
				if (i == RECORDS) {
					journal.roll();
				}
				journal.append(new byte[] { (byte) i });
			}
		}
		this.source.segment = segment(1, 0);
		this.source.whole = RECORDS;
	}

	private SegmentFile segment(long index, long first) throws IOException {
		return segment(this.directory, index, first);
	}

	private static SegmentFile segment(Path directory, long index, long first) throws IOException {
		JournalDirectory files = new JournalDirectory(directory, PosixFilePermissions.fromString("rw-------"),
				Backend.AUTO);
		SegmentHead head = Objects.requireNonNull(SegmentHead.read(files.segment(index)));
		SegmentFile segment = new SegmentFile(files, head, false);
		segment.adoptFirst(first);
		return segment;
	}

	private static void read(Cursor cursor, int from, int end) throws IOException {
		for (int i = from; i < end; i++) {
			assertThat(cursor.next()).isTrue();
			assertThat(cursor.record().get(0)).isEqualTo((byte) i);
		}
	}

	/** The first number is another one from the second question for it on. */
	private void firstAfterOneQuestion(long number) {
		this.source.first = () -> {
			this.source.first = () -> number;
			return 0;
		};
	}

	@Test
	void segmentThatEndedIsLeftOnceTheNextOneIsKnown() throws IOException {
		try (Cursor cursor = new Cursor(this.source, 0, false)) {
			read(cursor, 0, RECORDS);
			SegmentFile first = Objects.requireNonNull(this.source.segment);
			first.adoptEnd(RECORDS);
			this.source.whole = 2 * RECORDS;
			assertThat(cursor.next()).isFalse();
			this.source.segment = segment(2, RECORDS);
			read(cursor, RECORDS, 2 * RECORDS);
		}
	}

	@Test
	void segmentThatCouldNotBeEnteredIsEnteredLater() throws IOException {
		SegmentFile segment = Objects.requireNonNull(this.source.segment);
		segment.acquire();
		segment.unmap();
		try (Cursor cursor = new Cursor(this.source, 2, false)) {
			assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(cursor::next);
			segment.release();
			read(cursor, 2, RECORDS);
		}
		assertThat(segment.mappedSize()).isZero();
	}

	/** What is not found is damage only where all of the segment was looked at. */
	@Test
	void searchThatFailedIsNotTakenForOneThatFoundNothing() throws IOException {
		Path other = this.directory.resolve("other");
		try (Journal journal = Journal.builder(other).segmentSize(8192).open()) {
			// Nothing fits behind it.
			journal.append(new byte[SegmentFile.DATA - RecordFormat.HEADER]);
		}
		SegmentFile full = segment(other, 1, 0);
		this.source.segment = full;
		this.source.whole = 2;
		try (Cursor cursor = new Cursor(this.source, 0, false)) {
			assertThat(cursor.next()).isTrue();
			this.source.whenAskedForDurable = () -> {
				try {
					full.unmap();
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			};
			for (int i = 0; i < 2; i++) {
				assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(cursor::next);
			}
		}
		assertThat(this.source.damage).isEmpty();
	}

	@Test
	void nothingIsReadWhereNoSegmentIsKnown() throws IOException {
		SegmentFile first = this.source.segment;
		this.source.segment = null;
		try (Cursor cursor = new Cursor(this.source, 0, false)) {
			assertThat(cursor.next()).isFalse();
			this.source.segment = first;
			read(cursor, 0, RECORDS);
			this.source.segment = null;
			this.source.whole = 2 * RECORDS;
			assertThat(cursor.next()).isFalse();
		}
	}

	@Test
	void removalIsToldApartFromASegmentThatIsNotKnownYet() throws IOException {
		try (Cursor cursor = new Cursor(this.source, 0, false)) {
			this.source.segment = null;
			firstAfterOneQuestion(RECORDS);
			assertThatExceptionOfType(RecordsRemovedException.class).isThrownBy(cursor::next);
		}
	}

	@Test
	void recordOfTheNextSegmentIsNotLookedForInThisOne() throws IOException {
		this.source.whole = RecordSource.UNKNOWN;
		try (Cursor cursor = new Cursor(this.source, 0, false)) {
			read(cursor, 0, RECORDS);
			// The journal went on, and this cursor has not heard of it.
			this.source.segment = segment(2, RECORDS);
			read(cursor, RECORDS, 2 * RECORDS);
		}
	}

	@Test
	void recordThatIsNotThereIsDamageOnlyIfItMustBe() throws IOException {
		this.source.whole = RecordSource.UNKNOWN;
		try (Cursor cursor = new Cursor(this.source, 0, false)) {
			read(cursor, 0, RECORDS);
			this.source.durable = RECORDS;
			assertThat(cursor.next()).isFalse();
			this.source.durable = RECORDS + 1;
			assertThatExceptionOfType(JournalDamagedException.class).isThrownBy(cursor::next);
			this.source.durable = RECORDS;
			this.source.whole = RECORDS + 1;
			assertThatExceptionOfType(JournalDamagedException.class).isThrownBy(cursor::next)
				.satisfies((ex) -> assertThat(ex.sequence()).isEqualTo(RECORDS));
			assertThat(this.source.damage).hasSize(2);
			// It was removed meanwhile.
			firstAfterOneQuestion(RECORDS + 1);
			assertThatExceptionOfType(RecordsRemovedException.class).isThrownBy(cursor::next);
		}
	}

	/** The writer finishes it and syncs between the look at it and the question. */
	@Test
	void recordThatBecomesDurableWhileItIsLookedAtIsNoDamage() throws IOException {
		byte[] whole = Files.readAllBytes(file());
		this.source.whole = RecordSource.UNKNOWN;
		try (Cursor cursor = new Cursor(this.source, 0, false)) {
			overwrite(file(), torn(whole, 0, RECORDS));
			for (int i = 0; i < RECORDS; i++) {
				byte[] further = torn(whole, i + 1, RECORDS);
				this.source.whenAskedForDurable = () -> {
				};
				assertThat(cursor.next()).isFalse();
				this.source.durable = i + 1L;
				// The second time there is no damage: it is not looked for elsewhere.
				assertThatExceptionOfType(JournalDamagedException.class).isThrownBy(cursor::next);
				this.source.whenAskedForDurable = () -> overwrite(file(), further);
				read(cursor, i, i + 1);
			}
		}
	}

	private Path file() {
		return Objects.requireNonNull(this.source.segment).path();
	}

	/** Returns the content of a segment some of whose records are not whole. */
	private static byte[] torn(byte[] whole, int from, int end) {
		byte[] torn = whole.clone();
		for (int i = from; i < end; i++) {
			torn[SegmentFile.DATA + i * 32 + 24]++;
		}
		return torn;
	}

	@Test
	void recordsBehindOneThatIsNotWholeAreReadWhereDamageIsPassedOver() throws IOException {
		overwrite(file(), torn(Files.readAllBytes(file()), 1, 3));
		this.source.skipsDamage = true;
		try (Cursor cursor = new Cursor(this.source, 0, false)) {
			read(cursor, 0, 1);
			read(cursor, 3, RECORDS);
			assertThat(cursor.next()).isFalse();
		}
		assertThat(this.source.damage).singleElement().satisfies((ex) -> assertThat(ex.sequence()).isOne());
	}

	/** As after a recovery, which says so before it takes the file away. */
	@Test
	void segmentThatWasPutAsideIsAskedForAgain() throws IOException {
		SegmentFile there = segment(2, RECORDS);
		Files.delete(file());
		this.source.whenSegmentWasTold = () -> this.source.segment = there;
		this.source.whole = 2 * RECORDS;
		try (Cursor cursor = new Cursor(this.source, RECORDS, false)) {
			read(cursor, RECORDS, 2 * RECORDS);
		}
	}

	/**
	 * The cursor has read what recovery cut, and the bytes that it copied are of that.
	 */
	@Test
	void recordIsReadFromTheMiddleOfASegmentThatFollowsAShorterOne() throws IOException {
		Path path = this.directory.resolve("other");
		try (Journal journal = Journal.builder(path).segmentSize(8192).open()) {
			for (int i = 0; i < 2 * RECORDS; i++) {
				if (i == 3) {
					journal.roll();
				}
				journal.append(new byte[] { (byte) i });
			}
		}
		Objects.requireNonNull(this.source.segment).adoptEnd(RECORDS);
		this.source.whole = RecordSource.UNKNOWN;
		try (Cursor cursor = new Cursor(this.source, 0, false)) {
			read(cursor, 0, RECORDS);
			this.source.segment = segment(path, 2, 3);
			read(cursor, RECORDS, 2 * RECORDS);
			assertThat(cursor.next()).isFalse();
		}
	}

	@Test
	void timeThatNeverEndsIsWaited() throws Exception {
		this.source.whole = 0;
		this.source.wait = () -> this.source.whole = RECORDS;
		try (Cursor cursor = new Cursor(this.source, 0, false)) {
			assertThat(cursor.next(Duration.ofSeconds(Long.MIN_VALUE))).isFalse();
			assertThat(cursor.next(Duration.ZERO)).isFalse();
			assertThat(cursor.next(Duration.ofSeconds(Long.MAX_VALUE))).isTrue();
		}
	}

	/** The writer goes on to it and syncs between the look at it and the question. */
	@Test
	void recordThatBecomesDurableInTheNextSegmentIsNoDamage() throws IOException {
		this.source.whole = RecordSource.UNKNOWN;
		try (Cursor cursor = new Cursor(this.source, 0, false)) {
			read(cursor, 0, RECORDS);
			SegmentFile next = segment(2, RECORDS);
			this.source.whenAskedForDurable = () -> {
				this.source.segment = next;
				this.source.durable = RECORDS + 1;
			};
			read(cursor, RECORDS, RECORDS + 1);
		}
	}

	private static void overwrite(Path file, byte[] content) {
		try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
			out.write(content);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** So whoever looks for a number later walks over few records. */
	@Test
	void placeOfEach256thRecordThatIsPassedIsKept() throws IOException {
		Path path = this.directory.resolve("long");
		try (Journal journal = Journal.builder(path).segmentSize(1 << 16).open()) {
			for (int i = 0; i < 700; i++) {
				if (i == 100) {
					journal.roll();
				}
				journal.append(new byte[8]);
			}
		}
		this.source.whole = 700;
		for (int from : new int[] { 100, 699 }) {
			SegmentFile whole = segment(path, 2, 100);
			this.source.segment = whole;
			try (Cursor cursor = new Cursor(this.source, from, false)) {
				for (int i = from; i < 700; i++) {
					assertThat(cursor.next()).isTrue();
				}
				assertThat(cursor.next()).isFalse();
				assertThat(whole.mappedSize()).isPositive();
			}
			assertThat(whole.mappedSize()).isZero();
			assertThat(whole.places().floor(599)).isEqualTo(512);
			assertThat(whole.places().offset(256)).isEqualTo(SegmentFile.DATA + 256 * 32);
			assertThat(whole.places().offset(512)).isEqualTo(SegmentFile.DATA + 512 * 32);
		}
	}

	@Test
	void durableCursorStopsAtWhatIsDurable() throws IOException {
		this.source.durable = 2;
		try (Cursor cursor = new Cursor(this.source, 0, true)) {
			read(cursor, 0, 2);
			assertThat(cursor.next()).isFalse();
			this.source.durable = 3;
			read(cursor, 2, 3);
		}
	}

}
