package dev.yammap;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Files that somebody else changes, as another process would.
 */
class OtherWritersTests extends AbstractMmapTests {

	private static final byte[] OURS = random(100, 1);

	private static final byte[] THEIRS = random(20_000, 2);

	@Test
	void readAtTheKnownEndSeesWhatAnotherAppended() throws IOException {
		Mmap file = openReadWrite(OURS);
		byte[] dst = new byte[200];
		assertThat(file.readAt(dst, 100)).isEqualTo(-1);
		writeFromOutside(THEIRS, 100);
		assertThat(file.readAt(dst, 100)).isEqualTo(200);
		assertThat(dst).isEqualTo(Arrays.copyOf(THEIRS, 200));
		assertThat(file.size()).isEqualTo(20_100);
		assertThat(readAt(file, 30_000, 100)).isEqualTo(THEIRS);
	}

	@Test
	void readAcrossTheKnownEndGetsWhatThereIs() throws IOException {
		Mmap file = openReadWrite(OURS);
		writeFromOutside(THEIRS, 100);
		byte[] all = concat(OURS, THEIRS);
		byte[] dst = new byte[30_000];
		int read = file.readAt(dst, 0);
		assertThat(read).isIn(100, 20_100);
		assertThat(Arrays.copyOf(dst, read)).isEqualTo(Arrays.copyOf(all, read));
	}

	@Test
	void cursorReadAtTheKnownEndSeesWhatAnotherAppended() throws IOException {
		for (Mmap file : new Mmap[] { openReadWrite(OURS), open(path()), openAppend() }) {
			file.seek(0, Whence.END);
			assertThat(file.read(new byte[10])).isEqualTo(-1);
			writeFromOutside(THEIRS, 100);
			ByteBuffer dst = ByteBuffer.allocateDirect(150);
			assertThat(file.read(dst)).isEqualTo(150);
			assertThat(file.offset()).isEqualTo(250);
			assertThat(file.size()).isEqualTo(20_100);
			file.close();
			shortenFromOutside(100);
		}
	}

	@Test
	void readOnlyMmapFollowsAGrowingFileFarBeyondWhatItMapped() throws IOException {
		Mmap reader = open(write(OURS));
		Mmap writer = openReadWrite();
		writer.truncate(64 << 20);
		writer.write(THEIRS);
		byte[] dst = new byte[10];
		writer.writeAt(THEIRS, 64 << 20);
		assertThat(reader.readAt(dst, 64 << 20)).isEqualTo(10);
		assertThat(dst).isEqualTo(Arrays.copyOf(THEIRS, 10));
		assertThat(reader.get(ValueLayout.JAVA_BYTE, 5)).isEqualTo(THEIRS[5]);
		assertThat(reader.segment().byteSize()).isEqualTo((64 << 20) + 20_000);
	}

	@Test
	void refreshSeesWhatAnotherAppended() throws IOException {
		Mmap file = openReadWrite(OURS);
		assertThat(file.refresh()).isEqualTo(100);
		writeFromOutside(THEIRS, 100);
		assertThat(file.size()).isEqualTo(100);
		assertThat(file.refresh()).isEqualTo(20_100);
		assertThat(file.size()).isEqualTo(20_100);
		assertThat(file.get(ValueLayout.JAVA_BYTE, 20_099)).isEqualTo(THEIRS[19_999]);
	}

	@Test
	void refreshDoesNotHideThatAnotherShortenedTheFile() throws IOException {
		Mmap file = openReadWrite(OURS);
		shortenFromOutside(10);
		assertThat(file.refresh()).isEqualTo(100);
	}

	@Test
	void privateMappingKeepsItsSize() throws IOException {
		write(OURS);
		Mmap file = openPrivate();
		writeFromOutside(THEIRS, 100);
		assertThat(file.refresh()).isEqualTo(100);
	}

	@Test
	void closedFileCannotBeRefreshed() throws IOException {
		Mmap file = openReadWrite(OURS);
		file.close();
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(file::refresh);
	}

