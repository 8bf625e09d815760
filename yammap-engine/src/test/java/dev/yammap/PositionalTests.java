package dev.yammap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.stream.Stream;

import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIndexOutOfBoundsException;

/**
 * Reads and writes at an offset.
 */
class PositionalTests extends AbstractMmapTests {

	private static final byte[] CONTENT = "0123456789".getBytes(StandardCharsets.UTF_8);

	@Test
	void readAtReadsWhatIsThere() throws IOException {
		Mmap file = openReadWrite(CONTENT);
		byte[] dst = new byte[4];
		assertThat(file.readAt(dst, 3)).isEqualTo(4);
		assertThat(dst).asString(StandardCharsets.UTF_8).isEqualTo("3456");
	}

	@Test
	void readAtIsShortBeforeTheEndAndMinusOneBehindIt() throws IOException {
		Mmap file = openReadWrite(CONTENT);
		byte[] dst = filled(4, 'x');
		assertThat(file.readAt(dst, 8)).isEqualTo(2);
		assertThat(dst).asString(StandardCharsets.UTF_8).isEqualTo("89xx");
		assertThat(file.readAt(dst, 10)).isEqualTo(-1);
		assertThat(file.readAt(dst, 11)).isEqualTo(-1);
		assertThat(file.readAt(dst, 1L << 40)).isEqualTo(-1);
		assertThat(file.readAt(dst, Long.MAX_VALUE)).isEqualTo(-1);
		assertThat(file.readAt(ByteBuffer.wrap(dst), Long.MAX_VALUE)).isEqualTo(-1);
		assertThat(dst).asString(StandardCharsets.UTF_8).isEqualTo("89xx");
	}

	@Test
	void readAtFillsTheGivenRangeAlone() throws IOException {
		Mmap file = openReadWrite(CONTENT);
		byte[] dst = filled(8, 'x');
		assertThat(file.readAt(dst, 2, 3, 5)).isEqualTo(3);
		assertThat(dst).asString(StandardCharsets.UTF_8).isEqualTo("xx567xxx");
	}

	@Test
	void writeAtWritesTheGivenRangeAlone() throws IOException {
		Mmap file = openReadWrite(CONTENT);
		assertThat(file.writeAt("abcdef".getBytes(StandardCharsets.UTF_8), 2, 3, 4)).isEqualTo(3);
		assertThat(content()).asString(StandardCharsets.UTF_8).isEqualTo("0123cde789");
		assertThat(file.size()).isEqualTo(10);
	}

