package dev.yammap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Files opened with {@code APPEND}.
 */
class AppendTests extends AbstractMmapTests {

	private static final byte[] CONTENT = "0123456789".getBytes(StandardCharsets.UTF_8);

	private static final byte[] AB = "ab".getBytes(StandardCharsets.UTF_8);

	@Test
	void everyWriteGoesToTheEnd() throws IOException {
		write(CONTENT);
		Mmap file = openAppend();
		assertThat(file.write(AB)).isEqualTo(2);
		assertThat(file.offset()).isEqualTo(12);
		file.seek(3, Whence.START);
		assertThat(file.write("xcdx".getBytes(StandardCharsets.UTF_8), 1, 2)).isEqualTo(2);
		assertThat(file.offset()).isEqualTo(14);
		file.seek(0, Whence.START);
		assertThat(file.write(ByteBuffer.wrap(AB))).isEqualTo(2);
		assertThat(file.offset()).isEqualTo(16);
		assertThat(file.size()).isEqualTo(16);
		assertThat(content()).asString(StandardCharsets.UTF_8).isEqualTo("0123456789abcdab");
	}

	@Test
	void readsUseTheCursor() throws IOException {
		write(CONTENT);
		Mmap file = openAppend();
		byte[] dst = new byte[4];
		assertThat(file.read(dst)).isEqualTo(4);
		assertThat(dst).asString(StandardCharsets.UTF_8).isEqualTo("0123");
		file.write(AB);
		assertThat(file.read(dst)).isEqualTo(-1);
		file.seek(-4, Whence.END);
		assertThat(file.read(dst)).isEqualTo(4);
		assertThat(dst).asString(StandardCharsets.UTF_8).isEqualTo("89ab");
	}

	@Test
	void appendAloneRefusesReads() throws IOException {
		Mmap file = open(write(CONTENT), StandardOpenOption.APPEND);
		file.write(AB);
		assertThat(file.isWritable()).isTrue();
		assertThatExceptionOfType(NonReadableChannelException.class).isThrownBy(() -> file.read(new byte[1]));
		assertThatExceptionOfType(NonReadableChannelException.class).isThrownBy(file::segment);
		assertThat(content()).asString(StandardCharsets.UTF_8).isEqualTo("0123456789ab");
	}

	@Test
	void appendWinsOverWrite() throws IOException {
		Mmap file = open(write(CONTENT), StandardOpenOption.WRITE, StandardOpenOption.APPEND);
		file.write(AB);
		assertThatExceptionOfType(NonWritableChannelException.class).isThrownBy(() -> file.writeAt(AB, 0));
		assertThatExceptionOfType(NonWritableChannelException.class).isThrownBy(() -> file.writeAt(AB, 12));
		assertThat(content()).asString(StandardCharsets.UTF_8).isEqualTo("0123456789ab");
	}

	@Test
	void viewsAreReadOnly() throws IOException {
		write(CONTENT);
		Mmap file = openAppend();
		assertThat(file.segment().isReadOnly()).isTrue();
		assertThat(file.segment(2, 3).isReadOnly()).isTrue();
		assertThat(file.<Boolean, RuntimeException>access(0, 4, (view) -> view.isReadOnly())).isTrue();
	}

	@Test
	void zeroLengthLeavesTheCursor() throws IOException {
		write(CONTENT);
		Mmap file = openAppend();
		file.seek(3, Whence.START);
		assertThat(file.write(new byte[0])).isZero();
		assertThat(file.offset()).isEqualTo(3);
	}

	@Test
	void truncateIsAllowedAndTheNextWriteGoesToTheNewEnd() throws IOException {
		write(CONTENT);
		Mmap file = openAppend();
		file.truncate(4);
		file.write(AB);
		file.truncate(8);
		file.write(AB);
		assertThat(content()).asString(StandardCharsets.UTF_8).isEqualTo("0123ab\0\0ab");
	}

	@Test
	void emptiedFileIsAppendedToFromItsStart() throws IOException {
		Mmap file = open(write(CONTENT), StandardOpenOption.APPEND, StandardOpenOption.TRUNCATE_EXISTING);
		file.write(AB);
		assertThat(content()).isEqualTo(AB);
	}

	@Test
	void whatAnotherAppendedIsNotOverwritten() throws IOException {
		write(CONTENT);
		Mmap file = openAppend();
		writeFromOutside("outside".getBytes(StandardCharsets.UTF_8), 10);
		assertThat(file.write(AB)).isEqualTo(2);
		assertThat(content()).asString(StandardCharsets.UTF_8).isEqualTo("0123456789outsideab");
		assertThat(file.size()).isEqualTo(19);
		assertThat(file.offset()).isEqualTo(19);
	}

	@Test
	void twoMmapsOfOneFileAppendInTurns() throws IOException {
		Mmap first = openAppend();
		Mmap second = openAppend();
		for (int i = 0; i < 5; i++) {
			first.write(new byte[] { (byte) ('0' + i) });
			second.write(AB);
		}
		assertThat(content()).asString(StandardCharsets.UTF_8).isEqualTo("0ab1ab2ab3ab4ab");
		assertThat(readAt(first, 100, 13)).isEqualTo(AB);
		assertThat(readAt(first, 100, 0)).isEqualTo(content());
		assertThat(readAt(second, 100, 0)).isEqualTo(content());
	}

	@Test
	void twoMmapsOfOneFileLoseNoAppend() throws Exception {
		Mmap first = openAppend();
		Mmap second = openAppend();
		byte[] a = filled(37, 'a');
		byte[] b = filled(37, 'b');
		Race.onPlatformThreads().with(() -> append(first, a)).with(() -> append(second, b)).run();
		byte[] content = content();
		assertThat(content).hasSize(2 * 2_000 * 37);
		int count = 0;
		for (int offset = 0; offset < content.length; offset += 37) {
			byte[] expected = (content[offset] == 'a') ? a : b;
			assertThat(Arrays.copyOfRange(content, offset, offset + 37)).isEqualTo(expected);
			count += (content[offset] == 'a') ? 1 : 0;
		}
		assertThat(count).isEqualTo(2_000);
	}

	private static void append(Mmap file, byte[] record) throws IOException {
		for (int i = 0; i < 2_000; i++) {
			file.write(record);
		}
	}

}
