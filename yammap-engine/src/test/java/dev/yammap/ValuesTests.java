package dev.yammap;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.StandardOpenOption;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIndexOutOfBoundsException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

/**
 * Single values.
 */
class ValuesTests extends AbstractMmapTests {

	@Test
	void orderComesFromTheLayout() throws IOException {
		Mmap file = openReadWrite(new byte[] { 1, 2, 3, 4, 5, 6, 7, (byte) 0x88, (byte) 0x99 });
		MemorySegment view = file.segment();
		for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
			ValueLayout.OfShort shorts = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order);
			ValueLayout.OfChar chars = ValueLayout.JAVA_CHAR_UNALIGNED.withOrder(order);
			ValueLayout.OfInt ints = ValueLayout.JAVA_INT_UNALIGNED.withOrder(order);
			ValueLayout.OfLong longs = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order);
			ValueLayout.OfFloat floats = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(order);
			ValueLayout.OfDouble doubles = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(order);
			for (long offset = 0; offset < 2; offset++) {
				assertThat(file.get(ValueLayout.JAVA_BYTE, offset)).isEqualTo(view.get(ValueLayout.JAVA_BYTE, offset));
				assertThat(file.get(shorts, offset + 6)).isEqualTo(view.get(shorts, offset + 6));
				assertThat(file.get(chars, offset + 6)).isEqualTo(view.get(chars, offset + 6));
				assertThat(file.get(ints, offset + 4)).isEqualTo(view.get(ints, offset + 4));
				assertThat(file.get(longs, offset)).isEqualTo(view.get(longs, offset));
				assertThat(file.get(floats, offset)).isEqualTo(view.get(floats, offset));
				assertThat(file.get(doubles, offset)).isEqualTo(view.get(doubles, offset));
			}
		}
	}

	@Test
	void valuesAreWrittenInTheOrderOfTheLayout() throws IOException {
		MemorySegment expected = MemorySegment.ofArray(new byte[64]);
		Mmap file = openReadWrite(new byte[64]);
		long at = 0;
		for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
			file.set(ValueLayout.JAVA_BYTE, at, (byte) -3);
			expected.set(ValueLayout.JAVA_BYTE, at, (byte) -3);
			file.set(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order), at + 1, (short) 0x8123);
			expected.set(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order), at + 1, (short) 0x8123);
			file.set(ValueLayout.JAVA_CHAR_UNALIGNED.withOrder(order), at + 3, 'ç');
			expected.set(ValueLayout.JAVA_CHAR_UNALIGNED.withOrder(order), at + 3, 'ç');
			file.set(ValueLayout.JAVA_INT_UNALIGNED.withOrder(order), at + 5, 0x81234567);
			expected.set(ValueLayout.JAVA_INT_UNALIGNED.withOrder(order), at + 5, 0x81234567);
			file.set(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order), at + 9, 0x8123456789ABCDEFL);
			expected.set(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order), at + 9, 0x8123456789ABCDEFL);
			file.set(ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(order), at + 17, -1.5F);
			expected.set(ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(order), at + 17, -1.5F);
			file.set(ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(order), at + 21, Math.PI);
			expected.set(ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(order), at + 21, Math.PI);
			at = 32;
		}
		assertThat(content()).isEqualTo(expected.toArray(ValueLayout.JAVA_BYTE));
	}

	@Test
	void bitsOfNotANumberAreKept() throws IOException {
		Mmap file = openReadWrite(new byte[16]);
		int single = 0x7FC0_1234;
		long twice = 0x7FF8_0000_1234_5678L;
		file.set(ValueLayout.JAVA_FLOAT, 0, Float.intBitsToFloat(single));
		file.set(ValueLayout.JAVA_DOUBLE, 8, Double.longBitsToDouble(twice));
		assertThat(file.get(ValueLayout.JAVA_INT, 0)).isEqualTo(single);
		assertThat(file.get(ValueLayout.JAVA_LONG, 8)).isEqualTo(twice);
		assertThat(Float.floatToRawIntBits(file.get(ValueLayout.JAVA_FLOAT, 0))).isEqualTo(single);
		assertThat(Double.doubleToRawLongBits(file.get(ValueLayout.JAVA_DOUBLE, 8))).isEqualTo(twice);
	}

	@Test
	void layoutWithAlignmentWantsMultiplesOfIt() throws IOException {
		byte[] content = random(100, 1);
		Mmap file = openReadWrite(content);
		for (long odd : new long[] { 1, 3, 5, 7, 9, 33 }) {
			assertThatIllegalArgumentException().isThrownBy(() -> file.get(ValueLayout.JAVA_SHORT, odd));
			assertThatIllegalArgumentException().isThrownBy(() -> file.get(ValueLayout.JAVA_CHAR, odd));
			assertThatIllegalArgumentException().isThrownBy(() -> file.get(ValueLayout.JAVA_INT, odd));
			assertThatIllegalArgumentException().isThrownBy(() -> file.get(ValueLayout.JAVA_LONG, odd))
				.withMessageContaining("offset " + odd + " is not a multiple of 8")
				.withMessageContaining("JAVA_LONG_UNALIGNED");
			assertThatIllegalArgumentException().isThrownBy(() -> file.get(ValueLayout.JAVA_FLOAT, odd));
			assertThatIllegalArgumentException().isThrownBy(() -> file.get(ValueLayout.JAVA_DOUBLE, odd));
			assertThatIllegalArgumentException().isThrownBy(() -> file.set(ValueLayout.JAVA_SHORT, odd, (short) 0));
			assertThatIllegalArgumentException().isThrownBy(() -> file.set(ValueLayout.JAVA_CHAR, odd, '0'));
			assertThatIllegalArgumentException().isThrownBy(() -> file.set(ValueLayout.JAVA_INT, odd, 0));
			assertThatIllegalArgumentException().isThrownBy(() -> file.set(ValueLayout.JAVA_LONG, odd, 0));
			assertThatIllegalArgumentException().isThrownBy(() -> file.set(ValueLayout.JAVA_FLOAT, odd, 0));
			assertThatIllegalArgumentException().isThrownBy(() -> file.set(ValueLayout.JAVA_DOUBLE, odd, 0));
		}
		assertThatIllegalArgumentException().isThrownBy(() -> file.get(ValueLayout.JAVA_LONG, 12));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> file.get(ValueLayout.JAVA_BYTE.withByteAlignment(16), 24));
		assertThat(file.get(ValueLayout.JAVA_LONG.withByteAlignment(16), 32))
			.isEqualTo(ByteBuffer.wrap(content).order(ByteOrder.nativeOrder()).getLong(32));
		assertThat(content()).isEqualTo(content);
	}

	@Test
	@SuppressWarnings("NullAway")
	void layoutIsNeeded() throws IOException {
		Mmap file = openReadWrite(new byte[16]);
		ValueLayout.OfLong none = null;
		assertThatNullPointerException().isThrownBy(() -> file.get(none, 0));
		assertThatNullPointerException().isThrownBy(() -> file.set(none, 0, 1));
	}

	@Test
	void anyAlignmentIsLegal() throws IOException {
		Mmap file = openReadWrite(new byte[3 * 4096]);
		for (long offset = 0; offset < 16; offset++) {
			file.set(ValueLayout.JAVA_INT_UNALIGNED, 4096 - 8 + offset, 0x01020304);
			assertThat(file.get(ValueLayout.JAVA_INT_UNALIGNED, 4096 - 8 + offset)).isEqualTo(0x01020304);
			file.set(ValueLayout.JAVA_LONG_UNALIGNED, 8192 - 12 + offset, 0x0102030405060708L);
			assertThat(file.get(ValueLayout.JAVA_LONG_UNALIGNED, 8192 - 12 + offset)).isEqualTo(0x0102030405060708L);
		}
	}

	@Test
	void extremeValuesAreKept() throws IOException {
		Mmap file = openReadWrite(new byte[16]);
		for (long value : new long[] { 0, -1, Long.MIN_VALUE, Long.MAX_VALUE }) {
			file.set(ValueLayout.JAVA_LONG_UNALIGNED, 3, value);
			assertThat(file.get(ValueLayout.JAVA_LONG_UNALIGNED, 3)).isEqualTo(value);
			file.set(ValueLayout.JAVA_INT_UNALIGNED, 3, (int) value);
			assertThat(file.get(ValueLayout.JAVA_INT_UNALIGNED, 3)).isEqualTo((int) value);
			file.set(ValueLayout.JAVA_BYTE, 3, (byte) value);
			assertThat(file.get(ValueLayout.JAVA_BYTE, 3)).isEqualTo((byte) value);
		}
	}

	@Test
	void lastBytesAreWithinTheFile() throws IOException {
		Mmap file = openReadWrite(new byte[4101]);
		file.set(ValueLayout.JAVA_BYTE, 4100, (byte) 1);
		file.set(ValueLayout.JAVA_INT_UNALIGNED, 4097, 2);
		file.set(ValueLayout.JAVA_LONG_UNALIGNED, 4093, 3);
		assertThat(file.get(ValueLayout.JAVA_BYTE, 4100)).isZero();
		assertThat(file.get(ValueLayout.JAVA_INT_UNALIGNED, 4097)).isZero();
		assertThat(file.get(ValueLayout.JAVA_LONG_UNALIGNED, 4093)).isEqualTo(3);
	}

	@ParameterizedTest
	@ValueSource(longs = { -1, -8, Long.MIN_VALUE, 100, 101, 4_000, 1L << 40, Long.MAX_VALUE, Long.MAX_VALUE - 3,
			Long.MAX_VALUE - 7 })
	void offsetOutsideTheFileIsRefused(long offset) throws IOException {
		byte[] content = random(100, 1);
		Mmap file = openReadWrite(content);
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.get(ValueLayout.JAVA_BYTE, offset));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.get(ValueLayout.JAVA_INT_UNALIGNED, offset));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.get(ValueLayout.JAVA_LONG_UNALIGNED, offset));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.set(ValueLayout.JAVA_BYTE, offset, (byte) 1));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.set(ValueLayout.JAVA_INT_UNALIGNED, offset, 1));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.set(ValueLayout.JAVA_LONG_UNALIGNED, offset, 1));
		assertThat(file.size()).isEqualTo(100);
		assertThat(content()).isEqualTo(content);
	}

	@Test
	void valueAcrossTheEndIsRefusedAndNothingWritten() throws IOException {
		byte[] content = random(100, 1);
		Mmap file = openReadWrite(content);
		for (long offset = 97; offset < 100; offset++) {
			long at = offset;
			assertThatIndexOutOfBoundsException().isThrownBy(() -> file.get(ValueLayout.JAVA_INT_UNALIGNED, at));
			assertThatIndexOutOfBoundsException().isThrownBy(() -> file.set(ValueLayout.JAVA_INT_UNALIGNED, at, 1));
		}
		for (long offset = 93; offset < 100; offset++) {
			long at = offset;
			assertThatIndexOutOfBoundsException().isThrownBy(() -> file.get(ValueLayout.JAVA_LONG_UNALIGNED, at));
			assertThatIndexOutOfBoundsException().isThrownBy(() -> file.set(ValueLayout.JAVA_LONG_UNALIGNED, at, 1));
		}
		assertThat(content()).isEqualTo(content);
	}

	@Test
	void emptyFileHasNoValues() throws IOException {
		Mmap file = openReadWrite();
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.get(ValueLayout.JAVA_BYTE, 0));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, 1));
		assertThat(content()).isEmpty();
	}

	@Test
	void boundsFollowTheSize() throws IOException {
		Mmap file = openReadWrite(filled(10, 1));
		file.truncate(SOME_PAGES);
		assertThat(file.get(ValueLayout.JAVA_BYTE, SOME_PAGES - 1)).isZero();
		file.truncate(5);
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.get(ValueLayout.JAVA_BYTE, 5));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.get(ValueLayout.JAVA_LONG_UNALIGNED, 0));
		file.writeAt(filled(8, 2), 5);
		assertThat(file.get(ValueLayout.JAVA_LONG_UNALIGNED, 5)).isEqualTo(0x0202020202020202L);
	}

	@Test
	void writeOnlyFileTakesValues() throws IOException {
		Mmap file = open(write(new byte[13]), StandardOpenOption.WRITE);
		file.set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
		file.set(ValueLayout.JAVA_INT_UNALIGNED, 1, 2);
		file.set(ValueLayout.JAVA_LONG_UNALIGNED, 5, 3);
		assertThat(content()).containsExactly(1, 2, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0);
	}

}
