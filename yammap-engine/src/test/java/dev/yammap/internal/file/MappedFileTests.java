package dev.yammap.internal.file;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import org.junit.jupiter.api.Test;

import dev.yammap.internal.os.AccessOptions;

import static org.assertj.core.api.Assertions.assertThat;

/** How far the accesses may go that ask nothing but that. */
class MappedFileTests {

	@Test
	void theEndsFollowTheSize() {
		MappedFile file = file(100, 1000, StandardOpenOption.READ, StandardOpenOption.WRITE);
		assertEnds(file, 100, 100);
		file.resize(400);
		assertEnds(file, 400, 400);
		file.resize(50);
		assertEnds(file, 50, 50);
	}

	@Test
	void theEndsStayInTheFirstMapping() {
		MappedFile file = file(100, 1000, StandardOpenOption.READ, StandardOpenOption.WRITE);
		file.map(MemorySegment.ofArray(new byte[4000]));
		file.resize(3000);
		assertEnds(file, 1000, 1000);
		file.resize(999);
		assertEnds(file, 999, 999);
	}

	@Test
	void nothingIsReadOfAFileThatIsNotReadable() {
		MappedFile file = file(100, 1000, StandardOpenOption.WRITE);
		assertEnds(file, -1, 100);
		file.resize(200);
		assertEnds(file, -1, 200);
	}

	@Test
	void nothingIsWrittenInPlaceToAFileThatIsReadOnlyOrAppendedTo() {
		assertEnds(file(100, 1000, StandardOpenOption.READ), 100, -1);
		assertEnds(file(100, 1000, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.APPEND), 100,
				-1);
	}

	@Test
	void nothingIsReadOrWrittenOnceTheFileIsClosed() {
		MappedFile file = file(100, 1000, StandardOpenOption.READ, StandardOpenOption.WRITE);
		file.close();
		assertEnds(file, -1, -1);
		assertThat(file.lastSize()).isEqualTo(100);
	}

	private static void assertEnds(MappedFile file, long readEnd, long writeEnd) {
		assertThat(file.readEnd()).isEqualTo(readEnd);
		assertThat(file.writeEnd()).isEqualTo(writeEnd);
	}

	private static MappedFile file(long size, int mapped, OpenOption... options) {
		return new MappedFile(Path.of("file"), AccessOptions.of(options), false, Arena.ofAuto().allocate(mapped), size);
	}

}
