package dev.yammap.journal.internal.file;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;

import dev.yammap.Backend;
import dev.yammap.Mmap;
import dev.yammap.MmapListener;
import dev.yammap.journal.EndOfStack;
import dev.yammap.journal.internal.format.SlotFormat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A segment without a journal: what is written where, what is cut and copied, and who
 * holds it.
 */
@ParameterizedClass
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
class SegmentFileTests {

	private static final long JOURNAL = 42;

	private static final int DATA = SegmentFile.DATA;

	/** Longer than what is cut or copied at a time. */
	private static final int SIZE = DATA + 3 * (1 << 16) - 8;

	@Parameter
	@SuppressWarnings("NullAway.Init")
	private Backend backend;

	@TempDir
	private Path path;

	@SuppressWarnings("NullAway.Init")
	private JournalDirectory directory;

	@SuppressWarnings("NullAway.Init")
	private SegmentFile segment;

	@BeforeEach
	void make() throws IOException {
		this.directory = directory(this.path);
		this.segment = SegmentFile.create(this.directory, JOURNAL, 3, SIZE);
	}

	private JournalDirectory directory(Path at) {
		return new JournalDirectory(at, PosixFilePermissions.fromString("rw-------"), this.backend);
	}

	private SegmentHead head() throws IOException {
		return Objects.requireNonNull(SegmentHead.read(this.segment.path(), JOURNAL, 3));
	}

	private byte[] bytes() throws IOException {
		return Files.readAllBytes(this.segment.path());
	}

	private void write(byte[] bytes, long offset) throws IOException {
		try (RandomAccessFile file = new RandomAccessFile(this.segment.path().toFile(), "rw")) {
			file.seek(offset);
			file.write(bytes);
		}
	}

	private void flip(int offset) throws IOException {
		write(new byte[] { (byte) (bytes()[offset] ^ 1) }, offset);
	}

	/** Fills all behind the first page. */
	private byte[] fill() throws IOException {
		byte[] content = new byte[SIZE - DATA];
		new Random(7).nextBytes(content);
		write(content, DATA);
		return bytes();
	}

	@Test
	void newSegmentSaysWhoseItIsAndNothingElse() throws IOException {
		SegmentHead head = head();
		assertThat(head).isEqualTo(new SegmentHead(this.segment.id(), JOURNAL, 3, SIZE, null, null));
		assertThat(head.first()).isEqualTo(-1);
		assertThat(head.durable()).isEqualTo(-1);
		assertThat(head.durableOffset()).isEqualTo(DATA);
		assertThat(this.segment.first()).isEqualTo(-1);
		assertThat(this.segment.end()).isEqualTo(SegmentFile.OPEN);
		assertThat(this.segment.path()).hasSize(SIZE);
		assertThat(SegmentHead.read(this.segment.path(), JOURNAL + 1, 3)).isNull();
		assertThat(SegmentHead.read(this.segment.path(), JOURNAL, 4)).isNull();
		assertThat(SegmentHead.read(null, JOURNAL, 3)).isNull();
		assertThat(SegmentFile.create(this.directory, JOURNAL, 4, SIZE).id()).isNotEqualTo(this.segment.id());
	}

	@Test
	void beginningAndSealingAreRead() throws IOException {
		this.segment.begin(17);
		assertThat(head().first()).isEqualTo(17);
		this.segment.seal(1000);
		assertThat(this.segment.sealedAt()).isEqualTo(1000);
		SegmentFile again = new SegmentFile(this.directory, head(), true);
		assertThat(again.first()).isEqualTo(17);
		assertThat(again.sealedAt()).isEqualTo(1000);
		again.begin(18);
		assertThat(again.first()).isEqualTo(18);
		assertThat(again.sealedAt()).isZero();
		again = new SegmentFile(this.directory, head(), true);
		assertThat(again.first()).isEqualTo(18);
		assertThat(again.sealedAt()).isZero();
	}

	/** A power cut may tear the slot that is being written. */
	@Test
	void stateBeforeTheLastIsLeftWhereTheLastIsTorn() throws IOException {
		for (int i = 1; i <= 5; i++) {
			this.segment.writeProgress(i, DATA + i);
			this.segment.begin(i);
			assertThat(head().durable()).isEqualTo(i);
			assertThat(head().durableOffset()).isEqualTo(DATA + i);
			int later = (i & 1) * SlotFormat.SECTOR;
			byte[] whole = bytes();
			flip(SegmentHead.PROGRESS + later);
			flip(SegmentHead.LIFE + later);
			assertThat(head().durable()).isEqualTo((i > 1) ? i - 1 : -1);
			assertThat(head().first()).isEqualTo((i > 1) ? i - 1 : -1);
			write(whole, 0);
		}
		// The same where the segment was opened again meanwhile.
		SegmentFile again = new SegmentFile(this.directory, head(), true);
		again.writeProgress(6, DATA);
		flip(SegmentHead.PROGRESS);
		assertThat(head().durable()).isEqualTo(5);
	}

