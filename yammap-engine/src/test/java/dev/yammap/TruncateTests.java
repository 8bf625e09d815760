package dev.yammap;

import java.io.IOException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * {@link Mmap#truncate(long)}: growing and shrinking.
 */
class TruncateTests extends AbstractMmapTests {

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 99, 100, 101, 4095, 4096, 4097, SOME_PAGES })
	void sizeIsTheGivenOneAndGrowthReadsAsZeros(int size) throws IOException {
		byte[] content = random(100, 1);
		Mmap file = openReadWrite(content);
		file.truncate(size);
		byte[] expected = Arrays.copyOf(content, size);
		assertThat(file.size()).isEqualTo(size);
		assertThat(content()).isEqualTo(expected);
		assertThat(readAt(file, size + 1, 0)).isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 10, 4095, 4096, 5000 })
	void staleBytesBehindAShrunkEndNeverComeBack(int shrunk) throws IOException {
		Mmap file = openReadWrite(filled(SOME_PAGES, 0xFF));
		byte[] expected = Arrays.copyOf(filled(shrunk, 0xFF), SOME_PAGES);
		file.truncate(shrunk);
		file.truncate(SOME_PAGES);
		assertThat(readAt(file, SOME_PAGES, 0)).isEqualTo(expected);
		assertThat(content()).isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 10, 4095, 4096, 5000 })
	void staleBytesDoNotComeBackInTheGapOfAWrite(int shrunk) throws IOException {
		Mmap file = openReadWrite(filled(8_192, 0xFF));
		file.truncate(shrunk);
		file.writeAt(new byte[] { 7 }, shrunk + 100);
		byte[] expected = Arrays.copyOf(filled(shrunk, 0xFF), shrunk + 101);
		expected[shrunk + 100] = 7;
		assertThat(readAt(file, SOME_PAGES, 0)).isEqualTo(expected);
		assertThat(content()).isEqualTo(expected);
	}

	@Test
	void shrinkingAndGrowingManyTimesLosesNothing() throws IOException {
		Mmap file = openReadWrite(new byte[] { 42 });
		for (int size = 1; size < 200_000; size = size * 3 + 1) {
			file.truncate(size);
			file.writeAt(filled(size - 1, 0xFF), 1);
			file.truncate(1);
			file.truncate(size);
			assertThat(readAt(file, size, 0)).isEqualTo(Arrays.copyOf(new byte[] { 42 }, size));
			file.truncate(1);
		}
	}

	@Test
	void sameSizeChangesNothing() throws IOException {
		byte[] content = random(SOME_PAGES, 1);
		Mmap file = openReadWrite(content);
		file.truncate(SOME_PAGES);
		assertThat(file.size()).isEqualTo(SOME_PAGES);
		assertThat(content()).isEqualTo(content);
	}

	@Test
	void emptyFileCanBeTruncatedAndGrown() throws IOException {
		Mmap file = openReadWrite();
		file.truncate(0);
		assertThat(file.size()).isZero();
		file.truncate(5_000);
		assertThat(content()).isEqualTo(new byte[5_000]);
		file.truncate(0);
		assertThat(content()).isEmpty();
		file.write(new byte[] { 1 });
		assertThat(content()).containsExactly(1);
	}

	@Test
	void writeOnlyAndAppendingFilesCanBeTruncated() throws IOException {
		write(random(100, 1));
		open(path(), StandardOpenOption.WRITE).truncate(50);
		assertThat(content()).hasSize(50);
		open(path(), StandardOpenOption.APPEND).truncate(60);
		assertThat(content()).hasSize(60);
	}

	@ParameterizedTest
	@ValueSource(longs = { -1, Long.MIN_VALUE })
	void negativeSizeIsRefused(long size) throws IOException {
		Mmap file = openReadWrite(new byte[10]);
		assertThatIllegalArgumentException().isThrownBy(() -> file.truncate(size));
		assertThat(file.size()).isEqualTo(10);
		assertThat(content()).hasSize(10);
	}

	@ParameterizedTest
	@ValueSource(longs = { Long.MAX_VALUE, Long.MAX_VALUE - 4096, 1L << 62 })
	void sizeThatNoFileCanHaveIsRefused(long size) throws IOException {
		byte[] content = random(5_000, 1);
		Mmap file = openReadWrite(content);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> file.truncate(size))
			.withMessageContaining(path().toString())
			.withMessageContaining(Long.toString(size));
		assertThat(file.size()).isEqualTo(5_000);
		assertThat(content()).isEqualTo(content);
		file.truncate(6_000);
		assertThat(content()).hasSize(6_000);
	}

	@Test
	void maximumSizeIsKept() throws IOException {
		byte[] content = random(100, 1);
		write(content);
		Mmap file = open(builder(path()).options(StandardOpenOption.READ, StandardOpenOption.WRITE).maxSize(200));
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> file.truncate(201))
			.withMessageContaining(path().toString());
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> file.writeAt(new byte[2], 199));
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> file.writeAt(new byte[101], 100));
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> file.writeAt(new byte[102], 99));
		assertThat(file.size()).isEqualTo(100);
		assertThat(content()).isEqualTo(content);
		file.truncate(200);
		file.writeAt(new byte[1], 199);
		assertThat(content()).hasSize(200);
	}

	@Test
	void maximumSizeIsKeptByAppends() throws IOException {
		Mmap file = open(builder(path()).options(StandardOpenOption.APPEND, StandardOpenOption.CREATE).maxSize(200));
		file.write(new byte[150]);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> file.write(new byte[51]));
		assertThat(content()).hasSize(150);
		file.write(new byte[50]);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> file.write(new byte[1]));
		assertThat(content()).hasSize(200);
	}

	@Test
	void maximumSizeCountsWhatAnotherAppended() throws IOException {
		write(new byte[100]);
		Mmap file = open(builder(path()).options(StandardOpenOption.APPEND).maxSize(200));
		writeFromOutside(filled(80, 1), 100);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> file.write(new byte[50]));
		assertThat(content()).isEqualTo(concat(new byte[100], filled(80, 1)));
		assertThat(file.write(new byte[20])).isEqualTo(20);
	}

	@Test
	void readOnlyFileIsNotTruncatedAndStaysReadable() throws IOException {
		byte[] content = random(5_000, 1);
		Mmap file = open(write(content));
		for (long size : new long[] { 0, 100, 5_000, 6_000 }) {
			assertThatExceptionOfType(NonWritableChannelException.class).isThrownBy(() -> file.truncate(size));
		}
		assertThat(readAt(file, 5_000, 0)).isEqualTo(content);
		assertThat(content()).isEqualTo(content);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void growthWithAndWithoutBlocksReadsTheSame(boolean preallocate) throws IOException {
		Mmap file = open(
				builder(path()).options(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)
					.preallocate(preallocate));
		file.truncate(SOME_PAGES);
		file.writeAt(filled(10, 1), 50_000);
		byte[] expected = new byte[SOME_PAGES];
		Arrays.fill(expected, 50_000, 50_010, (byte) 1);
		assertThat(content()).isEqualTo(expected);
	}

	@Test
	void truncateToTheSameSizeChangesNothing() throws IOException {
		byte[] content = random(100, 1);
		Mmap file = openReadWrite(content);
		FileTime before = FileTime.from(Instant.parse("2020-02-02T20:20:20Z"));
		Files.setLastModifiedTime(path(), before);
		file.truncate(100);
		assertThat(Files.getLastModifiedTime(path())).isEqualTo(before);
		Mmap copy = openPrivate();
		copy.truncate(100);
		assertThat(copy.size()).isEqualTo(100);
		assertThat(content()).isEqualTo(content);
	}

}
