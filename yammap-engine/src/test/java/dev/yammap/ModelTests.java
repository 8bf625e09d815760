package dev.yammap;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Long sequences of random calls, each checked against an array that is what the file
 * should be.
 */
class ModelTests extends AbstractMmapTests {

	private static final int LARGEST = 100_000;

	private byte[] model = new byte[0];

	private long cursor;

	@ParameterizedTest
	@CsvSource({ "1, 4096, false", "2, 20000, false", "3, 1000000, false", "4, 0, true", "5, 1000000, true" })
	void fileIsWhatTheModelIs(long seed, long reserve, boolean append) throws IOException {
		Random random = new Random(seed);
		Mmap file = openModelled(reserve, append);
		for (int i = 0; i < 20_000; i++) {
			if (random.nextInt(2_000) == 0) {
				file.close();
				file = openModelled(reserve, append);
				this.cursor = 0;
			}
			step(file, random, append);
			assertThat(file.size()).isEqualTo(this.model.length);
			assertThat(file.offset()).isEqualTo(this.cursor);
			if (i % 200 == 0) {
				assertThat(content()).isEqualTo(this.model);
			}
		}
		assertThat(readAt(file, 2 * LARGEST, 0)).isEqualTo(this.model);
		assertThat(file.segment().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(this.model);
	}

	private Mmap openModelled(long reserve, boolean append) throws IOException {
		return open(builder(path())
			.options(StandardOpenOption.READ, StandardOpenOption.CREATE,
					(append) ? StandardOpenOption.APPEND : StandardOpenOption.WRITE)
			.reserve(reserve));
	}

	private void step(Mmap file, Random random, boolean append) throws IOException {
		byte[] bytes = new byte[(random.nextInt(10) == 0) ? random.nextInt(12_000) : random.nextInt(100)];
		long offset = random.nextInt((int) Math.min(LARGEST, this.model.length * 5L / 4 + 50));
		switch (random.nextInt((append) ? 7 : 9)) {
			case 0 -> {
				byte[] expected = expected(bytes, offset);
				assertThat(file.readAt(bytes, offset)).isEqualTo(count(bytes.length, offset));
				assertThat(bytes).isEqualTo(expected);
			}
			case 1 -> {
				ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length);
				int read = file.readAt(buffer, offset);
				assertThat(read).isEqualTo(count(bytes.length, offset));
				assertThat(buffer.position()).isEqualTo(Math.max(0, read));
				buffer.rewind().get(bytes);
				assertThat(bytes).isEqualTo(expected(new byte[bytes.length], offset));
			}
			case 2 -> {
				byte[] expected = expected(bytes, this.cursor);
				int count = count(bytes.length, this.cursor);
				assertThat(file.read(bytes)).isEqualTo(count);
				assertThat(bytes).isEqualTo(expected);
				this.cursor += Math.max(0, count);
			}
			case 3 -> {
				random.nextBytes(bytes);
				long start = (append && bytes.length > 0) ? this.model.length : this.cursor;
				assertThat(file.write(bytes)).isEqualTo(bytes.length);
				put(bytes, start);
				this.cursor = start + bytes.length;
			}
			case 4 -> {
				if (offset <= this.model.length) {
					assertThat(file.seek(offset, Whence.START)).isEqualTo(offset);
					this.cursor = offset;
				}
			}
			case 5 -> {
				if (random.nextInt(4) == 0 || this.model.length > LARGEST) {
					int size = random.nextInt(LARGEST);
					file.truncate(size);
					this.model = Arrays.copyOf(this.model, size);
				}
			}
			case 6 -> {
				if (offset + 8 <= this.model.length) {
					long value = ByteBuffer.wrap(this.model).order(ByteOrder.LITTLE_ENDIAN).getLong((int) offset);
					assertThat(file.getLong(offset)).isEqualTo(value);
					assertThat(file.<Byte>access(offset, 8, (view) -> view.get(ValueLayout.JAVA_BYTE, 0)))
						.isEqualTo((byte) value);
				}
			}
			case 7 -> {
				random.nextBytes(bytes);
				ByteBuffer buffer = (random.nextBoolean()) ? ByteBuffer.wrap(bytes)
						: ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
				assertThat(file.writeAt(buffer, offset)).isEqualTo(bytes.length);
				put(bytes, offset);
			}
			default -> {
				if (offset < this.model.length) {
					this.model[(int) offset] = (byte) random.nextInt();
					file.putByte(offset, this.model[(int) offset]);
				}
			}
		}
	}

	private int count(int length, long offset) {
		if (length == 0) {
			return 0;
		}
		return (offset >= this.model.length) ? -1 : (int) Math.min(length, this.model.length - offset);
	}

	private byte[] expected(byte[] dst, long offset) {
		byte[] expected = dst.clone();
		int count = count(dst.length, offset);
		if (count > 0) {
			System.arraycopy(this.model, (int) offset, expected, 0, count);
		}
		return expected;
	}

	private void put(byte[] src, long offset) {
		if (src.length > 0) {
			this.model = Arrays.copyOf(this.model, Math.max(this.model.length, (int) offset + src.length));
			System.arraycopy(src, 0, this.model, (int) offset, src.length);
		}
	}

}
