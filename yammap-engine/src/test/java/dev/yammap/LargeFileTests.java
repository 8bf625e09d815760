package dev.yammap;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIndexOutOfBoundsException;

/**
 * Files of more than 2 and 4 GiB. They are sparse: no more is stored than is written.
 */
class LargeFileTests extends AbstractMmapTests {

	private static final long SIZE = (3L << 30) + 12_345;

	private static final byte[] CONTENT = random(100_000, 1);

	@Test
	void fileIsCreatedWrittenAtItsEndReadBackAndReopened() throws IOException {
		Mmap file = create(SIZE, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE,
				StandardOpenOption.SPARSE);
		assertThat(file.size()).isEqualTo(SIZE);
		file.writeAt(CONTENT, SIZE - 50_000);
		assertThat(file.size()).isEqualTo(SIZE + 50_000);
		file.seek(0, Whence.END);
		file.write(CONTENT);
		assertThat(file.offset()).isEqualTo(SIZE + 150_000);
		file.sync();
		assertThat(readAt(file, 100_000, SIZE - 50_000)).isEqualTo(CONTENT);
		file.close();
		Mmap reopened = open(path());
		assertThat(reopened.size()).isEqualTo(SIZE + 150_000);
		assertThat(readAt(reopened, 100_000, SIZE - 50_000)).isEqualTo(CONTENT);
		assertThat(readAt(reopened, 200_000, SIZE + 50_000)).isEqualTo(CONTENT);
		assertThat(readAt(reopened, 1_000, 1L << 31)).isEqualTo(new byte[1_000]);
		assertThat(reopened.seek(-100_000, Whence.END)).isEqualTo(SIZE + 50_000);
		assertThat(reopened.read(new byte[200_000])).isEqualTo(100_000);
	}

	@Test
	void rangesAcrossTwoAndFourGibibytesAreOnePiece() throws IOException {
		Mmap file = openSparse(5L << 30);
		for (long border : new long[] { 1L << 31, 1L << 32 }) {
			file.writeAt(CONTENT, border - 33_333);
			assertThat(readAt(file, 100_000, border - 33_333)).isEqualTo(CONTENT);
			file.set(ValueLayout.JAVA_LONG_UNALIGNED, border - 3, 0x0102030405060708L);
			assertThat(file.get(ValueLayout.JAVA_LONG_UNALIGNED, border - 3)).isEqualTo(0x0102030405060708L);
			assertThat(file.atomics().getAndAddLong(border + 8, 5))
				.isEqualTo(file.get(ValueLayout.JAVA_LONG_UNALIGNED, border + 8) - 5);
			MemorySegment view = file.segment(border - 4, 8);
			view.set(ValueLayout.JAVA_INT_UNALIGNED, 2, 77);
			assertThat(file.get(ValueLayout.JAVA_INT_UNALIGNED, border - 2)).isEqualTo(77);
			assertThat(file.<Integer, RuntimeException>access(border - 100, 200,
					(part) -> part.get(ValueLayout.JAVA_INT_UNALIGNED, 98)))
				.isEqualTo(77);
		}
		assertThat(file.segment().byteSize()).isEqualTo(5L << 30);
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.get(ValueLayout.JAVA_BYTE, 5L << 30));
		assertThatIndexOutOfBoundsException()
			.isThrownBy(() -> file.get(ValueLayout.JAVA_LONG_UNALIGNED, (5L << 30) - 7));
	}

	@Test
	void fileGrowsFromNothingByOneWriteFarAway() throws IOException {
		Mmap file = openReadWrite();
		MemorySegment empty = file.segment();
		file.writeAt(CONTENT, SIZE);
		assertThat(file.size()).isEqualTo(SIZE + 100_000);
		assertThat(readAt(file, 200_000, SIZE)).isEqualTo(CONTENT);
		assertThat(file.get(ValueLayout.JAVA_LONG_UNALIGNED, SIZE - 8)).isZero();
		assertThat(empty.byteSize()).isZero();
	}

	@Test
	void fileOutgrowsASmallReservationByGibibytes() throws IOException {
		Mmap file = open(builder(path())
			.options(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE,
					StandardOpenOption.SPARSE)
			.reserve(1 << 20));
		file.write(CONTENT);
		MemorySegment view = file.segment();
		file.truncate(SIZE);
		file.writeAt(CONTENT, SIZE - 100_000);
		file.truncate(2 * SIZE);
		assertThat(readAt(file, 100_000, SIZE - 100_000)).isEqualTo(CONTENT);
		file.set(ValueLayout.JAVA_BYTE, 5, (byte) 55);
		assertThat(view.get(ValueLayout.JAVA_BYTE, 5)).isEqualTo((byte) 55);
	}

	@Test
	void largeFileIsCutAndGrownAgain() throws IOException {
		Mmap file = openSparse(SIZE);
		file.writeAt(CONTENT, (2L << 30) - 50_000);
		file.truncate(2L << 30);
		assertThat(readAt(file, 100_000, (2L << 30) - 50_000)).hasSize(50_000);
		file.truncate(SIZE);
		assertThat(readAt(file, 100_000, 2L << 30)).isEqualTo(new byte[100_000]);
	}

	@Test
	void largeFileIsMappedPrivately() throws IOException {
		openSparse(SIZE).close();
		Mmap file = openPrivate();
		file.writeAt(CONTENT, SIZE - 100_000);
		assertThat(readAt(file, 100_000, SIZE - 100_000)).isEqualTo(CONTENT);
		assertThat(readAt(open(path()), 100_000, SIZE - 100_000)).isEqualTo(new byte[100_000]);
	}

	@Test
	void channelReachesEveryPlace() throws IOException {
		long size = 5L << 30;
		Mmap file = openSparse(size);
		FileChannel channel = file.channel();
		assertThat(channel.size()).isEqualTo(size);
		assertThat(channel.write(ByteBuffer.wrap(CONTENT), size - 100_000)).isEqualTo(100_000);
		assertThat(channel.position(size - 10).read(ByteBuffer.allocate(20))).isEqualTo(10);
		MemoryChannel target = new MemoryChannel();
		assertThat(channel.transferTo(size - 100_000, Long.MAX_VALUE, target)).isEqualTo(100_000);
		assertThat(target.bytes()).isEqualTo(CONTENT);
		assertThat(channel.transferFrom(new MemoryChannel(CONTENT), (1L << 32) - 50_000, 100_000)).isEqualTo(100_000);
		assertThat(readAt(file, 100_000, (1L << 32) - 50_000)).isEqualTo(CONTENT);
		MemorySegment mapping = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, Arena.ofAuto());
		assertThat(mapping.asSlice(size - 100_000).toArray(ValueLayout.JAVA_BYTE)).isEqualTo(CONTENT);
		assertThat(channel.map(FileChannel.MapMode.READ_WRITE, size, 10).capacity()).isEqualTo(10);
		assertThat(channel.size()).isEqualTo(size + 10);
		assertThat(channel.truncate(size - 3).size()).isEqualTo(size - 3);
	}

	private Mmap openSparse(long size) throws IOException {
		return open(
				builder(path()).options(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)
					.size(size)
					.preallocate(false));
	}

}
