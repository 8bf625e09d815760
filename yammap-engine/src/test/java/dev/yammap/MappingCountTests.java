package dev.yammap;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.StandardOpenOption;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A file that grows by small steps is mapped anew a few times only, whoever makes it
 * longer: a process may have 65,530 mappings, and the virtual machine ends without.
 */
class MappingCountTests extends AbstractMmapTests {

	private static final int GROWTHS = 100_000;

	private static final int STEP = 4096;

	private static final int FEW = 40;

	@Test
	void readerFollowsAFileThatAnotherMakesLonger() throws IOException {
		write(new byte[0]);
		assertFewMappingsWhileAnotherGrows(open(path(), StandardOpenOption.READ));
	}

	@Test
	void writerFollowsAFileThatAnotherMakesLonger() throws IOException {
		assertFewMappingsWhileAnotherGrows(openReadWrite());
	}

	@Test
	void fileGrowsPastTheMaximumSizeOfAnotherMmap() throws IOException {
		write(new byte[0]);
		assertFewMappingsWhileAnotherGrows(
				open(builder(path()).options(StandardOpenOption.READ, StandardOpenOption.WRITE).maxSize(10L * STEP)));
	}

	@Test
	void fileGrowsThatReservesNothing() throws IOException {
		write(new byte[0]);
		assertFewMappingsWhileAnotherGrows(
				open(builder(path()).options(StandardOpenOption.READ, StandardOpenOption.WRITE).reserve(0)));
	}

	@Test
	void fileIsMadeLongerByItsOwnMmap() throws IOException {
		Mmap file = open(
				builder(path()).options(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)
					.preallocate(false)
					.reserve(0));
		int mappings = 1;
		long mapped = file.mappedSize();
		for (int i = 1; i <= GROWTHS; i++) {
			file.truncate((long) i * STEP);
			if (file.mappedSize() != mapped) {
				mapped = file.mappedSize();
				mappings++;
			}
		}
		assertThat(mappings).isLessThanOrEqualTo(FEW);
	}

	private void assertFewMappingsWhileAnotherGrows(Mmap file) throws IOException {
		int mappings = 1;
		long mapped = file.mappedSize();
		try (RandomAccessFile other = new RandomAccessFile(path().toFile(), "rw")) {
			for (int i = 1; i <= GROWTHS; i++) {
				long size = (long) i * STEP;
				other.setLength(size);
				assertThat(file.refresh()).isEqualTo(size);
				if (file.mappedSize() != mapped) {
					mapped = file.mappedSize();
					mappings++;
				}
			}
			other.seek((long) (GROWTHS - 1) * STEP);
			other.write(7);
		}
		assertThat(readAt(file, 1, (long) (GROWTHS - 1) * STEP)).containsExactly(7);
		assertThat(mappings).isLessThanOrEqualTo(FEW);
	}

	@Test
	void fileThatIsOnlyReadReservesNothingUntilItGrows() throws IOException {
		write(new byte[SOME_PAGES]);
		Mmap file = open(path(), StandardOpenOption.READ);
		assertThat(file.mappedSize()).isLessThan(SOME_PAGES + (1 << 16));
	}

}
