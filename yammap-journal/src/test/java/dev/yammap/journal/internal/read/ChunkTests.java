package dev.yammap.journal.internal.read;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import dev.yammap.Backend;
import dev.yammap.Mmap;
import dev.yammap.journal.internal.file.JournalDirectory;
import dev.yammap.journal.internal.file.SegmentFile;
import dev.yammap.journal.internal.format.RecordCodec;
import dev.yammap.journal.internal.format.RecordFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Records and zeros are told apart wherever a copy of a part of a segment ends: the test
 * writes the segment itself.
 */
class ChunkTests {

	private static final int SIZE = 1 << 17;

	/** So many bytes are copied at a time. */
	private static final int COPIED = 1 << 14;

	private final RecordCodec codec = new RecordCodec();

	private final List<Long> places = new ArrayList<>();

	private final Chunk chunk = new Chunk();

	private long offset = SegmentFile.DATA;

	@TempDir
	private Path directory;

	@SuppressWarnings("NullAway.Init")
	private SegmentFile segment;

	@SuppressWarnings("NullAway.Init")
	private Mmap file;

	@BeforeEach
	void make() throws IOException {
		this.segment = SegmentFile.create(
				new JournalDirectory(this.directory, PosixFilePermissions.fromString("rw-------"), Backend.AUTO), 1, 1,
				SIZE);
		this.file = this.segment.acquire();
	}

	@AfterEach
	void release() throws IOException {
		this.segment.release();
	}

	private void write(int length, long mark) throws IOException {
		write(length, this.places.size(), mark);
	}

	private void write(int length, long number, long mark) throws IOException {
		int frame = (int) RecordFormat.frameLength(length);
		byte[] bytes = new byte[frame];
		new Random(number).nextBytes(bytes);
		this.codec.seal(bytes, length, this.segment.id(), this.offset, number, mark);
		this.file.writeAt(bytes, 0, RecordFormat.HEADER + length, this.offset);
		this.places.add(this.offset);
		this.offset += frame;
	}

	private void fill() throws IOException {
		Random random = new Random(42);
		int length = 0;
		while (this.offset + RecordFormat.frameLength(length) <= SIZE) {
			write(length, 0);
			length = random.nextInt((random.nextInt(10) == 0) ? 2 * COPIED : 400);
		}
	}

	private long find(long from, long least, long leastMark) throws IOException {
		return this.chunk.look(this.segment, (mapped) -> this.chunk.find(mapped, this.segment, from, least, leastMark));
	}

	private void flip(long at) throws IOException {
		byte[] one = new byte[1];
		this.file.readAt(one, at);
		one[0] ^= 1;
		this.file.writeAt(one, at);
	}

	@Test
	void everyRecordIsFoundFromAnywhereBeforeIt() throws IOException {
		fill();
		long before = SegmentFile.DATA;
		for (int number = 0; number < this.places.size(); number++) {
			long at = this.places.get(number);
			assertThat(find(SegmentFile.DATA, number, 0)).isEqualTo(at);
			assertThat(find(before, 0, 0)).isEqualTo(at);
			assertThat(this.chunk.number(at)).isEqualTo(number);
			before = at + Long.BYTES;
		}
		assertThat(find(before, 0, 0)).isEqualTo(-1);
		assertThat(find(SegmentFile.DATA, this.places.size(), 0)).isEqualTo(-1);
		assertThat(this.chunk.firstNumber(this.segment)).isZero();
	}

	@Test
	void recordsAreFollowedFromOneToTheNext() throws IOException {
		fill();
		long at = this.chunk.look(this.segment, (mapped) -> {
			long next = SegmentFile.DATA;
			for (int number = 0; number < this.places.size(); number++) {
				assertThat(this.chunk.hasHeader(mapped, this.segment, next)).isTrue();
				assertThat(this.chunk.number(next)).isEqualTo(number);
				assertThat(this.chunk.isWhole(mapped, this.segment, next)).isTrue();
				assertThat(this.chunk.wholeHere(this.segment.id(), next, number)).isEqualTo(this.chunk.index(next));
				next = this.chunk.behind(next);
			}
			return next;
		});
		assertThat(at).isEqualTo(this.offset);
	}

	@Test
	void recordThatIsNotWholeIsPassed() throws IOException {
		fill();
		for (int number : new int[] { 0, 1, this.places.size() / 2 }) {
			// One has a broken content and the next one a broken header.
			flip(this.places.get(number) + RecordFormat.HEADER + ((number == 0) ? -1 : 0));
			assertThat(find(SegmentFile.DATA, number, 0)).isEqualTo(this.places.get(number + 1));
		}
		assertThat(this.chunk.firstNumber(this.segment)).isEqualTo(2);
	}

	@Test
	void recordThatSaysTooLittleIsPassed() throws IOException {
		write(10, 0);
		write(10, 1);
		write(10, 1);
		write(10, 3);
		assertThat(find(SegmentFile.DATA, 0, 1)).isEqualTo(this.places.get(1));
		assertThat(find(SegmentFile.DATA, 2, 1)).isEqualTo(this.places.get(2));
		assertThat(find(SegmentFile.DATA, 0, 2)).isEqualTo(this.places.get(3));
		assertThat(find(SegmentFile.DATA, 0, 4)).isEqualTo(-1);
		assertThat(find(SegmentFile.DATA, 4, 0)).isEqualTo(-1);
	}

	@Test
	void recordMayFillTheWholeSegment() throws IOException {
		int length = SIZE - SegmentFile.DATA - RecordFormat.HEADER;
		write(length, 0);
		assertThat(find(SegmentFile.DATA, 0, 0)).isEqualTo(SegmentFile.DATA);
		flip(SIZE - 1);
		assertThat(find(SegmentFile.DATA, 0, 0)).isEqualTo(-1);
	}

