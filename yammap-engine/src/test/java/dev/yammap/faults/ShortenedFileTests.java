package dev.yammap.faults;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

import dev.yammap.MappedFaultException;
import dev.yammap.Mmap;
import dev.yammap.MmapListener;
import dev.yammap.Whence;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests what is said and what is changed when somebody else has shortened the file.
 */
class ShortenedFileTests extends AbstractFaultTests {

	private static final int SIZE = 1 << 20;

	private static final int LEFT = 1 << 16;

	@TempDir
	private Path directory;

	private Path path;

	@BeforeEach
	void createFile() throws IOException {
		this.path = Files.write(this.directory.resolve("file"), Probe.filled(SIZE));
	}

	private void shorten() throws IOException {
		try (FileChannel channel = FileChannel.open(this.path, StandardOpenOption.WRITE)) {
			channel.truncate(LEFT);
		}
	}

	@Test
	void faultSaysWhatWasDoneWhereAndWhy() throws Exception {
		try (Mmap file = open(this.path)) {
			shorten();
			assertThatExceptionOfType(MappedFaultException.class)
				.isThrownBy(() -> file.readAt(new byte[100], LEFT + 1000))
				.withMessageContainingAll(this.path.toString(), Integer.toString(LEFT + 1000), "100",
						Integer.toString(LEFT), "shortened");
		}
	}

	@Test
	void cursorStaysAfterFault() throws Exception {
		try (Mmap file = open(this.path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
			file.seek(LEFT + 10, Whence.START);
			shorten();
			assertThatExceptionOfType(MappedFaultException.class).isThrownBy(() -> file.read(new byte[100]));
			assertThatExceptionOfType(MappedFaultException.class).isThrownBy(() -> file.write(new byte[100]));
			assertThat(file.offset()).isEqualTo(LEFT + 10);
			file.seek(10, Whence.START);
			assertThat(file.read(new byte[100])).isEqualTo(100);
		}
	}

	@Test
	void growthIsRefusedAndLeavesTheShortenedFileAsItIs() throws Exception {
		try (Mmap file = open(this.path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
			shorten();
			assertThatExceptionOfType(MappedFaultException.class).isThrownBy(() -> file.writeAt(new byte[100], SIZE));
			assertThatExceptionOfType(MappedFaultException.class)
				.isThrownBy(() -> file.writeAt(new byte[100], SIZE - 50));
			assertThat(file.size()).isEqualTo(SIZE);
			assertThat(this.path).hasBinaryContent(Probe.filled(LEFT));
		}
	}

	@Test
	void appendFailsAndLeavesTheShortenedFileWithWhatItAppended() throws Exception {
		try (Mmap file = open(this.path, StandardOpenOption.APPEND)) {
			shorten();
			assertThatExceptionOfType(MappedFaultException.class).isThrownBy(() -> file.write(new byte[100]))
				.withMessageContaining("100 bytes at offset " + LEFT);
			assertThat(this.path).hasBinaryContent(Arrays.copyOf(Probe.filled(LEFT), LEFT + 100));
		}
	}

	@Test
	void truncateMakesTheFileWholeAgain() throws Exception {
		try (Mmap file = open(this.path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
			shorten();
			file.truncate(SIZE);
			assertThat(file.get(ValueLayout.JAVA_LONG_UNALIGNED, SIZE - 8)).isZero();
			assertThat(file.get(ValueLayout.JAVA_LONG_UNALIGNED, 0)).isEqualTo(Probe.LONG_FILL);
			file.set(ValueLayout.JAVA_LONG_UNALIGNED, SIZE - 8, 42);
			assertThat(this.path).hasSize(SIZE);
		}
	}

	@Test
	void faultWinsOverWhatTheFunctionOfAnAccessThrows() throws Exception {
		try (Mmap file = open(this.path)) {
			shorten();
			assertThatExceptionOfType(MappedFaultException.class).isThrownBy(() -> file.access(LEFT, 1000, (view) -> {
				byte[] copy = new byte[8];
				view.asByteBuffer().get(copy);
				throw new IllegalStateException("never seen");
			}));
		}
	}

	@Test
	void everyFaultIsToldToTheListener() throws Exception {
		FaultCounter listener = new FaultCounter();
		try (Mmap file = builder(this.path).listener(listener).open()) {
			shorten();
			for (int i = 0; i < 3; i++) {
				assertThatExceptionOfType(MappedFaultException.class).isThrownBy(() -> file.readAt(new byte[1], LEFT));
			}
		}
		assertThat(listener.faults).isEqualTo(3);
	}

	private static final class FaultCounter implements MmapListener {

		private int faults;

		@Override
		public void faulted(Mmap file, MappedFaultException fault) {
			this.faults++;
		}

	}

}
