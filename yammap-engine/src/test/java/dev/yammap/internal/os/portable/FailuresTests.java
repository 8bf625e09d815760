package dev.yammap.internal.os.portable;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.yammap.FailureCause;
import dev.yammap.FileProtectedException;
import dev.yammap.StorageException;
import dev.yammap.internal.os.ProcessLimits;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link Failures}.
 */
class FailuresTests {

	private static final Path FILE = Path.of("some.dat");

	private static IOException explain(IOException failure) {
		IOException explained = Failures.explain("grow", FILE, " to 5 bytes", failure);
		assertThat(explained).hasCause(failure);
		return explained;
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			File too large            | ulimit -f
			No space left on device   | Free some space
			Disk quota exceeded       | Free some space
			Read-only file system     | for reading only
			Too many open files       | ulimit -n
			Too many open files in system | fs.file-max
			Input/output error        | dmesg
			Structure needs cleaning  | dmesg
			No such device or address | dmesg
			Stale file handle         | open it again
			Transport endpoint is not connected | mount it again
			No locks available        | LockMode.NONE (lock: none)
			Text file busy            | swap
			Is a directory            | Name a file
			Not a directory           | should be a directory
			File name too long        | shorter path
			/proc/self/fd/4 (Permission denied) | owner and permissions
			The requested operation cannot be performed on a file with a user-mapped section open | close it first
			""")
	void wordOfTheSystemComesWithARemedy(String word, String remedy) {
		assertThat(explain(new IOException(word))).hasMessageStartingWith("Cannot grow some.dat to 5 bytes: " + word)
			.hasMessageContaining(remedy);
		assertThat(explain(new FileSystemException("some.dat", null, word)))
			.hasMessageStartingWith("Cannot grow some.dat to 5 bytes: " + word)
			.hasMessageContaining(remedy);
	}

	@ParameterizedTest
	@ValueSource(strings = { "No such device", "Stream Closed" })
	void otherWordComesAlone(String word) {
		assertThat(explain(new IOException(word))).hasMessage("Cannot grow some.dat to 5 bytes: " + word);
	}

	@ParameterizedTest
	@CsvSource({ "No space left on device, NO_SPACE", "Disk quota exceeded, QUOTA", "Quota exceeded, QUOTA",
			"Input/output error, IO_ERROR", "I/O error, IO_ERROR", "Read-only file system, READ_ONLY",
			"File too large, TOO_LONG", "Too many open files, TOO_MANY_FILES", "Not a directory, NO_DIRECTORY",
			"No locks available, NO_LOCKS", "Auf dem Gerät ist kein Speicherplatz mehr verfügbar, OTHER" })
	void wordOfTheSystemTellsTheCause(String word, FailureCause cause) {
		assertThat(explain(new IOException(word))).isInstanceOfSatisfying(StorageException.class,
				(ex) -> assertThat(ex.failureCause()).isEqualTo(cause));
	}

	@ParameterizedTest
	@CsvSource({ "map, Permission denied, PROTECTED", "map, Map failed, NO_MEMORY", "map, No such device, OTHER",
			"lock, Function not implemented, NO_LOCKS", "lock, Operation not supported, NO_LOCKS",
			"lock, Input/output error, IO_ERROR", "open, Operation not supported, OTHER" })
	void causeIsThatOfTheOperation(String operation, String word, FailureCause cause) {
		assertThat(Failures.explain(operation, FILE, "", new IOException(word)))
			.isInstanceOfSatisfying(StorageException.class, (ex) -> assertThat(ex.failureCause()).isEqualTo(cause));
	}

	@ParameterizedTest
	@CsvSource({ "No such device, cannot share mapped pages", "Invalid argument, cannot share mapped pages",
			"Permission denied, append-only", "Input/output error, dmesg" })
	void mappingHasRemediesOfItsOwn(String word, String remedy) {
		assertThat(Failures.explain("map", FILE, "", new IOException(word)))
			.hasMessageStartingWith("Cannot map some.dat: " + word)
			.hasMessageContaining(remedy);
	}

	@Test
	void operationThatIsNotPermittedIsDenied() {
		assertThat(explain(new FileSystemException("some.dat", null, "Operation not permitted")))
			.isInstanceOf(FileProtectedException.class)
			.hasMessageContaining("Cannot grow to 5 bytes: Operation not permitted")
			.hasMessageContaining("chattr");
	}

	@Test
	void nameIsEscaped() {
		assertThat(Failures.explain("map", Path.of("a\nb"), "", new IOException("x")))
			.hasMessage("Cannot map a\\u000ab: x");
		assertThat(Failures.explain("map", Path.of("a\nb"), "", new NoSuchFileException("x")).getMessage())
			.doesNotContain("\n");
	}

	@Test
	void failureWithoutAReasonIsToldAsItIs() {
		assertThat(explain(new FileSystemException("other.dat")))
			.hasMessage("Cannot grow some.dat to 5 bytes: other.dat");
	}

	@Test
	void memoryThatIsShortIsCalledSo() {
		assertThat(explain(new IOException("Map failed", new OutOfMemoryError("Map failed"))))
			.hasMessageContaining(": Cannot allocate memory (Map failed)")
			.hasMessageEndingWith(ProcessLimits.OF_THIS_PROCESS.ofMemory());
		assertThat(ProcessLimits.OF_THIS_PROCESS.ofMemory()).isNotEmpty();
		assertThat(explain(new IOException("odd", new OutOfMemoryError("odd"))))
			.hasMessageContaining(": Cannot allocate memory (odd)");
		assertThat(explain(new IOException("odd", new IllegalStateException("odd")))).hasMessageEndingWith(": odd");
	}

	@Test
	void kindOfAFailureStays() {
		assertThat(explain(new NoSuchFileException("x"))).isInstanceOf(NoSuchFileException.class)
			.hasMessageContaining("Cannot grow to 5 bytes: No such file or directory");
		assertThat(explain(new FileAlreadyExistsException("x"))).isInstanceOf(FileAlreadyExistsException.class)
			.hasMessageContaining("Cannot grow to 5 bytes: File exists");
		assertThat(explain(new AccessDeniedException("x"))).isInstanceOf(AccessDeniedException.class)
			.hasMessageContaining("Cannot grow to 5 bytes: Permission denied");
	}

}
