package dev.yammap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatIndexOutOfBoundsException;

/**
 * Every access to bytes behind the end that the portable backend has not mapped yet; on
 * the native backend there are none, and the same holds.
 */
class TailTests extends AbstractMmapTests {

	private static final int MAPPED = 100_000;

	/** Too little to be worth a mapping. */
	private static final int TAIL = 10_000;

	private byte[] content = new byte[0];

	@BeforeEach
	void setUpContent() {
		this.content = random(MAPPED + TAIL, 1);
	}

	private Mmap openWithTail() throws IOException {
		write(Arrays.copyOf(this.content, MAPPED));
		Mmap file = openReadWrite();
		file.writeAt(this.content, MAPPED, TAIL, MAPPED);
		return file;
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, MAPPED - 1, MAPPED, MAPPED + 1, MAPPED + TAIL - 1 })
	void arraysAreReadAndWritten(int offset) throws IOException {
		Mmap file = openWithTail();
		int length = this.content.length - offset;
		assertThat(readAt(file, length + 1, offset))
			.isEqualTo(Arrays.copyOfRange(this.content, offset, this.content.length));
		byte[] other = random(length, 2);
		file.writeAt(other, offset);
		assertThat(readAt(file, length, offset)).isEqualTo(other);
		assertThat(content()).endsWith(other).hasSize(this.content.length);
	}

	@Test
	void valuesAreReadAndWritten() throws IOException {
		Mmap file = openWithTail();
		for (int offset = MAPPED - Long.BYTES; offset <= MAPPED + Long.BYTES; offset++) {
			MemorySegment expected = MemorySegment.ofArray(this.content);
			assertThat(file.get(ValueLayout.JAVA_BYTE, offset)).isEqualTo(this.content[offset]);
			assertThat(file.get(ValueLayout.JAVA_INT_UNALIGNED, offset))
				.isEqualTo(expected.get(ValueLayout.JAVA_INT_UNALIGNED, offset));
			assertThat(file.get(ValueLayout.JAVA_LONG_UNALIGNED, offset))
				.isEqualTo(expected.get(ValueLayout.JAVA_LONG_UNALIGNED, offset));
			file.set(ValueLayout.JAVA_BYTE, offset, (byte) 1);
			file.set(ValueLayout.JAVA_INT_UNALIGNED, offset + 1, 0x0504_0302);
			file.set(ValueLayout.JAVA_LONG_UNALIGNED, offset + 5, 0x0D0C_0B0A_0908_0706L);
			assertThat(readAt(file, 13, offset)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13);
			file.writeAt(this.content, offset, 13, offset);
		}
		assertThat(content()).isEqualTo(this.content);
	}

	@Test
	void atomicsUpdateWhatEveryOtherAccessSees() throws IOException {
		Mmap file = openWithTail();
		file.set(ValueLayout.JAVA_LONG_UNALIGNED, MAPPED, 5);
		assertThat(file.atomics().getAndAddLong(MAPPED, 3)).isEqualTo(5);
		assertThat(file.get(ValueLayout.JAVA_LONG_UNALIGNED, MAPPED)).isEqualTo(8);
		assertThat(file.atomics()
			.compareAndSetInt(MAPPED + TAIL - 8, file.get(ValueLayout.JAVA_INT_UNALIGNED, MAPPED + TAIL - 8), 7))
			.isTrue();
		assertThat(file.atomics().getIntVolatile(MAPPED + TAIL - 8)).isEqualTo(7);
		assertThat(readAt(file, 8, MAPPED)).containsExactly(8, 0, 0, 0, 0, 0, 0, 0);
	}

	@Test
	void viewsShowTheTail() throws IOException {
		Mmap file = openWithTail();
		assertThat(file.segment(MAPPED + 5, 100).toArray(ValueLayout.JAVA_BYTE))
			.isEqualTo(Arrays.copyOfRange(this.content, MAPPED + 5, MAPPED + 105));
		file.write(new byte[0]);
		file.writeAt(new byte[] { 1, 2, 3 }, this.content.length);
		assertThat(file.segment().byteSize()).isEqualTo(this.content.length + 3);
		assertThat(file.<Byte, RuntimeException>access(this.content.length, 3,
				(view) -> view.get(ValueLayout.JAVA_BYTE, 2)))
			.isEqualTo((byte) 3);
	}

	@Test
	void endOfTheTailIsTheEndOfTheFile() throws IOException {
		Mmap file = openWithTail();
		long end = this.content.length;
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.get(ValueLayout.JAVA_LONG_UNALIGNED, end - 7));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.set(ValueLayout.JAVA_INT_UNALIGNED, end - 3, 0));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.atomics().getAndAddLong(end, 1));
		assertThatIndexOutOfBoundsException().isThrownBy(() -> file.segment(end - 1, 2));
		assertThat(content()).isEqualTo(this.content);
	}

	@Test
	void tailOfAClosedFileIsClosed() throws IOException {
		Mmap file = openWithTail();
		file.close();
		assertThatIllegalStateException().isThrownBy(() -> file.get(ValueLayout.JAVA_BYTE, MAPPED));
		assertThatIllegalStateException().isThrownBy(() -> file.set(ValueLayout.JAVA_LONG_UNALIGNED, MAPPED, 1));
		assertThatIllegalStateException().isThrownBy(() -> file.atomics().getAndAddLong(MAPPED, 1));
		assertThatIllegalStateException().isThrownBy(file::segment);
		assertThat(content()).isEqualTo(this.content);
	}

	@Test
	void tailOfAReadOnlyFileThatAnotherWritesIsRead() throws IOException {
		write(Arrays.copyOf(this.content, MAPPED));
		Mmap file = open(path(), StandardOpenOption.READ);
		writeFromOutside(Arrays.copyOfRange(this.content, MAPPED, MAPPED + TAIL), MAPPED);
		assertThat(readAt(file, TAIL + 1, MAPPED)).hasSize(TAIL);
		assertThat(file.get(ValueLayout.JAVA_BYTE, MAPPED + TAIL - 1)).isEqualTo(this.content[MAPPED + TAIL - 1]);
		assertThat(file.segment().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(this.content);
	}

	@Test
	void viewOfATailThatAnotherCutOffIsRefused() throws IOException {
		Mmap file = openWithTail();
		shortenFromOutside(MAPPED);
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> {
			assertThat(file.segment().byteSize()).isEqualTo(this.content.length);
			file.get(ValueLayout.JAVA_LONG_UNALIGNED, this.content.length - Long.BYTES);
		}).withMessageContaining("only " + MAPPED + " of " + this.content.length + " bytes");
	}

}
