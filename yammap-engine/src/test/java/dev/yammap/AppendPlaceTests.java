package dev.yammap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;

import dev.yammap.faults.ChildJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIndexOutOfBoundsException;

/**
 * {@link Mmap#append}: where the bytes are.
 */
class AppendPlaceTests extends AbstractMmapTests {

	private static final OpenOption[] READ_WRITE_CREATE = { StandardOpenOption.READ, StandardOpenOption.WRITE,
			StandardOpenOption.CREATE };

	private static final OpenOption[] READ_APPEND = { StandardOpenOption.READ, StandardOpenOption.APPEND };

	private static final byte[] CONTENT = "0123456789".getBytes(StandardCharsets.UTF_8);

	private static final byte[] ABCD = "abcd".getBytes(StandardCharsets.UTF_8);

	@Test
	void placeIsTheEndThatWas() throws IOException {
		for (LockMode lock : LockMode.values()) {
			for (OpenOption[] options : List.of(READ_WRITE_CREATE, READ_APPEND)) {
				write(CONTENT);
				Mmap file = open(builder(path()).options(options).lock(lock));
				assertThat(file.append(ABCD)).isEqualTo(10);
				assertThat(file.append(ABCD, 1, 2)).isEqualTo(14);
				assertThat(file.append(new byte[0])).isEqualTo(16);
				assertThat(file.append(ByteBuffer.wrap(ABCD).asReadOnlyBuffer())).isEqualTo(16);
				assertThat(file.size()).isEqualTo(20);
				assertThat(file.offset()).as("the cursor stays").isZero();
				assertThat(content()).asString(StandardCharsets.UTF_8).isEqualTo("0123456789abcdbcabcd");
				byte[] large = random(200_000, 1);
				assertThat(file.append(large)).isEqualTo(20);
				assertThat(readAt(file, 200_000, 20)).isEqualTo(large);
				file.sync();
				file.close();
			}
		}
	}

	@Test
	void positionOfTheBufferMovesToItsLimitUnlessTheCallFails() throws IOException {
		Mmap file = open(builder(path()).options(READ_WRITE_CREATE).maxSize(10));
		ByteBuffer buffer = ByteBuffer.allocateDirect(20).position(3).limit(9);
		assertThat(file.append(buffer)).isZero();
		assertThat(buffer.position()).isEqualTo(9);
		buffer.position(3);
		assertThatIOException().isThrownBy(() -> file.append(buffer)).withMessageContaining("maxSize");
		assertThat(buffer.position()).isEqualTo(3);
		assertThat(file.size()).isEqualTo(6);
		assertThat(content()).hasSize(6);
	}

	@Test
	void appendsAndOtherWritesTakeTurns() throws IOException {
		Mmap file = openReadWrite();
		for (int i = 0; i < 100; i++) {
			assertThat(file.append(new byte[] { 1, (byte) i })).isEqualTo(6L * i);
			file.writeAt(new byte[] { 2, (byte) i }, file.size());
			file.seek(0, Whence.END);
			file.write(new byte[] { 3, (byte) i });
		}
		byte[] content = content();
		assertThat(content).hasSize(600);
		for (int i = 0; i < 600; i += 2) {
			assertThat(content[i]).isEqualTo((byte) (i / 2 % 3 + 1));
			assertThat(content[i + 1]).isEqualTo((byte) (i / 6));
		}
		file.truncate(7);
		assertThat(file.append(ABCD)).isEqualTo(7);
	}

	@Test
	void placeIsBehindWhatOthersAppended() throws IOException {
		Mmap file = openReadWrite(CONTENT);
		Mmap other = openAppend();
		for (int i = 0; i < 50; i++) {
			assertThat(other.append(ABCD)).isEqualTo(10 + 12L * i);
			assertThat(file.append(ABCD)).isEqualTo(14 + 12L * i);
			other.write(ABCD);
		}
		assertThat(file.refresh()).isEqualTo(610);
	}

	@Test
	void everyThreadLearnsItsOwnPlace() throws Exception {
		write(CONTENT);
		Mmap writer = openReadWrite();
		Mmap other = openReadWrite();
		Race.onPlatformThreads().with(6, (thread) -> () -> {
			Mmap file = (thread % 2 == 0) ? writer : other;
			for (int i = 0; i < 2_000; i++) {
				byte[] record = record(thread, i);
				long place = file.append(record);
				assertThat(readAt(file, record.length, place)).isEqualTo(record);
			}
		}).run();
		assertThat(writer.refresh())
			.isEqualTo(10 + 6L * IntStream.range(0, 2_000).map((i) -> record(0, i).length).sum());
		writer.sync();
		other.sync();
	}

	static byte[] record(int writer, int number) {
		byte[] record = new byte[8 + number % 100];
		ByteBuffer.wrap(record).putInt(0, writer).putInt(4, number);
		return record;
	}

	@Test
	void everyProcessLearnsItsOwnPlace(@TempDir Path directory) throws Exception {
		write(CONTENT);
		List<FutureTask<String>> children = IntStream.range(1, 3)
			.mapToObj((number) -> new FutureTask<>(
					() -> new ChildJvm(AppendPlaceProgram.class, directory).on(this.backend)
						.arguments(path(), this.backend, number)
						.run()))
			.toList();
		children.forEach((child) -> Thread.ofPlatform().start(child));
		AppendPlaceProgram.appendAndCheck(openReadWrite(), 0);
		for (FutureTask<String> child : children) {
			child.get();
		}
		AppendPlaceProgram.requireComplete(content(), CONTENT.length, 3);
	}

	@Test
	void whatMayNotGrowIsRefused() throws IOException {
		write(CONTENT);
		assertThatExceptionOfType(NonWritableChannelException.class).isThrownBy(() -> open(path()).append(ABCD));
		assertThatIOException().isThrownBy(() -> openPrivate().append(ABCD)).withMessageContaining("private mapping");
		Mmap limited = open(builder(path()).options(StandardOpenOption.WRITE).maxSize(13));
		assertThatIOException().isThrownBy(() -> limited.append(ABCD)).withMessageContaining("13 bytes");
		assertThat(limited.append(ABCD, 0, 3)).isEqualTo(10);
		assertThatIndexOutOfBoundsException().isThrownBy(() -> limited.append(ABCD, 1, 4));
		limited.close();
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> limited.append(ABCD));
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> limited.append(new byte[0]));
		assertThat(content()).hasSize(13);
	}

	@Test
	void appendOfSyncedFileIsDurable() throws IOException {
		Mmap file = open(path(), StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.SYNC);
		assertThat(file.append(ABCD)).isZero();
		file.sync();
		assertThat(file.isDirty()).isFalse();
		assertThat(content()).isEqualTo(ABCD);
	}

}
