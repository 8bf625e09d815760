package dev.yammap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.StandardOpenOption;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIndexOutOfBoundsException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

/**
 * Reads, writes and seeks with the cursor.
 */
class CursorTests extends AbstractMmapTests {

	private static final byte[] CONTENT = "0123456789".getBytes(StandardCharsets.UTF_8);

	@Test
	void readsFollowEachOther() throws IOException {
		Mmap file = openReadWrite(CONTENT);
		byte[] dst = new byte[4];
		assertThat(file.read(dst)).isEqualTo(4);
		assertThat(dst).asString(StandardCharsets.UTF_8).isEqualTo("0123");
		assertThat(file.offset()).isEqualTo(4);
		assertThat(file.read(dst, 1, 2)).isEqualTo(2);
		assertThat(dst).asString(StandardCharsets.UTF_8).isEqualTo("0453");
		assertThat(file.read(dst)).isEqualTo(4);
		assertThat(file.read(dst)).isEqualTo(-1);
		assertThat(file.offset()).isEqualTo(10);
	}

	@Test
	void readIsShortBeforeTheEnd() throws IOException {
		Mmap file = openReadWrite(CONTENT);
		byte[] dst = filled(20, 'x');
		assertThat(file.read(dst)).isEqualTo(10);
		assertThat(dst).asString(StandardCharsets.UTF_8).isEqualTo("0123456789xxxxxxxxxx");
		assertThat(file.offset()).isEqualTo(10);
		assertThat(file.read(dst)).isEqualTo(-1);
	}

	@Test
	void writesFollowEachOtherAndGrowTheFile() throws IOException {
		Mmap file = openReadWrite();
		assertThat(file.write("abc".getBytes(StandardCharsets.UTF_8))).isEqualTo(3);
		assertThat(file.write("xdefx".getBytes(StandardCharsets.UTF_8), 1, 3)).isEqualTo(3);
		assertThat(file.write(ByteBuffer.wrap("gh".getBytes(StandardCharsets.UTF_8)))).isEqualTo(2);
		assertThat(file.offset()).isEqualTo(8);
		assertThat(file.size()).isEqualTo(8);
		assertThat(content()).asString(StandardCharsets.UTF_8).isEqualTo("abcdefgh");
	}

	@Test
	void writeOverlappingTheEndGrowsByTheRest() throws IOException {
		Mmap file = openReadWrite(CONTENT);
		file.seek(-2, Whence.END);
		file.write("abcde".getBytes(StandardCharsets.UTF_8));
		assertThat(content()).asString(StandardCharsets.UTF_8).isEqualTo("01234567abcde");
		assertThat(file.size()).isEqualTo(13);
		assertThat(file.offset()).isEqualTo(13);
	}

	@ParameterizedTest
	@CsvSource({ "0, START, 0", "7, START, 7", "10, START, 10", "0, CURRENT, 4", "-4, CURRENT, 0", "6, CURRENT, 10",
			"0, END, 10", "-10, END, 0", "-1, END, 9" })
	void seekMovesWithinTheFile(long offset, Whence whence, long expected) throws IOException {
		Mmap file = openReadWrite(CONTENT);
		file.seek(4, Whence.START);
		assertThat(file.seek(offset, whence)).isEqualTo(expected);
		assertThat(file.offset()).isEqualTo(expected);
		assertThat(file.size()).isEqualTo(10);
	}