	@Test
	void progressIsNotWrittenWhereNobodyHoldsTheSegment() throws IOException {
		this.segment.writeProgressIfHeld(5, DATA, false);
		assertThat(head().durable()).isEqualTo(-1);
		assertThat(this.segment.mappedSize()).isZero();
		this.segment.acquire();
		this.segment.writeProgressIfHeld(4, DATA, false);
		this.segment.writeProgressIfHeld(5, DATA + 8, true);
		this.segment.unmap();
		this.segment.writeProgressIfHeld(6, DATA + 16, false);
		this.segment.release();
		assertThat(head().durable()).isEqualTo(5);
		assertThat(head().durableOffset()).isEqualTo(DATA + 8);
	}

	@Test
	void segmentIsMappedOnceAndForAsLongAsSomebodyHoldsIt() throws IOException {
		assertThat(this.segment.mappedSize()).isZero();
		Mmap first = this.segment.acquire();
		assertThat(this.segment.acquire()).isSameAs(first);
		assertThat(this.segment.mappedSize()).isGreaterThanOrEqualTo(SIZE);
		this.segment.writeProgress(1, DATA);
		assertThat(this.segment.syncIfHeld()).isTrue();
		this.segment.sync();
		this.segment.release();
		assertThat(first.isOpen()).isTrue();
		this.segment.release();
		assertThat(first.isOpen()).isFalse();
		assertThat(this.segment.mappedSize()).isZero();
		assertThat(this.segment.syncIfHeld()).isFalse();
		this.segment.sync();
		this.segment.cut(SIZE, SIZE, false);
		assertThat(this.segment.mappedSize()).isZero();
	}

	/** Or it stays mapped for as long as the process lives. */
	@Test
	void holdOfACallThatMeetsTheEndOfTheStackIsGivenBack() throws Exception {
		this.segment.acquire();
		for (EndOfStack.Call call : List.<EndOfStack.Call>of(this.segment::syncIfHeld, this.segment::sync,
				() -> this.segment.begin(1), () -> this.segment.seal(1000), () -> this.segment.writeProgress(1, DATA),
				() -> this.segment.cut(SIZE - 8, SIZE, true))) {
			call.run();
			assertThat(EndOfStack.call(call)).isPositive();
		}
		this.segment.release();
		assertThat(this.segment.mappedSize()).isZero();
	}

