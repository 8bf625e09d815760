package dev.yammap.internal.backend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.yammap.FileLockedException;
import dev.yammap.LockMode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link LockHolders}, in a {@code /proc} of their own.
 */
@NullMarked
class LockHoldersTests {

	private static final String LOCK = "pos:\t0\nlock:\t1: OFDLCK ADVISORY WRITE -1 00:2a:57 0 EOF\n";

	private static final String SOMEBODY = "somebody else";

	@TempDir
	private Path directory = Path.of("");

	@BeforeEach
	void write() throws IOException {
		Files.createDirectory(proc());
		Files.writeString(path(), "content");
	}

	private Path path() {
		return this.directory.resolve("file");
	}

	private Path proc() {
		return this.directory.resolve("proc");
	}

	private String holder() {
		return new LockHolders(proc()).of(path());
	}

	/** Adds a process that has a file open. */
	private Path process(String number, Path file, String description) throws IOException {
		Path process = proc().resolve(number);
		Files.createDirectories(process.resolve("fd"));
		Files.createDirectories(process.resolve("fdinfo"));
		Files.createSymbolicLink(process.resolve("fd/4"), file);
		Files.writeString(process.resolve("fdinfo/4"), description);
		return process;
	}

	@Test
	void processIsFoundByItsLock() throws IOException {
		Files.writeString(this.directory.resolve("other"), "content");
		process("11", path(), "pos:\t0\n");
		process("12", this.directory.resolve("other"), LOCK);
		process("13", this.directory.resolve("missing"), LOCK);
		assertThat(holder()).isEqualTo(SOMEBODY);
		Path holder = process("14", path(), LOCK);
		assertThat(holder()).isEqualTo("process 14");
		Files.writeString(holder.resolve("comm"), "postmaster\n");
		assertThat(holder()).isEqualTo("process 14 (postmaster)");
	}

	@Test
	void processThatCannotBeLookedIntoIsPassedOver() throws IOException {
		Files.createFile(proc().resolve("11"));
		Files.delete(process("12", path(), LOCK).resolve("fdinfo/4"));
		Files.write(process("13", path(), LOCK).resolve("fdinfo/4"), new byte[] { (byte) 0xff });
		assertThat(holder()).isEqualTo(SOMEBODY);
		process("14", path(), LOCK);
		assertThat(holder()).isEqualTo("process 14");
	}

	@Test
	void whatIsNoProcessIsNotLookedInto() throws IOException {
		process("self", path(), LOCK);
		assertThat(holder()).isEqualTo(SOMEBODY);
	}

	@Test
	void thisProcessIsCalledSo() throws IOException {
		process(Long.toString(ProcessHandle.current().pid()), path(), LOCK);
		assertThat(holder()).isEqualTo("this very process");
	}

	@Test
	void systemThatTellsNothingLeavesSomebody() throws IOException {
		Files.delete(proc());
		assertThat(holder()).isEqualTo(SOMEBODY);
		FileLockedException locked = LockHolders.exception(this.directory.resolve("missing"), LockMode.SHARED);
		assertThat(locked).hasMessageContaining("Cannot lock (shared): somebody else holds a lock on it");
	}

}
