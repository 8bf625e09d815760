package dev.yammap.internal.os.portable;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.yammap.internal.os.AccessOptions;
import dev.yammap.internal.os.BackendFile;
import dev.yammap.internal.os.MappingOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of {@link PortableBackend} and its parts that its contract does not show.
 */
@NullMarked
class PortableBackendTests {

	private static final int RECORD = 640;

	private static final int RECORDS = 5_000;

	/**
	 * A file is mapped again when it has 64 KiB more, and a third more, than what is
	 * mapped: 12 times until it has the size of all records.
	 */
	private static final int MAPPINGS = 12;

	@TempDir
	private Path directory = Path.of("");

	private BackendFile open(boolean syncCoversMappings) throws IOException {
		AccessOptions access = AccessOptions.of(StandardOpenOption.READ, StandardOpenOption.WRITE,
				StandardOpenOption.CREATE);
		return new PortableBackend(syncCoversMappings, new DescriptorNames(Path.of("/proc"), new Random())).open(path(),
				access, PosixFilePermissions.fromString("rw-------"), MappingOptions.DEFAULT);
	}

	private Path path() {
		return this.directory.resolve("file");
	}

	private static void close(BackendFile file) throws IOException {
		file.close();
		file.unmap();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void syncReachesWhatWasStoredThroughEveryMapping(boolean syncCoversMappings) throws IOException {
		BackendFile file = open(syncCoversMappings);
		MemorySegment first = file.map(0);
		file.grow(0, 100, true);
		MemorySegment second = file.map(100);
		file.grow(100, 200_000, true);
		MemorySegment third = file.map(200_000);
		assertThat(first.byteSize()).isZero();
		second.set(ValueLayout.JAVA_BYTE, 1, (byte) 1);
		third.set(ValueLayout.JAVA_BYTE, 199_999, (byte) 2);
		file.sync();
		byte[] content = Files.readAllBytes(path());
		assertThat(content).hasSize(200_000);
		assertThat(content[1]).isEqualTo((byte) 1);
		assertThat(content[199_999]).isEqualTo((byte) 2);
		close(file);
	}

	@Test
	void mappingFollowsAppendsInFewStepsAndIsNeverLongerThanTheFile() throws IOException {
		BackendFile file = open(true);
		MemorySegment newest = file.map(0);
		MemorySegment record = MemorySegment.ofArray(new byte[RECORD]);
		int mappings = 0;
		for (int i = 1; i <= RECORDS; i++) {
			file.append(record, 0, RECORD);
			long end = file.appendedEnd();
			assertThat(end).isEqualTo((long) i * RECORD);
			MemorySegment mapping = file.map(end);
			mappings += mapping.equals(newest) ? 0 : 1;
			newest = mapping;
		}
		long size = (long) RECORDS * RECORD;
		assertThat(file.size()).isEqualTo(size);
		assertThat(mappings).isEqualTo(MAPPINGS);
		assertThat(newest.byteSize()).isBetween(size * 3 / 4, size);
		assertThat(file.mapAll(size).byteSize()).isEqualTo(size);
		close(file);
	}

	@Test
	void mappingOfAFileThatIsTooLongIsPutOff() throws IOException {
		BackendFile file = open(true);
		MemorySegment newest = file.map(0);
		assertThat(file.map(Long.MAX_VALUE)).isSameAs(newest);
		file.grow(0, 1 << 20, false);
		assertThat(file.map(Long.MAX_VALUE).byteSize()).isEqualTo(1 << 20);
		close(file);
	}

	@Test
	void everyMappingEndsWithTheFile() throws IOException {
		BackendFile file = open(true);
		MemorySegment empty = file.map(0);
		file.grow(0, 100, true);
		MemorySegment mapping = file.map(100);
		close(file);
		assertThat(empty.scope().isAlive()).isFalse();
		assertThatIllegalStateException().isThrownBy(() -> mapping.get(ValueLayout.JAVA_BYTE, 0));
	}

	@Test
	void spaceThatIsNotThereIsToldBeforeAnythingIsWritten() throws IOException {
		BackendFile file = open(true);
		file.map(0);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> file.grow(0, 1L << 60, true))
			.withMessageContaining("No space left on device")
			.withMessageContaining(path().toString());
		assertThat(path()).isEmptyFile();
		close(file);
	}

	@Test
	void appendTellsWhereItEndedWhoeverElseAppends() throws IOException {
		try (RandomAccessFile file = new RandomAccessFile(path().toFile(), "rw");
				AppendStream first = new AppendStream(path(), path(), file);
				AppendStream second = new AppendStream(path(), path(), file)) {
			first.write(MemorySegment.ofArray(new byte[10]), 0, 10);
			second.write(MemorySegment.ofArray(new byte[100_000]), 0, 100_000);
			assertThat(first.position()).isEqualTo(10);
			assertThat(second.position()).isEqualTo(100_010);
			first.write(new byte[5]);
			assertThat(first.position()).isEqualTo(100_015);
			assertThat(second.position()).isEqualTo(100_010);
		}
	}

}