	@ParameterizedTest
	@CsvSource({ "-1, START, before the start", "11, START, past the end at 10", "-5, CURRENT, before the start",
			"7, CURRENT, past the end at 10", "-11, END, before the start", "1, END, past the end at 10",
			"-9223372036854775808, START, before the start", "9223372036854775807, START, past the end at 10",
			"-9223372036854775808, CURRENT, before the start", "9223372036854775807, CURRENT, past the end at 10",
			"-9223372036854775808, END, before the start", "9223372036854775807, END, past the end at 10",
			"9223372036854775798, END, past the end at 10" })
	void seekOutsideTheFileIsRefused(long offset, Whence whence, String reason) throws IOException {
		Mmap file = openReadWrite(CONTENT);
		file.seek(4, Whence.START);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> file.seek(offset, whence))
			.withMessageContaining("Cannot seek to " + offset + " from " + whence + " in " + path())
			.withMessageEndingWith(reason);
		assertThat(file.offset()).isEqualTo(4);
		assertThat(file.size()).isEqualTo(10);
		assertThat(file.read(new byte[1])).isOne();
	}

	@Test
	void cursorStaysWhenTheFileIsShortened() throws IOException {
		Mmap file = openReadWrite(CONTENT);
		file.seek(8, Whence.START);
		file.truncate(5);
		assertThat(file.offset()).isEqualTo(8);
		assertThat(file.read(new byte[4])).isEqualTo(-1);
		assertThat(file.offset()).isEqualTo(8);
		assertThat(file.seek(-4, Whence.CURRENT)).isEqualTo(4);
		assertThat(file.read(new byte[4])).isOne();
	}

	@Test
	void gapBeforeACursorBehindTheEndReadsAsZeros() throws IOException {
		Mmap file = openReadWrite(CONTENT);
		file.seek(8, Whence.START);
		file.truncate(5);
		file.write("ab".getBytes(StandardCharsets.UTF_8));
		assertThat(file.size()).isEqualTo(10);
		assertThat(content()).asString(StandardCharsets.UTF_8).isEqualTo("01234\0\0\0ab");
	}

	@Test
	void cursorStaysWhenTheFileGrows() throws IOException {
		Mmap file = openReadWrite(CONTENT);
		file.seek(3, Whence.START);
		file.truncate(SOME_PAGES);
		assertThat(file.offset()).isEqualTo(3);
		assertThat(file.seek(0, Whence.END)).isEqualTo(SOME_PAGES);
	}

	@Test
	void zeroLengthDoesNothing() throws IOException {
		Mmap file = openReadWrite(CONTENT);
		for (long offset : new long[] { 0, 5, 10 }) {
			file.seek(offset, Whence.START);
			assertThat(file.read(new byte[0])).isZero();
			assertThat(file.read(new byte[2], 2, 0)).isZero();
			assertThat(file.read(ByteBuffer.allocate(0))).isZero();
			assertThat(file.write(new byte[0])).isZero();
			assertThat(file.write(new byte[2], 2, 0)).isZero();
			assertThat(file.write(ByteBuffer.allocate(0))).isZero();
			assertThat(file.offset()).isEqualTo(offset);
		}
		assertThat(content()).isEqualTo(CONTENT);
	}

	@Test
	void zeroLengthWriteBehindTheEndDoesNotGrow() throws IOException {
		Mmap file = openReadWrite(CONTENT);
		file.seek(8, Whence.START);
		file.truncate(5);
		assertThat(file.write(new byte[0])).isZero();
		assertThat(file.size()).isEqualTo(5);
		assertThat(file.offset()).isEqualTo(8);
		assertThat(content()).hasSize(5);
	}

	@ParameterizedTest
	@CsvSource({ "-1, 1", "0, -1", "0, 5", "4, 1", "5, 0", "1, 2147483647" })
	void rangeOutsideTheArrayIsRefused(int index, int length) throws IOException {
		Mmap file = openReadWrite(CONTENT);
		byte[] bytes = new byte[4];
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.read(bytes, index, length));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.write(bytes, index, length));
		assertThat(file.offset()).isZero();
		assertThat(content()).isEqualTo(CONTENT);
		assertThat(file.read(bytes)).isEqualTo(4);
	}

	@Test
	void buffersMoveTheirPosition() throws IOException {
		Mmap file = openReadWrite(CONTENT);
		ByteBuffer direct = ByteBuffer.allocateDirect(8).position(1).limit(4);
		assertThat(file.read(direct)).isEqualTo(3);
		assertThat(direct.position()).isEqualTo(4);
		assertThat(direct.limit()).isEqualTo(4);
		assertThat(direct.get(1)).isEqualTo((byte) '0');
		assertThat(direct.get(3)).isEqualTo((byte) '2');
		ByteBuffer heap = ByteBuffer.allocate(20).position(1).slice();
		assertThat(file.read(heap)).isEqualTo(7);
		assertThat(heap.position()).isEqualTo(7);
		assertThat(file.read(heap)).isEqualTo(-1);
		assertThat(heap.position()).isEqualTo(7);
		assertThat(file.write(direct.flip().position(1))).isEqualTo(3);
		assertThat(direct.hasRemaining()).isFalse();
		assertThat(file.write(heap.flip().asReadOnlyBuffer())).isEqualTo(7);
		assertThat(heap.position()).isZero();
		assertThat(content()).asString(StandardCharsets.UTF_8).isEqualTo("01234567890123456789");
		assertThat(file.offset()).isEqualTo(20);
	}

	@Test
	void refusedWriteMovesNothing() throws IOException {
		write(CONTENT);
		Mmap file = open(builder(path()).options(StandardOpenOption.READ, StandardOpenOption.WRITE).maxSize(12));
		file.seek(8, Whence.START);
		ByteBuffer src = ByteBuffer.allocate(6).position(1);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> file.write(new byte[5]));
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> file.write(src));
		assertThat(src.position()).isOne();
		assertThat(file.offset()).isEqualTo(8);
		assertThat(content()).isEqualTo(CONTENT);
		assertThat(file.write(new byte[4])).isEqualTo(4);
		assertThat(file.size()).isEqualTo(12);
	}

	@Test
	void eachMmapHasACursorOfItsOwn() throws IOException {
		Mmap first = openReadWrite(CONTENT);
		Mmap second = openReadWrite();
		first.read(new byte[4]);
		assertThat(second.offset()).isZero();
		second.read(new byte[2]);
		assertThat(first.offset()).isEqualTo(4);
	}

	@Test
	@SuppressWarnings("NullAway")
	void nullIsRefused() throws IOException {
		Mmap file = openReadWrite(CONTENT);
		assertThatNullPointerException().isThrownBy(() -> file.read((byte[]) null));
		assertThatNullPointerException().isThrownBy(() -> file.read((ByteBuffer) null));
		assertThatNullPointerException().isThrownBy(() -> file.write((byte[]) null));
		assertThatNullPointerException().isThrownBy(() -> file.write((ByteBuffer) null));
		assertThatNullPointerException().isThrownBy(() -> file.readAt((byte[]) null, 0));
		assertThatNullPointerException().isThrownBy(() -> file.readAt((ByteBuffer) null, 0));
		assertThatNullPointerException().isThrownBy(() -> file.writeAt((byte[]) null, 0));
		assertThatNullPointerException().isThrownBy(() -> file.writeAt((ByteBuffer) null, 0));
		assertThatNullPointerException().isThrownBy(() -> file.seek(0, null));
		assertThatNullPointerException().isThrownBy(() -> file.access(0, 1, null));
		assertThat(file.offset()).isZero();
		assertThat(content()).isEqualTo(CONTENT);
	}

	@Test
	void readOnlyBufferIsRefusedAsADestination() throws IOException {
		Mmap file = openReadWrite(CONTENT);
		assertThatIllegalArgumentException().isThrownBy(() -> file.read(ByteBuffer.allocate(4).asReadOnlyBuffer()));
		assertThat(file.offset()).isZero();
	}

}
