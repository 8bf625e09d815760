package dev.yammap.internal.os;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

	private String holder(LockMode wanted) {
		return LockHolders.of(proc(), path(), wanted);
	}

	private String holder() {
		return holder(LockMode.EXCLUSIVE);
	}

	/** Returns the lock of a file as the kernel prints it. */
	private static String lock(String kind, String process, String device, Path file) throws IOException {
		return "1: " + kind + " " + process + " " + device + ":" + Files.getAttribute(file, "unix:ino") + " 0 EOF\n";
	}

	private static String device(Path file) throws IOException {
		Process stat = new ProcessBuilder("stat", "-c", "%Hd %Ld", file.toString()).start();
		String[] numbers = new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip()
			.split(" ", 2);
		return "%02x:%02x".formatted(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]));
	}

	private String description(String kind) throws IOException {
		return "pos:\t0\nlock:\t" + lock(kind, "-1", device(path()), path());
	}

	private String description() throws IOException {
		return description("OFDLCK ADVISORY  WRITE");
	}

	/** Adds a process that has a file open. */
	private Path process(String number, String file, String description) throws IOException {
		Path process = proc().resolve(number);
		Files.createDirectories(process.resolve("fd"));
		Files.createDirectories(process.resolve("fdinfo"));
		Files.createSymbolicLink(process.resolve("fd/4"), Path.of(file));
		Files.writeString(process.resolve("fdinfo/4"), description);
		return process;
	}

	@Test
	void processIsFoundByTheLockOfItsDescriptor() throws IOException {
		Path other = Files.writeString(this.directory.resolve("other"), "content");
		process("11", path().toString(), "pos:\t0\n");
		process("12", path().toString(), "lock:\t" + lock("OFDLCK ADVISORY  WRITE", "-1", device(other), other));
		process("13", other.toString(), "lock:\t" + lock("OFDLCK ADVISORY  WRITE", "-1", "99:99", path()));
		assertThat(holder()).isEqualTo(SOMEBODY);
		Path holder = process("14", path().toString(), description());
		assertThat(holder()).isEqualTo("process 14");
		Files.writeString(holder.resolve("comm"), "postmaster\n");
		assertThat(holder()).isEqualTo("process 14 (postmaster)");
	}

	/** As in another container, where the file has another name. */
	@Test
	void processIsFoundByWhateverNameItOpenedTheFile() throws IOException {
		process("14", "/mnt/table (deleted)", description());
		assertThat(holder()).isEqualTo("process 14");
	}

	/** As on btrfs. */
	@Test
	void processIsFoundWhereTheKernelNamesAnotherDevice() throws IOException {
		process("14", path().toString(), "lock:\t" + lock("OFDLCK ADVISORY  READ", "-1", "00:2a", path()));
		assertThat(holder()).isEqualTo("process 14");
	}

	@Test
	void processIsFoundInTheTableOfLocks() throws IOException {
		String device = device(path());
		Files.writeString(proc().resolve("locks"),
				lock("-> POSIX  ADVISORY  WRITE", "10", device, path())
						+ lock("FLOCK  ADVISORY  WRITE", "11", device, path())
						+ lock("LEASE  ACTIVE    WRITE", "12", device, path())
						+ lock("OFDLCK ADVISORY  WRITE", "-1", device, path())
						+ lock("POSIX  ADVISORY  WRITE", "13", "99:99", path())
						+ lock("POSIX  ADVISORY  READ ", "14", device, path()));
		assertThat(holder()).isEqualTo("process 14");
		assertThat(holder(LockMode.SHARED)).isEqualTo(SOMEBODY);
	}

	@Test
	void lockThatDoesNotExcludeIsPassedOver() throws IOException {
		process("14", path().toString(), description("OFDLCK ADVISORY  READ"));
		assertThat(holder(LockMode.SHARED)).isEqualTo(SOMEBODY);
		assertThat(holder(LockMode.EXCLUSIVE)).isEqualTo("process 14");
		process("15", path().toString(), description("OFDLCK ADVISORY  WRITE"));
		assertThat(holder(LockMode.SHARED)).isEqualTo("process 15");
	}

	/** The name of a descriptor may lead to a file system that does not answer. */
	@Test
	void whatADescriptorLeadsToIsNotTouched() throws IOException {
		Path loop = this.directory.resolve("loop").resolve("file");
		Files.createSymbolicLink(this.directory.resolve("loop"), this.directory.resolve("loop"));
		process("14", loop.toString(), description());
		assertThat(holder()).isEqualTo("process 14");
	}

	@Test
	void nameOfAProcessIsEscaped() throws IOException {
		Path holder = process("14", path().toString(), description());
		Files.writeString(holder.resolve("comm"), "a\nWARN b\u001b[31m\u202ec\u2028d\n");
		assertThat(holder()).isEqualTo("process 14 (a\\u000aWARN b\\u001b[31m\\u202ec\\u2028d)");
		Path odd = this.directory.resolve("line\nbreak");
		assertThat(LockHolders.exceptionOfThisProcess(odd, LockMode.SHARED).getMessage()).doesNotContain("\n")
			.contains("line\\u000abreak");
	}

	@Test
	void processThatCannotBeLookedIntoIsPassedOver() throws IOException {
		Files.createFile(proc().resolve("11"));
		Files.delete(process("12", path().toString(), description()).resolve("fdinfo/4"));
		Files.write(process("13", path().toString(), "").resolve("fdinfo/4"), new byte[] { (byte) 0xff });
		assertThat(holder()).isEqualTo(SOMEBODY);
		process("14", path().toString(), description());
		assertThat(holder()).isEqualTo("process 14");
	}

	@Test
	void whatIsNoProcessIsNotLookedInto() throws IOException {
		process("self", path().toString(), description());
		assertThat(holder()).isEqualTo(SOMEBODY);
	}

	@Test
	void thisProcessIsCalledSo() throws IOException {
		process(Long.toString(ProcessHandle.current().pid()), path().toString(), description());
		assertThat(holder()).isEqualTo("this process");
	}

	@Test
	void interruptDoesNotKeepTheProcessFromBeingFound() throws IOException {
		process("14", path().toString(), description());
		Thread.currentThread().interrupt();
		assertThat(holder()).isEqualTo("process 14");
		assertThat(Thread.interrupted()).isTrue();
	}

	@Test
	void systemThatTellsNothingLeavesSomebody() throws IOException {
		Files.delete(proc());
		assertThat(holder()).isEqualTo(SOMEBODY);
		FileLockedException locked = LockHolders.exception(this.directory.resolve("missing"), LockMode.SHARED);
		assertThat(locked).hasMessageContaining("Cannot lock (shared): somebody else holds a lock on it");
		assertThat(locked.problem()).isEqualTo("Cannot lock (shared): somebody else holds a lock on it");
		assertThat(locked.getReason()).startsWith(locked.problem() + ". Close the file there");
		assertThat(locked.isHeldByThisProcess()).isFalse();
	}

	@Test
	void lockOfThisProcessIsToldApart() {
		FileLockedException locked = LockHolders.exceptionOfThisProcess(this.directory.resolve("file"),
				LockMode.EXCLUSIVE);
		assertThat(locked.problem()).isEqualTo("Cannot lock (exclusive): this process holds a lock on it");
		assertThat(locked.isHeldByThisProcess()).isTrue();
	}

}
