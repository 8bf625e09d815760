package dev.yammap.internal.os.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import dev.yammap.LockMode;
import dev.yammap.MappedFaultException;
import dev.yammap.Mmap;
import dev.yammap.internal.AbstractFaultyLibraryTests;
import dev.yammap.internal.OnBackend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What the kernel is asked to do when a file grows, in which order, and what becomes of a
 * growth that fails half-way.
 */
@NullMarked
class GrowthTests extends AbstractFaultyLibraryTests {

	private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);

	private static final int PAGE = 4096;

	private static final String STAY = "were written before it failed, and stay";

	private Path path() {
		return this.directory.resolve("file");
	}

	/** Opens a file of seven bytes for reading and writing. */
	private Mmap open(LockMode lock, StandardOpenOption... more) throws IOException {
		Files.write(path(), CONTENT);
		this.mapping = this.mapping.withLock(lock);
		List<StandardOpenOption> options = new ArrayList<>(List.of(more));
		options.add(StandardOpenOption.READ);
		options.add(StandardOpenOption.WRITE);
		Mmap file = OnBackend.open(this.library.backend(), path(), this.mapping,
				options.toArray(StandardOpenOption[]::new));
		this.opened.add(file);
		this.library.calls();
		return file;
	}

	private static String messageOf(ThrowingCallable call) {
		List<String> messages = new ArrayList<>();
		assertThatExceptionOfType(IOException.class).isThrownBy(call)
			.satisfies((ex) -> messages.add(String.valueOf(ex.getMessage())));
		return messages.getFirst();
	}

	private static byte[] filled(int length) {
		return "x".repeat(length).getBytes(StandardCharsets.UTF_8);
	}

	/** Where stores went behind the end, some file systems would show them. */
	@Test
	void gapIsAllocatedAndTheTailOfItsPageZeroedBeforeWhatIsBehindIt() throws IOException {
		open(LockMode.NONE).writeAt(CONTENT, 5000);
		assertThat(this.library.changes()).containsExactly("fallocate 1 5000 7", "write " + (PAGE - 7),
				"pwrite 7 5000");
	}

	@Test
	void gapWithinAPageIsZeroedToItsEndAlone() throws IOException {
		open(LockMode.EXCLUSIVE).writeAt(CONTENT, 100);
		assertThat(this.library.changes()).containsExactly("fallocate 1 100 7", "pwrite 93 7", "pwrite 7 100");
		assertThat(path()).hasContent("content" + "\0".repeat(93) + "content");
	}

	@Test
	void writeAtTheEndAllocatesAndZeroesNothing() throws IOException {
		Mmap file = open(LockMode.NONE);
		file.writeAt(CONTENT, 7);
		file.writeAt(filled(20), 5);
		assertThat(this.library.changes()).containsExactly("pwrite 7 7", "pwrite 11 14");
		assertThat(path()).hasContent("conte" + "x".repeat(20));
	}

	@ParameterizedTest
	@EnumSource(names = { "NONE", "EXCLUSIVE" })
	void gapThatHasNoSpaceChangesNothing(LockMode lock) throws IOException {
		Mmap file = open(lock);
		this.library.fail("fallocate", FaultyLibrary.ENOSPC);
		assertThat(messageOf(() -> file.writeAt(CONTENT, 5000))).contains("No space left on device")
			.doesNotContain(STAY);
		assertThat(path()).hasBinaryContent(CONTENT);
		assertThat(this.library.changes()).first().asString().startsWith("fallocate");
	}

	/** Else they would be lost until the file is closed, and longer. */
	@Test
	void blocksOfAGrowthThatFailedAreGivenBack() throws IOException {
		Mmap file = open(LockMode.EXCLUSIVE);
		this.library.fail("pwrite", FaultyLibrary.EIO);
		assertThat(messageOf(() -> file.writeAt(CONTENT, 5000))).contains("Input/output error");
		assertThat(this.library.changes()).containsExactly("fallocate 1 5000 7", "pwrite " + (PAGE - 7) + " 7",
				"ftruncate 7");
		this.library.fail("pwrite", FaultyLibrary.EIO);
		assertThat(messageOf(() -> file.truncate(5000))).contains("Input/output error");
		assertThat(this.library.changes()).last().isEqualTo("ftruncate 7");
	}

	/** Whatever it was, memory included. */
	@ParameterizedTest
	@CsvSource({ "true", "false" })
	void errorHalfWayTakesBackWhatWasWritten(boolean truncate) throws IOException {
		Mmap file = open(LockMode.EXCLUSIVE);
		int[] calls = { 0 };
		this.library.before("pwrite", () -> {
			if (++calls[0] == 2) {
				throw new OutOfMemoryError("as it was");
			}
		});
		this.library.limitWrites(1000);
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> {
			if (truncate) {
				file.truncate(200_000);
			}
			else {
				file.writeAt(filled(100_000), 5);
			}
		}).withMessage("as it was");
		assertThat(path()).hasBinaryContent(CONTENT);
		assertThat(file.size()).isEqualTo(7);
	}

	@Test
	void extensionThatCannotBeLockedInMemoryIsTakenBackUnderALockAlone() throws IOException {
		this.mapping = this.mapping.withLocked(true);
		Mmap alone = open(LockMode.EXCLUSIVE);
		this.library.failAlways("mlock", FaultyLibrary.ENOMEM);
		assertThat(messageOf(() -> alone.writeAt(filled(10_000), 10)))
			.contains("lock in memory", "8192 bytes at offset 4096")
			.doesNotContain(STAY);
		assertThat(path()).hasBinaryContent(CONTENT);
		alone.close();
		this.library.mend();
		Mmap file = open(LockMode.NONE);
		this.library.failAlways("mlock", FaultyLibrary.ENOMEM);
		assertThat(messageOf(() -> file.writeAt(filled(10_000), 10))).contains("lock in memory",
				"10000 bytes at offset 10 " + STAY);
		assertThat(Files.size(path())).isEqualTo(10_010);
	}

	@Test
	void appendThatCannotBeLockedInMemoryIsTakenBackUnderALock() throws IOException {
		this.mapping = this.mapping.withLocked(true);
		Mmap file = open(LockMode.EXCLUSIVE);
		this.library.failAlways("mlock", FaultyLibrary.ENOMEM);
		assertThat(messageOf(() -> file.append(filled(10_000)))).contains("lock in memory").doesNotContain(STAY);
		assertThat(path()).hasBinaryContent(CONTENT);
		this.library.fail("ftruncate", FaultyLibrary.EIO);
		assertThat(messageOf(() -> file.append(filled(10_000)))).contains("truncate", "to 7 bytes");
		assertThat(Files.size(path())).isEqualTo(10_007);
		assertThatExceptionOfType(MappedFaultException.class).isThrownBy(file::close);
	}

	/** What an earlier one left is not told again. */
	@Test
	void failureTellsOfItsOwnPartAlone() throws IOException {
		Mmap file = open(LockMode.NONE);
		this.library.limitWrites(10);
		this.library.fail("pwrite", 2, FaultyLibrary.ENOSPC);
		assertThat(messageOf(() -> file.writeAt(filled(64), 7))).contains("10 bytes at offset 7 " + STAY);
		this.library.fail("pwrite", FaultyLibrary.ENOSPC);
		assertThat(messageOf(() -> file.writeAt(filled(64), 17))).doesNotContain(STAY);
		this.library.fail("write", 2, FaultyLibrary.ENOSPC);
		assertThat(messageOf(() -> file.append(filled(64)))).contains("10 bytes at offset 17 " + STAY);
		this.library.fail("write", FaultyLibrary.ENOSPC);
		assertThat(messageOf(() -> file.append(filled(64)))).doesNotContain(STAY);
		this.library.fail("write", 2, FaultyLibrary.ENOSPC);
		assertThat(messageOf(() -> file.append(filled(64)))).contains("10 bytes at offset 27 " + STAY);
		this.library.fail("fallocate", FaultyLibrary.ENOSPC);
		assertThat(messageOf(() -> file.truncate(100))).doesNotContain(STAY);
		assertThat(Files.size(path())).isEqualTo(37);
	}

	@Test
	void growthAllocatesAllItsBlocksUnlessItMayHaveHoles() throws IOException {
		Mmap file = open(LockMode.EXCLUSIVE);
		file.truncate(20_000);
		assertThat(this.library.changes()).containsExactly("fallocate 1 7 19993", "pwrite " + (PAGE - 7) + " 7",
				"fallocate 0 19999 1");
		file.close();
		open(LockMode.EXCLUSIVE, StandardOpenOption.SPARSE).truncate(20_000);
		assertThat(this.library.changes()).containsExactly("pwrite " + (PAGE - 7) + " 7", "fallocate 0 19999 1");
	}

	@Test
	void growthThatFoundNoBlocksBehindTheEndAllocatesThemWithin() throws IOException {
		Mmap file = open(LockMode.EXCLUSIVE);
		this.library.fail("fallocate", FaultyLibrary.EOPNOTSUPP);
		file.truncate(20_000);
		assertThat(this.library.changes()).last().isEqualTo("fallocate 0 7 19993");
	}

	@Test
	void fileWithoutBlocksIsMadeLongerAtOnceUnderALock() throws IOException {
		Mmap file = open(LockMode.EXCLUSIVE);
		this.library.failAlways("fallocate", FaultyLibrary.EOPNOTSUPP);
		file.truncate(20_000);
		assertThat(this.library.changes()).last().isEqualTo("ftruncate 20000");
		assertThat(Files.size(path())).isEqualTo(20_000);
	}

	/** Nothing but that is sure to cut off nothing of what others write. */
	@ParameterizedTest
	@CsvSource({ "0, false", "1, true" })
	void fileWithoutBlocksIsMadeLongerByZerosUpToAMebibyte(int more, boolean hole) throws IOException {
		Mmap file = open(LockMode.NONE);
		this.library.failAlways("fallocate", FaultyLibrary.EOPNOTSUPP);
		long size = 7L + (1 << 20) + more;
		file.truncate(size);
		List<String> changes = this.library.changes();
		assertThat(changes).noneMatch((change) -> change.startsWith("ftruncate"));
		assertThat(changes.contains("pwrite 1 " + (size - 1))).isEqualTo(hole);
		assertThat(Files.size(path())).isEqualTo(size);
		byte[] expected = new byte[(int) size];
		System.arraycopy(CONTENT, 0, expected, 0, CONTENT.length);
		assertThat(path()).hasBinaryContent(expected);
	}

	@Test
	void zerosThatWereWrittenBeforeAFailureStayWhereOthersMayWrite() throws IOException {
		Mmap file = open(LockMode.NONE);
		this.library.failAlways("fallocate", FaultyLibrary.EOPNOTSUPP);
		this.library.limitWrites(10);
		this.library.fail("write", 3, FaultyLibrary.ENOSPC);
		assertThat(messageOf(() -> file.truncate(100))).contains("20 bytes at offset 7 " + STAY);
		assertThat(Files.size(path())).isEqualTo(27);
	}

	/** Of a disk that is nearly full, as far as anybody is told. */
	@ParameterizedTest
	@CsvSource({ "0, true", "1, false" })
	void appendMayTakeAllThatIsFree(int more, boolean fits) throws IOException {
		int free = 25 * PAGE;
		Mmap file = open(LockMode.NONE);
		file.truncate(0);
		this.library.limitFreeBlocks(25);
		this.library.calls();
		byte[] bytes = filled(free + more);
		if (fits) {
			file.append(bytes);
			assertThat(this.library.changes()).containsExactly("fallocate 1 0 " + free, "write " + free);
		}
		else {
			assertThat(messageOf(() -> file.append(bytes))).contains("No space left on device");
			assertThat(this.library.changes()).isEmpty();
		}
	}

}
