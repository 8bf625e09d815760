package dev.yammap.journal.internal.read;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.yammap.Backend;
import dev.yammap.journal.Journal;
import dev.yammap.journal.JournalDamagedException;
import dev.yammap.journal.RecordsRemovedException;
import dev.yammap.journal.internal.file.JournalDirectory;
import dev.yammap.journal.internal.file.SegmentFile;
import dev.yammap.journal.internal.file.SegmentHead;
import org.jspecify.annotations.Nullable;
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

	private final Source source = new Source();

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
			this.source.firstAfter(1, RECORDS);
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
			assertThat(cursor.next()).isFalse();
			this.source.durable = RECORDS + 1;
			assertThatExceptionOfType(JournalDamagedException.class).isThrownBy(cursor::next);
			this.source.durable = RECORDS;
			this.source.whole = RECORDS + 1;
			assertThatExceptionOfType(JournalDamagedException.class).isThrownBy(cursor::next)
				.satisfies((ex) -> assertThat(ex.sequence()).isEqualTo(RECORDS));
			assertThat(this.source.damage).hasSize(2);
			// It was removed meanwhile.
			this.source.firstAfter(1, RECORDS + 1);
			assertThatExceptionOfType(RecordsRemovedException.class).isThrownBy(cursor::next);
		}
	}

	/** The writer finishes it and syncs between the look at it and the question. */
	@Test
	void recordThatBecomesDurableWhileItIsLookedAtIsNoDamage() throws IOException {
		Path file = Objects.requireNonNull(this.source.segment).path();
		byte[] whole = Files.readAllBytes(file);
		byte[] torn = whole.clone();
		int last = SegmentFile.DATA + (RECORDS - 1) * 32;
		torn[last + 24]++;
		overwrite(file, torn);
		this.source.whole = RecordSource.UNKNOWN;
		try (Cursor cursor = new Cursor(this.source, 0, false)) {
			read(cursor, 0, RECORDS - 1);
			assertThat(cursor.next()).isFalse();
			this.source.durable = RECORDS;
			this.source.whenAskedForDurable = () -> overwrite(file, whole);
			read(cursor, RECORDS - 1, RECORDS);
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
			for (int i = 0; i < 600; i++) {
				journal.append(new byte[8]);
			}
		}
		this.source.whole = 600;
		for (int from : new int[] { 0, 599 }) {
			SegmentFile whole = segment(path, 1, 0);
			this.source.segment = whole;
			try (Cursor cursor = new Cursor(this.source, from, false)) {
				for (int i = from; i < 600; i++) {
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

	/** What is known of a journal. */
	private static final class Source implements RecordSource {

		private final List<JournalDamagedException> damage = new ArrayList<>();

		private @Nullable SegmentFile segment;

		private long whole;

		private long durable;

		private Runnable whenAskedForDurable = () -> {
		};

		private long first;

		/** After so many more questions the first number is another one. */
		private int questions = Integer.MAX_VALUE;

		private long nextFirst;

		void firstAfter(int count, long number) {
			this.questions = count;
			this.nextFirst = number;
		}

		@Override
		public long whole() {
			return this.whole;
		}

		@Override
		public long durable() {
			this.whenAskedForDurable.run();
			return this.durable;
		}

		@Override
		public @Nullable SegmentFile segment(long number) {
			return this.segment;
		}

		@Override
		public long first() {
			if (this.questions-- <= 0) {
				this.first = this.nextFirst;
			}
			return this.first;
		}

		@Override
		public void await(long number, boolean durableOnly, long nanos) {
			throw new UnsupportedOperationException();
		}

		@Override
		public boolean skipsDamage() {
			return false;
		}

		@Override
		public void damaged(JournalDamagedException met) {
			this.damage.add(met);
		}

		@Override
		public void requireOpen() {
		}

	}

}