	@ParameterizedTest
	@CsvSource({ "10, 1", "10, 100", "5, 6", "9, 100000", "11, 1", "4096, 1", "4095, 2", "8192, 4096", "199999, 3",
			"1000000, 70000", "0, 11", "0, 300000" })
	void writePastTheEndGrowsToExactlyOffsetPlusLength(int offset, int length) throws IOException {
		Mmap file = openReadWrite(CONTENT);
		byte[] src = random(length, 7);
		assertThat(file.writeAt(src, offset)).isEqualTo(length);
		byte[] expected = concat(Arrays.copyOf(CONTENT, offset), src);
		assertThat(file.size()).isEqualTo(offset + length);
		assertThat(content()).isEqualTo(expected);
		assertThat(readAt(file, expected.length + 1, 0)).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource({ "0, 10", "9, 1", "3, 4" })
	void writeWithinTheFileDoesNotGrowIt(int offset, int length) throws IOException {
		Mmap file = openReadWrite(CONTENT);
		file.writeAt(new byte[length], offset);
		assertThat(file.size()).isEqualTo(10);
		assertThat(content()).hasSize(10);
	}

	@Test
	void zeroLengthDoesNothingAnywhere() throws IOException {
		Mmap file = openReadWrite(CONTENT);
		for (long offset : new long[] { 0, 5, 10, 11, 100_000, Long.MAX_VALUE }) {
			assertThat(file.readAt(new byte[0], offset)).isZero();
			assertThat(file.readAt(new byte[4], 4, 0, offset)).isZero();
			assertThat(file.readAt(ByteBuffer.allocate(0), offset)).isZero();
			assertThat(file.writeAt(new byte[0], offset)).isZero();
			assertThat(file.writeAt(new byte[4], 4, 0, offset)).isZero();
			assertThat(file.writeAt(ByteBuffer.allocateDirect(0), offset)).isZero();
		}
		assertThat(file.size()).isEqualTo(10);
		assertThat(content()).isEqualTo(CONTENT);
	}

	@ParameterizedTest
	@ValueSource(longs = { -1, -4096, Long.MIN_VALUE })
	void negativeOffsetIsRefused(long offset) throws IOException {
		Mmap file = openReadWrite(CONTENT);
		assertThatIllegalArgumentException().isThrownBy(() -> file.readAt(new byte[1], offset));
		assertThatIllegalArgumentException().isThrownBy(() -> file.readAt(new byte[1], 0, 1, offset));
		assertThatIllegalArgumentException().isThrownBy(() -> file.readAt(ByteBuffer.allocate(1), offset));
		assertThatIllegalArgumentException().isThrownBy(() -> file.writeAt(new byte[1], offset));
		assertThatIllegalArgumentException().isThrownBy(() -> file.writeAt(new byte[1], 0, 1, offset));
		assertThatIllegalArgumentException().isThrownBy(() -> file.writeAt(ByteBuffer.allocate(1), offset));
		assertThat(content()).isEqualTo(CONTENT);
		assertUsable(file);
	}

	@ParameterizedTest
	@ValueSource(longs = { Long.MAX_VALUE, Long.MAX_VALUE - 1, Long.MAX_VALUE - 7, Long.MAX_VALUE - 8,
			Long.MAX_VALUE - 4096, 1L << 62 })
	void offsetThatNoFileCanReachIsRefused(long offset) throws IOException {
		Mmap file = openReadWrite(CONTENT);
		if (offset <= Long.MAX_VALUE - 8 && canBe(offset + 8)) {
			byte[] src = random(8, 1);
			assertThat(file.writeAt(src, offset)).isEqualTo(8);
			assertThat(file.size()).isEqualTo(offset + 8);
			assertThat(readAt(file, 8, offset)).isEqualTo(src);
			assertThat(readAt(file, 11, 0)).isEqualTo(Arrays.copyOf(CONTENT, 11));
			return;
		}
		ByteBuffer buffer = ByteBuffer.allocate(8);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> file.writeAt(new byte[8], offset))
			.withMessageContaining(path().toString())
			.withMessageContaining(Long.toString(offset));
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> file.writeAt(buffer, offset));
		assertThat(buffer.position()).isZero();
		assertThat(file.size()).isEqualTo(10);
		assertThat(content()).isEqualTo(CONTENT);
		assertUsable(file);
	}

	@ParameterizedTest
	@CsvSource({ "-1, 1", "0, -1", "0, 5", "4, 1", "5, 0", "1, 2147483647", "2147483647, 1", "-2147483648, 1" })
	void rangeOutsideTheArrayIsRefused(int index, int length) throws IOException {
		Mmap file = openReadWrite(CONTENT);
		byte[] bytes = new byte[4];
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.readAt(bytes, index, length, 0));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.writeAt(bytes, index, length, 0));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.readAt(bytes, index, length, 100));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.writeAt(bytes, index, length, 100));
		assertThat(content()).isEqualTo(CONTENT);
		assertUsable(file);
	}

	static Stream<Named<IntFunction<ByteBuffer>>> buffers() {
		return Stream.of(Named.of("heap", ByteBuffer::allocate), Named.of("direct", ByteBuffer::allocateDirect),
				Named.of("heap slice", (size) -> ByteBuffer.allocate(size + 20).slice(7, size)),
				Named.of("direct slice", (size) -> ByteBuffer.allocateDirect(size + 20).slice(7, size)),
				Named.of("wrapped", (size) -> ByteBuffer.wrap(new byte[size + 20], 7, size).slice()));
	}

	@ParameterizedTest
	@MethodSource("buffers")
	void readAtFillsABufferFromItsPositionToItsLimit(IntFunction<ByteBuffer> buffers) throws IOException {
		Mmap file = openReadWrite(CONTENT);
		ByteBuffer dst = buffers.apply(8).position(2).limit(6);
		assertThat(file.readAt(dst, 1)).isEqualTo(4);
		assertThat(dst.position()).isEqualTo(6);
		assertThat(dst.limit()).isEqualTo(6);
		assertThat(bytesOf(dst)).containsExactly(0, 0, '1', '2', '3', '4', 0, 0);
		dst.clear().position(3);
		assertThat(file.readAt(dst, 8)).isEqualTo(2);
		assertThat(dst.position()).isEqualTo(5);
		assertThat(dst.limit()).isEqualTo(8);
		assertThat(bytesOf(dst)).containsExactly(0, 0, '1', '8', '9', '4', 0, 0);
		assertThat(file.readAt(dst, 10)).isEqualTo(-1);
		assertThat(dst.position()).isEqualTo(5);
	}

	@ParameterizedTest
	@MethodSource("buffers")
	void writeAtTakesABufferFromItsPositionToItsLimit(IntFunction<ByteBuffer> buffers) throws IOException {
		Mmap file = openReadWrite(CONTENT);
		ByteBuffer src = buffers.apply(8).put("abcdefgh".getBytes(StandardCharsets.UTF_8)).position(2).limit(6);
		assertThat(file.writeAt(src, 1)).isEqualTo(4);
		assertThat(src.position()).isEqualTo(6);
		assertThat(src.limit()).isEqualTo(6);
		assertThat(content()).asString(StandardCharsets.UTF_8).isEqualTo("0cdef56789");
		ByteBuffer readOnly = src.position(1).asReadOnlyBuffer();
		assertThat(file.writeAt(readOnly, 12)).isEqualTo(5);
		assertThat(readOnly.hasRemaining()).isFalse();
		assertThat(src.position()).isOne();
		assertThat(content()).asString(StandardCharsets.UTF_8).isEqualTo("0cdef56789\0\0bcdef");
	}

	@ParameterizedTest
	@MethodSource("buffers")
	void readAtRefusesAReadOnlyBuffer(IntFunction<ByteBuffer> buffers) throws IOException {
		Mmap file = openReadWrite(CONTENT);
		ByteBuffer dst = buffers.apply(8).asReadOnlyBuffer();
		assertThatIllegalArgumentException().isThrownBy(() -> file.readAt(dst, 0));
		assertThatIllegalArgumentException().isThrownBy(() -> file.read(dst));
		assertThat(dst.position()).isZero();
		assertThat(file.offset()).isZero();
	}

	@Test
	void sharedWritesAreSeenByEveryOtherMappingAtOnce() throws IOException {
		Mmap file = openReadWrite(new byte[SOME_PAGES]);
		Mmap other = open(path());
		byte[] src = random(50_000, 3);
		file.writeAt(src, 1_000);
		assertThat(readAt(other, 50_000, 1_000)).isEqualTo(src);
		assertThat(Arrays.copyOfRange(content(), 1_000, 51_000)).isEqualTo(src);
		byte[] outside = random(50_000, 4);
		writeFromOutside(outside, 3_000);
		assertThat(readAt(file, 50_000, 3_000)).isEqualTo(outside);
	}

	@Test
	void positionalCallsLeaveTheCursor() throws IOException {
		Mmap file = openReadWrite(CONTENT);
		file.seek(3, Whence.START);
		file.readAt(new byte[4], 0);
		file.writeAt(new byte[4], 8);
		assertThat(file.offset()).isEqualTo(3);
	}

	@Test
	void aFileCanBeWrittenThroughItsOwnView() throws IOException {
		Mmap file = openReadWrite(CONTENT);
		assertThat(file.writeAt(file.segment(0, 4).asByteBuffer(), 6)).isEqualTo(4);
		assertThat(file.writeAt(file.segment(0, 4).asByteBuffer(), 10)).isEqualTo(4);
		assertThat(content()).asString(StandardCharsets.UTF_8).isEqualTo("01234501230123");
	}

	private static byte[] bytesOf(ByteBuffer buffer) {
		byte[] bytes = new byte[buffer.capacity()];
		buffer.duplicate().clear().get(bytes);
		return bytes;
	}

	private void assertUsable(Mmap file) throws IOException {
		file.writeAt(new byte[] { 'x' }, 0);
		file.write(new byte[] { 'y' });
		assertThat(file.size()).isEqualTo(10);
		assertThat(content()).startsWith('y', '1');
	}

}