	@Test
	void failureIsToldThoughWhatItLeftCannotBeDeleted() throws IOException {
		JournalDirectory none = directory(Files.createFile(this.path.resolve("file")));
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> SegmentFile.create(none, JOURNAL, 1, SIZE))
			.satisfies((failure) -> assertThat(failure.getSuppressed()).hasSize(1));
	}

	@Test
	void segmentThatIsReadIsNotWrittenTo() throws IOException {
		SegmentFile reading = new SegmentFile(this.directory, head(), false);
		assertThat(reading.acquire().isWritable()).isFalse();
		reading.release();
		assertThat(this.segment.acquire().isWritable()).isTrue();
		this.segment.release();
	}

	@Test
	void whoHoldsASegmentReadsItThoughItIsRemoved() throws IOException {
		fill();
		Mmap file = this.segment.acquire();
		this.segment.delete();
		this.segment.delete();
		assertThat(this.segment.path()).doesNotExist();
		assertThat(file.readAt(new byte[100], DATA)).isEqualTo(100);
		this.segment.release();
		assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(this.segment::acquire);
	}

	@Test
	void cutLeavesZerosFromAnOffsetOnAndNothingElseChanges() throws IOException {
		this.segment.begin(3);
		this.segment.writeProgress(5, DATA + 800);
		fill();
		for (int offset : new int[] { SIZE - 8, SIZE - 9000, DATA + (1 << 16), DATA + 816, DATA }) {
			byte[] expected = bytes();
			Arrays.fill(expected, offset, SIZE, (byte) 0);
			this.segment.cut(offset, SIZE, false);
			assertThat(bytes()).isEqualTo(expected);
		}
		assertThat(head().durable()).isEqualTo(5);
	}

	/** Or nothing says after a failed flush that the disk may still have it. */
	@Test
	void lastBytesThatAreCutStayUntilAllBeforeThemIsDurable() throws IOException {
		byte[] all = fill();
		Arrays.fill(all, SIZE - 4, SIZE, (byte) 0);
		write(all, 0);
		List<byte[]> flushed = new ArrayList<>();
		MmapListener listener = new MmapListener() {

			@Override
			public void synced(Mmap file, Duration duration, @Nullable IOException failure) {
				assertThat(failure).isNull();
				flushed.add(read(file.path()));
			}

		};
		new SegmentFile(
				new JournalDirectory(this.path, PosixFilePermissions.fromString("rw-------"), this.backend, listener),
				head(), true)
			.cut(DATA + 808, SIZE - 4, false);
		Arrays.fill(all, DATA + 808, SIZE - 8, (byte) 0);
		assertThat(flushed).anySatisfy((bytes) -> assertThat(bytes).isEqualTo(all));
		Arrays.fill(all, SIZE - 8, SIZE, (byte) 0);
		assertThat(flushed.getLast()).isEqualTo(all);
		assertThat(flushed.getFirst()).isNotEqualTo(all);
	}

	private static byte[] read(Path file) {
		try {
			return Files.readAllBytes(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** What would say that more was durable goes too, and only that. */
	@Test
	void cutWithProgressForgetsBothOfItsStates() throws IOException {
		this.segment.begin(3);
		this.segment.writeProgress(5, DATA + 800);
		this.segment.writeProgress(6, DATA + 900);
		byte[] expected = fill();
		Arrays.fill(expected, SegmentHead.PROGRESS, SegmentHead.LIFE, (byte) 0);
		Arrays.fill(expected, DATA + 808, SIZE, (byte) 0);
		this.segment.cut(DATA + 808, SIZE, true);
		assertThat(bytes()).isEqualTo(expected);
		assertThat(head().durable()).isEqualTo(-1);
		assertThat(head().first()).isEqualTo(3);
		this.segment.writeProgress(4, DATA + 808);
		assertThat(head().durable()).isEqualTo(4);
	}

	@Test
	void copyHoldsAllUpToAnOffsetAndSaysSo() throws IOException {
		this.segment.begin(3);
		this.segment.seal(1000);
		byte[] all = fill();
		for (int offset : new int[] { SIZE, SIZE - 9000, DATA + (1 << 16), DATA + 8, DATA }) {
			JournalDirectory target = directory(Files.createDirectory(this.path.resolve("copy" + offset)));
			Mmap from = this.segment.acquire();
			this.segment.copyTo(target, from, offset, 77);
			this.segment.release();
			byte[] copy = Files.readAllBytes(target.segment(3));
			Arrays.fill(all, offset, SIZE, (byte) 0);
			assertThat(Arrays.compare(copy, DATA, SIZE, all, DATA, SIZE)).isZero();
			SegmentHead head = Objects.requireNonNull(SegmentHead.read(target.segment(3), JOURNAL, 3));
			assertThat(head.id()).isEqualTo(this.segment.id());
			assertThat(head.first()).isEqualTo(3);
			assertThat(new SegmentFile(target, head, false).sealedAt()).isEqualTo(1000);
			assertThat(head.durable()).isEqualTo(77);
			assertThat(head.durableOffset()).isEqualTo(offset);
		}
	}

	@Test
	void sizeIsGivenBackAndWhatIsLeftStays() throws IOException {
		byte[] all = fill();
		for (int left : new int[] { SIZE - 1, DATA + 100, DATA }) {
			try (RandomAccessFile file = new RandomAccessFile(this.segment.path().toFile(), "rw")) {
				file.setLength(left);
			}
			this.segment.restoreSize();
			Arrays.fill(all, left, SIZE, (byte) 0);
			assertThat(bytes()).isEqualTo(all);
		}
	}

	/** A recovery that ends in the middle finds it as short as before. */
	@Test
	void cutMakesAFileNoLonger() throws IOException {
		byte[] all = fill();
		int left = DATA + 100;
		try (RandomAccessFile file = new RandomAccessFile(this.segment.path().toFile(), "rw")) {
			file.setLength(left);
		}
		this.segment.cut(DATA + 50, SIZE, false);
		Arrays.fill(all, DATA + 50, left, (byte) 0);
		assertThat(bytes()).isEqualTo(Arrays.copyOf(all, left));
	}

	/** What is not blank may be the only copy of somebody's records. */
	@Test
	void fileIsBlankIfNoByteBehindItsFirstPageIsSet() throws IOException {
		int mebibyte = 1 << 20;
		Path file = this.path.resolve("file");
		for (int size : new int[] { 0, 100, DATA, DATA + 1, DATA + mebibyte, DATA + 2 * mebibyte + 1 }) {
			byte[] content = new byte[size];
			Arrays.fill(content, 0, Math.min(size, DATA), (byte) 1);
			Files.write(file, content);
			assertThat(SegmentFile.isBlank(file)).as("size " + size).isTrue();
			for (int at : new int[] { DATA, DATA + mebibyte - 1, DATA + mebibyte, size - 1 }) {
				if (at >= DATA && at < size) {
					content[at] = 1;
					Files.write(file, content);
					assertThat(SegmentFile.isBlank(file)).as("byte " + at + " of " + size).isFalse();
					content[at] = 0;
				}
			}
		}
	}

}