	@Test
	void headerAtTheVeryEndIsOneIfItSaysThatNothingFollows() throws IOException {
		this.offset = SIZE - RecordFormat.HEADER;
		write(0, 0);
		long last = this.places.getFirst();
		assertThat(find(SegmentFile.DATA, 0, 0)).isEqualTo(last);
		assertThat(find(last, 0, 0)).isEqualTo(last);
		assertThat(find(last + 8, 0, 0)).isEqualTo(-1);
		long found = this.chunk.look(this.segment, (mapped) -> {
			assertThat(this.chunk.hasHeader(mapped, this.segment, last)).isTrue();
			assertThat(this.chunk.hasHeader(mapped, this.segment, last + 8)).isFalse();
			return this.chunk.number(last);
		});
		assertThat(found).isZero();
	}

	/** Nobody may be led behind the end of the file by a length. */
	@Test
	void lengthThatPassesTheEndOfTheSegmentIsNone() throws IOException {
		for (int tooMuch : new int[] { 1, 8, 1000 }) {
			int room = 80 - RecordFormat.HEADER;
			byte[] bytes = new byte[RecordFormat.HEADER + room + tooMuch];
			long at = SIZE - 80;
			this.codec.seal(bytes, room + tooMuch, this.segment.id(), at, 7, 0);
			this.file.writeAt(bytes, 0, 80, at);
			assertThat(find(SegmentFile.DATA, 0, 0)).isEqualTo(-1);
			this.codec.seal(bytes, room, this.segment.id(), at, 7, 0);
			this.file.writeAt(bytes, 0, 80, at);
			assertThat(find(SegmentFile.DATA, 0, 0)).isEqualTo(at);
		}
	}

	@Test
	void nothingIsWholeThatIsNotHereOrIsAnother() throws IOException {
		for (int i = 0; i < 3; i++) {
			write(40, 0);
		}
		long second = this.places.get(1);
		long id = this.segment.id();
		this.chunk.ensure(this.file, second, 100, second + 100);
		assertThat(this.chunk.wholeHere(id, second, 1)).isZero();
		assertThat(this.chunk.wholeHere(id, second, 2)).isEqualTo(-1);
		assertThat(this.chunk.wholeHere(id + 1, second, 1)).isEqualTo(-1);
		assertThat(this.chunk.wholeHere(id, this.places.getFirst(), 0)).isEqualTo(-1);
		// All of its header is here, and not all of its content.
		assertThat(this.chunk.wholeHere(id, this.places.get(2), 2)).isEqualTo(-1);
		this.chunk.ensure(this.file, second, 127, second + 127);
		assertThat(this.chunk.wholeHere(id, this.places.get(2), 2)).isEqualTo(-1);
		this.chunk.ensure(this.file, second, 128, second + 128);
		assertThat(this.chunk.wholeHere(id, this.places.get(2), 2)).isEqualTo(64);
		flip(this.places.get(2) + 30);
		assertThat(this.chunk.wholeHere(id, this.places.get(2), 2)).isEqualTo(64);
		this.chunk.clear();
		assertThat(this.chunk.wholeHere(id, second, 1)).isEqualTo(-1);
		this.chunk.ensure(this.file, second, 128, second + 128);
		assertThat(this.chunk.wholeHere(id, this.places.get(2), 2)).isEqualTo(-1);
	}

	@Test
	void lastByteThatIsNotZeroIsTheEndOfTheContent() throws IOException {
		int data = SegmentFile.DATA;
		for (int at : new int[] { data, data + 1, data + COPIED - 1, data + COPIED, data + COPIED + 1, SIZE - 1 }) {
			this.file.writeAt(new byte[] { 1 }, at);
			assertThat(endOfContent(data, SIZE)).isEqualTo(at + 1);
			assertThat(endOfContent(at, at + 1)).isEqualTo(at + 1);
			assertThat(endOfContent(at + 1, SIZE)).isEqualTo(at + 1);
			assertThat(endOfContent(data, at)).isEqualTo(data);
			this.file.writeAt(new byte[] { 0 }, at);
		}
		this.file.writeAt(new byte[] { 1, 0, 0, 2 }, data + 7);
		this.file.writeAt(new byte[] { 3 }, data + 2 * COPIED);
		assertThat(endOfContent(data, data + COPIED)).isEqualTo(data + 11);
		assertThat(endOfContent(data, SIZE)).isEqualTo(data + 2 * COPIED + 1);
	}

	/** Whatever was copied before. */
	@Test
	void zerosFollowWhereTheFileIsShorterThanTheSegmentWasMade() throws IOException {
		byte[] content = new byte[SIZE - SegmentFile.DATA];
		Arrays.fill(content, (byte) 1);
		this.file.writeAt(content, SegmentFile.DATA);
		for (int left : new int[] { SIZE - 1, SegmentFile.DATA + COPIED + 5, SegmentFile.DATA + 100, 100 }) {
			assertThat(endOfContent(SegmentFile.DATA, SIZE)).isGreaterThan(left);
			this.segment.release();
			try (RandomAccessFile shortened = new RandomAccessFile(this.segment.path().toFile(), "rw")) {
				shortened.setLength(left);
			}
			this.file = this.segment.acquire();
			assertThat(endOfContent(SegmentFile.DATA, SIZE)).isEqualTo(Math.max(left, SegmentFile.DATA));
		}
	}

	private long endOfContent(long from, long to) throws IOException {
		return this.chunk.look(this.segment, (mapped) -> this.chunk.endOfContent(mapped, this.segment, from, to));
	}

}
