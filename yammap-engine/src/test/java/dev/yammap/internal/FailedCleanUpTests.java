package dev.yammap.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.yammap.LockMode;
import dev.yammap.LoggedMessages;
import dev.yammap.MappedFaultException;
import dev.yammap.Mmap;
import dev.yammap.internal.file.OpenedFile;
import dev.yammap.internal.os.AccessOptions;
import dev.yammap.internal.os.MappingOptions;
import dev.yammap.internal.os.linux.FaultyLibrary;
import dev.yammap.internal.os.linux.LinuxBackend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What a caller is told when a call of the operating system has failed, and then another
 * one by which that was to be undone: of the first.
 */
@NullMarked
class FailedCleanUpTests {

	private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);

	private final FaultyLibrary library = new FaultyLibrary();

	private @Nullable Mmap opened;

	@TempDir
	private Path directory = Path.of("");

	@AfterEach
	void closeFile() throws IOException {
		this.library.mend();
		if (this.opened != null) {
			this.opened.close();
		}
	}

	private Mmap open(OpenOption... options) throws IOException {
		return open(MappingOptions.DEFAULT, options);
	}

	/** Opens the file so that nobody else writes to it, and a part may be cut off. */
	private Mmap openLocked(OpenOption... options) throws IOException {
		return open(MappingOptions.DEFAULT.withLock(LockMode.EXCLUSIVE), options);
	}

	private Mmap open(MappingOptions mapping, OpenOption... options) throws IOException {
		Path path = Files.write(this.directory.resolve("file"), CONTENT);
		Mmap file = OnBackend.open(this.library.backend(), path, mapping, options);
		this.opened = file;
		return file;
	}

	/** Opens the file to be emptied, and as long as before then. */
	private OpenedFile openEmptied() throws IOException {
		Path path = Files.write(this.directory.resolve("file"), CONTENT);
		AccessOptions access = AccessOptions.of(StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
		return new Opening(this.library.backend(), path, access, MappingOptions.DEFAULT, true, true).open(Set.of(),
				CONTENT.length, (parts) -> parts);
	}

	@Test
	void growthThatCannotBeTakenBackFailsForItsOwnReason() throws IOException {
		Mmap file = open(StandardOpenOption.READ, StandardOpenOption.WRITE);
		this.library.limitWrites(10);
		this.library.fail("pwrite", 2, FaultyLibrary.ENOSPC);
		this.library.failAlways("ftruncate", FaultyLibrary.EIO);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> file.writeAt(new byte[64], 7))
			.withMessageContaining("Cannot extend")
			.withMessageContaining("No space left on device");
	}

	@Test
	void appendThatCannotBeTakenBackTellsWhatStays() throws IOException {
		Mmap file = openLocked(StandardOpenOption.READ, StandardOpenOption.APPEND);
		this.library.limitWrites(3);
		this.library.fail("write", 2, FaultyLibrary.ENOSPC);
		this.library.failAlways("ftruncate", FaultyLibrary.EIO);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> file.write(CONTENT))
			.withMessageContaining("Cannot append to")
			.withMessageContaining("No space left on device")
			.withMessageContaining("; 3 bytes at offset 7 were written before it failed, and stay");
		assertThatExceptionOfType(MappedFaultException.class).isThrownBy(file::close)
			.withMessageContaining("a part of a failed append stays");
	}

	@Test
	void endOfAnAppendThatCannotBeFoundIsAnError() throws IOException {
		Mmap file = open(StandardOpenOption.READ, StandardOpenOption.APPEND);
		this.library.before("write", () -> this.library.failAlways("lseek", FaultyLibrary.EIO));
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> {
			file.write(CONTENT);
			file.sync();
		})
			.withMessageContaining("Cannot ask for the offset of")
			.withMessageContaining("Input/output error")
			.withMessageContaining("up to 7 bytes at offset 7 or behind it were written before it failed, and stay");
	}

	@Test
	void fileThatCannotBeAllocatedAnewIsNotEmptied() {
		this.library.failAlways("fallocate", FaultyLibrary.EIO);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> openEmptied())
			.withMessageContaining("Cannot allocate")
			.withMessageContaining("7 bytes at offset 0")
			.withMessageContaining("Input/output error");
		assertThat(this.directory.resolve("file")).hasBinaryContent(CONTENT);
	}

	/** If it was cut to nothing, another process could take the blocks. */
	@Test
	void fileThatIsEmptiedKeepsItsBlocks() throws IOException {
		openEmptied().close();
		assertThat(this.library.changes()).startsWith("fallocate 0 0 7", "fallocate 17 0 7");
		assertThat(this.directory.resolve("file")).hasBinaryContent(new byte[CONTENT.length]);
	}

	@Test
	void fileThatCannotBeZeroedIsCut() throws IOException {
		this.library.fail("fallocate", 2, FaultyLibrary.EOPNOTSUPP);
		openEmptied().close();
		assertThat(this.library.changes()).startsWith("fallocate 0 0 7", "fallocate 17 0 7", "ftruncate 0");
		assertThat(this.directory.resolve("file")).hasBinaryContent(new byte[CONTENT.length]);
	}

	@Test
	void fileIsUnmappedInTheEndIfThereIsNoMemoryToCoverIt() throws IOException {
		Mmap file = open(StandardOpenOption.READ, StandardOpenOption.WRITE);
		LinuxBackend.awaitUnmapped();
		this.library.before("mremap", () -> {
			throw new OutOfMemoryError("Java heap space");
		});
		file.close();
		assertThat(file.isOpen()).isFalse();
		this.library.calls();
		LinuxBackend.awaitUnmapped();
		assertThat(this.library.calls()).containsExactly("munmap");
	}

	@Test
	void openingThatCannotBeCleanedUpFailsForItsOwnReason() {
		this.library.failAlways("mmap", FaultyLibrary.EINVAL);
		this.library.failAlways("close", FaultyLibrary.EIO);
		try (LoggedMessages log = new LoggedMessages(this.directory.toString())) {
			assertThatExceptionOfType(IOException.class)
				.isThrownBy(() -> open(StandardOpenOption.READ, StandardOpenOption.WRITE))
				.withMessageContaining("Cannot map")
				.withMessageContaining("Invalid argument");
			assertThat(log.messages()).singleElement().asString().startsWith("WARNING Cannot clean up after ");
		}
	}

	/** Empty memory is moved over it. */
	@Test
	void openingThatCannotCloseTheFileTakesItsMappingAway() {
		this.library.failAlways("fallocate", FaultyLibrary.EIO);
		this.library.failAlways("close", FaultyLibrary.EIO);
		try (LoggedMessages log = new LoggedMessages(this.directory.toString())) {
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> openEmptied())
				.withMessageContaining("Cannot allocate");
			assertThat(log.messages()).singleElement().asString().startsWith("WARNING Cannot clean up after ");
		}
		List<String> calls = this.library.calls();
		assertThat(calls.subList(calls.indexOf("close"), calls.size())).contains("mremap");
	}

}
