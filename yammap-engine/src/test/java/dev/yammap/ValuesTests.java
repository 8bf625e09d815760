package dev.yammap;

import java.io.IOException;
import java.nio.file.StandardOpenOption;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIndexOutOfBoundsException;

/**
 * Single values.
 */
class ValuesTests extends AbstractMmapTests {

	@Test
	void valuesAreLittleEndian() throws IOException {
		Mmap file = openReadWrite(new byte[] { 1, 2, 3, 4, 5, 6, 7, (byte) 0x88, (byte) 0x99 });
		assertThat(file.getByte(8)).isEqualTo((byte) 0x99);
		assertThat(file.getInt(0)).isEqualTo(0x04030201);
		assertThat(file.getInt(4)).isEqualTo(0x88070605);
		assertThat(file.getLong(0)).isEqualTo(0x8807060504030201L);
		file.putByte(0, (byte) -1);
		file.putInt(1, 0x0A0B0C0D);
		assertThat(content()).startsWith(-1, 0x0D, 0x0C, 0x0B, 0x0A, 6);
		file.putLong(1, 0x1112131415161718L);
		assertThat(content()).containsExactly(-1, 0x18, 0x17, 0x16, 0x15, 0x14, 0x13, 0x12, 0x11);
	}

	@Test
	void anyAlignmentIsLegal() throws IOException {
		Mmap file = openReadWrite(new byte[3 * 4096]);
		for (long offset = 0; offset < 16; offset++) {
			file.putInt(4096 - 8 + offset, 0x01020304);
			assertThat(file.getInt(4096 - 8 + offset)).isEqualTo(0x01020304);
			file.putLong(8192 - 12 + offset, 0x0102030405060708L);
			assertThat(file.getLong(8192 - 12 + offset)).isEqualTo(0x0102030405060708L);
		}
	}

	@Test
	void extremeValuesAreKept() throws IOException {
		Mmap file = openReadWrite(new byte[16]);
		for (long value : new long[] { 0, -1, Long.MIN_VALUE, Long.MAX_VALUE }) {
			file.putLong(3, value);
			assertThat(file.getLong(3)).isEqualTo(value);
			file.putInt(3, (int) value);
			assertThat(file.getInt(3)).isEqualTo((int) value);
			file.putByte(3, (byte) value);
			assertThat(file.getByte(3)).isEqualTo((byte) value);
		}
	}

	@Test
	void lastBytesAreWithinTheFile() throws IOException {
		Mmap file = openReadWrite(new byte[4101]);
		file.putByte(4100, (byte) 1);
		file.putInt(4097, 2);
		file.putLong(4093, 3);
		assertThat(file.getByte(4100)).isZero();
		assertThat(file.getInt(4097)).isZero();
		assertThat(file.getLong(4093)).isEqualTo(3);
	}

	@ParameterizedTest
	@ValueSource(longs = { -1, -8, Long.MIN_VALUE, 100, 101, 4_000, 1L << 40, Long.MAX_VALUE, Long.MAX_VALUE - 3,
			Long.MAX_VALUE - 7 })
	void offsetOutsideTheFileIsRefused(long offset) throws IOException {
		byte[] content = random(100, 1);
		Mmap file = openReadWrite(content);
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.getByte(offset));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.getInt(offset));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.getLong(offset));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.putByte(offset, (byte) 1));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.putInt(offset, 1));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.putLong(offset, 1));
		assertThat(file.size()).isEqualTo(100);
		assertThat(content()).isEqualTo(content);
	}

	@Test
	void valueAcrossTheEndIsRefusedAndNothingWritten() throws IOException {
		byte[] content = random(100, 1);
		Mmap file = openReadWrite(content);
		for (long offset = 97; offset < 100; offset++) {
			long at = offset;
			assertThatIndexOutOfBoundsException().isThrownBy(() -> file.getInt(at));
			assertThatIndexOutOfBoundsException().isThrownBy(() -> file.putInt(at, 1));
		}
		for (long offset = 93; offset < 100; offset++) {
			long at = offset;
			assertThatIndexOutOfBoundsException().isThrownBy(() -> file.getLong(at));
			assertThatIndexOutOfBoundsException().isThrownBy(() -> file.putLong(at, 1));
		}
		assertThat(content()).isEqualTo(content);
	}

	@Test
	void emptyFileHasNoValues() throws IOException {
		Mmap file = openReadWrite();
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.getByte(0));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.putLong(0, 1));
		assertThat(content()).isEmpty();
	}

	@Test
	void boundsFollowTheSize() throws IOException {
		Mmap file = openReadWrite(filled(10, 1));
		file.truncate(SOME_PAGES);
		assertThat(file.getByte(SOME_PAGES - 1)).isZero();
		file.truncate(5);
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.getByte(5));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.getLong(0));
		file.writeAt(filled(8, 2), 5);
		assertThat(file.getLong(5)).isEqualTo(0x0202020202020202L);
	}

	@Test
	void writeOnlyFileTakesValues() throws IOException {
		Mmap file = open(write(new byte[13]), StandardOpenOption.WRITE);
		file.putByte(0, (byte) 1);
		file.putInt(1, 2);
		file.putLong(5, 3);
		assertThat(content()).containsExactly(1, 2, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0);
	}

}