	@Test
	void writesWithinTheKnownSizeDoNotCutTheFile() throws IOException {
		Mmap file = openReadWrite(OURS);
		writeFromOutside(THEIRS, 100);
		file.writeAt(new byte[100], 0);
		file.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, 1);
		file.sync();
		assertThat(content()).hasSize(20_100);
		assertThat(Arrays.copyOfRange(content(), 100, 20_100)).isEqualTo(THEIRS);
	}

	@ParameterizedTest
	@ValueSource(ints = { 10, 5_000, 19_999 })
	void growingWriteDoesNotCutWhatAnotherAppended(int length) throws IOException {
		Mmap file = openReadWrite(OURS);
		writeFromOutside(THEIRS, 100);
		byte[] src = random(length, 3);
		file.writeAt(src, 100);
		byte[] expected = concat(OURS, src, Arrays.copyOfRange(THEIRS, length, THEIRS.length));
		assertThat(content()).isEqualTo(expected);
		assertThat(readAt(file, 30_000, 0).length).isGreaterThanOrEqualTo(100 + length);
		assertThat(readAt(file, 30_000, 100 + length)).isEqualTo(Arrays.copyOfRange(THEIRS, length, THEIRS.length));
	}

	@ParameterizedTest
	@ValueSource(ints = { 101, 4_000, 10_000, 20_100, 30_000 })
	void gapOfAGrowingWriteKeepsWhatAnotherAppended(int offset) throws IOException {
		Mmap file = openReadWrite(OURS);
		writeFromOutside(THEIRS, 100);
		file.writeAt(new byte[] { 1, 2, 3 }, offset);
		byte[] expected = Arrays.copyOf(concat(OURS, THEIRS), Math.max(20_100, offset + 3));
		System.arraycopy(new byte[] { 1, 2, 3 }, 0, expected, offset, 3);
		assertThat(content()).isEqualTo(expected);
	}

	@Test
	void cursorWriteAtTheKnownEndDoesNotCutWhatAnotherAppended() throws IOException {
		Mmap file = openReadWrite(OURS);
		file.seek(0, Whence.END);
		writeFromOutside(THEIRS, 100);
		file.write(new byte[10]);
		assertThat(content()).isEqualTo(concat(OURS, new byte[10], Arrays.copyOfRange(THEIRS, 10, THEIRS.length)));
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void growingTruncateKeepsWhatAnotherAppended(boolean preallocate) throws IOException {
		write(OURS);
		Mmap file = open(
				builder(path()).options(StandardOpenOption.READ, StandardOpenOption.WRITE).preallocate(preallocate));
		writeFromOutside(THEIRS, 100);
		file.truncate(30_000);
		assertThat(file.size()).isEqualTo(30_000);
		assertThat(content()).isEqualTo(Arrays.copyOf(concat(OURS, THEIRS), 30_000));
	}

	@Test
	void extendingWriteToAFileThatAnotherShortenedFails() throws IOException {
		Mmap file = openReadWrite(random(8_192, 1));
		shortenFromOutside(100);
		assertThatExceptionOfType(MappedFaultException.class).isThrownBy(() -> file.writeAt(new byte[10], 8_192))
			.withMessageContaining(path().toString());
		assertThatExceptionOfType(MappedFaultException.class).isThrownBy(() -> file.writeAt(new byte[10], 10_000));
		assertThatExceptionOfType(MappedFaultException.class).isThrownBy(() -> file.writeAt(new byte[10], 8_190));
		assertThat(file.size()).isEqualTo(8_192);
		assertThat(content()).hasSize(100);
	}

	@Test
	void cursorWriteToAFileThatAnotherShortenedFails() throws IOException {
		Mmap file = openReadWrite(random(8_192, 1));
		file.seek(0, Whence.END);
		shortenFromOutside(100);
		assertThatExceptionOfType(MappedFaultException.class).isThrownBy(() -> file.write(new byte[10]));
		assertThat(file.offset()).isEqualTo(8_192);
		assertThat(file.size()).isEqualTo(8_192);
		assertThat(content()).hasSize(100);
	}

	@Test
	void appendToAFileThatAnotherShortenedFails() throws IOException {
		write(random(8_192, 1));
		Mmap file = openAppend();
		shortenFromOutside(100);
		assertThatExceptionOfType(MappedFaultException.class).isThrownBy(() -> file.write(new byte[10]))
			.withMessageContaining("10 bytes at offset 100 were written");
		assertThat(file.size()).isEqualTo(8_192);
		assertThat(file.offset()).isZero();
		assertThat(content()).hasSize(110);
	}

	@Test
	void writeThatMeetsAPageThatIsGoneCountsAsWritten() throws IOException {
		Mmap file = openReadWrite(new byte[131_072]);
		file.sync();
		file.sync();
		assertThat(file.isDirty()).isFalse();
		shortenFromOutside(65_536);
		assertThatExceptionOfType(MappedFaultException.class).isThrownBy(() -> file.writeAt(filled(131_072, 7), 0));
		assertThat(content()).isEqualTo(filled(65_536, 7));
		assertThat(file.isDirty()).isTrue();
	}

	@Test
	void readOfAPageThatAnotherCutOffFailsAndTheRestStaysReadable() throws IOException {
		byte[] content = random(SOME_PAGES, 1);
		Mmap file = openReadWrite(content);
		shortenFromOutside(4_096);
		assertThatExceptionOfType(MappedFaultException.class).isThrownBy(() -> file.readAt(new byte[10], 100_000))
			.withMessageContaining(path().toString());
		assertThat(readAt(file, 100, 3_000)).isEqualTo(Arrays.copyOfRange(content, 3_000, 3_100));
		file.truncate(100);
		assertThat(content()).isEqualTo(Arrays.copyOf(content, 100));
	}

	/**
	 * On tmpfs what a mapping stored behind the end of a file comes back when the file
	 * grows, unless whoever grows it clears it.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void bytesThatAnotherStoredBehindTheEndReadAsZerosAfterGrowth(boolean byWrite) throws IOException {
		Path memory = Path.of("/dev/shm");
		Path path = Files.createTempFile(Files.isDirectory(memory) ? memory : this.directory, "yammap", ".dat");
		try {
			Mmap file = open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
			file.truncate(100);
			storeBehindTheEnd(path);
			if (byWrite) {
				file.writeAt(new byte[] { 7 }, 5_000);
			}
			else {
				file.truncate(5_001);
				file.set(ValueLayout.JAVA_BYTE, 5_000, (byte) 7);
			}
			byte[] expected = new byte[5_001];
			expected[5_000] = 7;
			assertThat(readAt(file, 10_000, 0)).isEqualTo(expected);
		}
		finally {
			Files.delete(path);
		}
	}

	private static void storeBehindTheEnd(Path path) throws IOException {
		try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
			ByteBuffer mapped = channel.map(MapMode.READ_WRITE, 0, 4_000);
			channel.truncate(100);
			mapped.put(100, filled(3_900, 0xFF));
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void growthHarmsNothingThatIsAppendedMeanwhile(boolean preallocate) throws Exception {
		Mmap appending = openAppend();
		Mmap growing = open(
				builder(path()).options(StandardOpenOption.READ, StandardOpenOption.WRITE).preallocate(preallocate));
		Set<Long> written = ConcurrentHashMap.newKeySet();
		Race.onPlatformThreads().with(() -> {
			for (long number = 0; number < 1_000; number++) {
				Records.append(appending, number);
				written.add(number);
			}
		}).runWith(() -> {
			for (int i = 0; i < 200 && written.size() < 1_000; i++) {
				growing.truncate(growing.refresh() + 100_000);
			}
		});
		assertThat(Records.in(content())).hasSize(1_000);
	}

	@Test
	void anotherProcessIsHeardAndHears() throws Exception {
		Mmap file = openReadWrite(OURS);
		file.writeAt(new byte[] { 'x' }, 0);
		Process process = new ProcessBuilder("sh", "-c", "head -c 1 file.dat && printf more >> file.dat")
			.directory(this.directory.toFile())
			.start();
		assertThat(process.getInputStream().readAllBytes()).containsExactly('x');
		assertThat(process.waitFor()).isZero();
		assertThat(readAt(file, 100, 100)).containsExactly('m', 'o', 'r', 'e');
		assertThat(file.size()).isEqualTo(104);
	}

	@Test
	void rangeAndPlaceOfWhatAnotherAppendedAreWithinTheFile() throws IOException {
		Mmap file = openReadWrite(OURS);
		writeFromOutside(THEIRS, 100);
		file.sync(0, 20_100);
		assertThat(file.size()).isEqualTo(20_100);
		writeFromOutside(THEIRS, 20_100);
		file.sync(40_100, 0);
		assertThat(file.size()).isEqualTo(40_100);
		writeFromOutside(THEIRS, 40_100);
		assertThat(file.seek(60_100, Whence.START)).isEqualTo(60_100);
		assertThat(file.read(new byte[1])).isEqualTo(-1);
		if (this.backend == Backend.NATIVE) {
			writeFromOutside(THEIRS, 60_100);
			file.punchHole(60_100, 20_000);
			assertThat(readAt(file, 30_000, 60_100)).isEqualTo(new byte[20_000]);
		}
	}

}
