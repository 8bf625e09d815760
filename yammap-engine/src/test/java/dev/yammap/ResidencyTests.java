package dev.yammap;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * {@code populate} and {@code locked}: the process's own entries in {@code /proc} tell
 * what is in memory. The portable backend can only read in, and refuses to lock.
 */
class ResidencyTests extends AbstractMmapTests {

	private static final int SIZE = 40_960;

	private static final StandardOpenOption[] READ_WRITE_CREATE = { StandardOpenOption.READ, StandardOpenOption.WRITE,
			StandardOpenOption.CREATE };

	@Test
	void nothingIsMappedBeforeItIsTouchedUnlessAsked() throws IOException {
		open(write(random(SIZE, 1)));
		assertThat(kilobytes("Rss:")).isZero();
		assertThat(kilobytes("Locked:")).isZero();
	}

	@Test
	void populatedFileIsMappedAtOnce() throws IOException {
		open(builder(write(random(SIZE, 1))).populate(true));
		assertMapped(SIZE);
		assertThat(kilobytes("Locked:")).isZero();
	}

	@Test
	void whatAPopulatedFileGrowsByIsMappedToo() throws IOException {
		Mmap file = open(builder(path()).options(READ_WRITE_CREATE).populate(true));
		file.truncate(SIZE);
		assertMapped(SIZE);
		file.writeAt(random(SIZE, 1), SIZE);
		assertMapped(2 * SIZE);
	}

	/**
	 * Else the first write to each page would still have to wait, and might find none.
	 */
	@Test
	void populatedPrivateMappingHasPagesOfItsOwnIfItCanBeWritten() throws IOException {
		Mmap.Builder builder = builder(write(random(SIZE, 1))).populate(true).mode(MapMode.PRIVATE);
		Mmap readOnly = open(builder);
		assertThat(kilobytes("Anonymous:")).isZero();
		readOnly.close();
		open(builder.options(StandardOpenOption.READ, StandardOpenOption.WRITE));
		if (this.backend == Backend.NATIVE) {
			assertThat(kilobytes("Anonymous:")).isEqualTo(SIZE / 1024);
		}
	}

	@Test
	void populatedSharedMappingWritesNothing(@TempDir(factory = OnDisk.class) Path disk) throws IOException {
		this.directory = disk;
		write(random(SIZE, 1));
		Mmap file = open(builder(path()).options(READ_WRITE_CREATE));
		file.sync();
		file.close();
		open(builder(path()).options(READ_WRITE_CREATE).populate(true));
		assertThat(kilobytes("Shared_Dirty:") + kilobytes("Private_Dirty:")).isZero();
	}

	@Test
	void lockedFileIsLockedAndItsReservationIsNot() throws IOException {
		Mmap.Builder builder = builder(write(random(SIZE, 1))).options(READ_WRITE_CREATE)
			.lockInMemory(true)
			.reserve(1 << 30);
		if (isRefused(builder)) {
			return;
		}
		Mmap file = open(builder);
		assertThat(kilobytes("Locked:")).isBetween(SIZE / 1024L, 200L);
		file.close();
		assertThat(kilobytes("Locked:")).isZero();
	}

	@Test
	void whatALockedFileGrowsByIsLockedToo() throws IOException {
		Mmap.Builder builder = builder(path()).options(READ_WRITE_CREATE).lockInMemory(true);
		if (isRefused(builder)) {
			assertThat(path()).doesNotExist();
			return;
		}
		Mmap file = open(builder);
		file.write(random(5_000, 1));
		file.truncate(SIZE);
		assertThat(kilobytes("Locked:")).isBetween(SIZE / 1024L, 200L);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 4096, SIZE })
	void everyKindOfFileCanBePopulatedAndLocked(int size) throws IOException {
		byte[] content = random(size, 1);
		write(content);
		for (MapMode mode : MapMode.values()) {
			for (Mmap.Builder builder : new Mmap.Builder[] { builder(path()),
					builder(path()).options(StandardOpenOption.READ, StandardOpenOption.WRITE) }) {
				Mmap file = open(builder.mode(mode).populate(true).lockInMemory(this.backend == Backend.NATIVE));
				assertThat(file.segment().byteSize()).isEqualTo(size);
				assertThat(readAt(file, size + 1, 0)).isEqualTo(content);
				file.close();
			}
		}
		open(builder(path()).options(StandardOpenOption.APPEND)
			.populate(true)
			.lockInMemory(this.backend == Backend.NATIVE)).write(new byte[10]);
		assertThat(content()).isEqualTo(concat(content, new byte[10]));
	}

	private void assertMapped(int size) throws IOException {
		if (this.backend == Backend.NATIVE) {
			assertThat(kilobytes("Rss:")).isGreaterThanOrEqualTo(size / 1024);
		}
	}

	private boolean isRefused(Mmap.Builder builder) {
		if (this.backend == Backend.NATIVE) {
			return false;
		}
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(builder::open)
			.withMessageContaining(path().toString())
			.withMessageContaining("lockInMemory");
		return true;
	}

	/**
	 * Sums up a figure of the mappings of the usual file.
	 */
	private long kilobytes(String figure) throws IOException {
		long sum = 0;
		boolean ours = false;
		for (String line : Files.readAllLines(Path.of("/proc/self/smaps"), StandardCharsets.ISO_8859_1)) {
			String[] words = line.split("\\s+", -1);
			if (!words[0].endsWith(":")) {
				ours = line.endsWith(path().toString());
			}
			else if (ours && words[0].equals(figure)) {
				sum += Long.parseLong(words[1]);
			}
		}
		return sum;
	}

}
