package dev.yammap;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link FailureCause#of}.
 */
class FailureCauseTests {

	@Test
	void exceptionsOfTheEngineHaveTheirCause() {
		StorageException full = new StorageException("full", FailureCause.NO_SPACE, new IOException("Word"));
		assertThat(FailureCause.of(full)).isEqualTo(FailureCause.NO_SPACE);
		assertThat(FailureCause.of(new FileProtectedException("file", "reason"))).isEqualTo(FailureCause.PROTECTED);
		assertThat(FailureCause.of(new AccessDeniedException("file", null, "Permission denied")))
			.isEqualTo(FailureCause.OTHER);
	}

	@Test
	void causesOfAnExceptionAreLookedAt() {
		IOException full = new StorageException("full", FailureCause.QUOTA, new IOException("Word"));
		assertThat(FailureCause.of(new IOException("not prepared", new UncheckedIOException(full))))
			.isEqualTo(FailureCause.QUOTA);
		assertThat(FailureCause.of(new IOException(null, new OutOfMemoryError("Map failed"))))
			.isEqualTo(FailureCause.NO_MEMORY);
	}

	@ParameterizedTest
	@CsvSource({ "No space left on device, NO_SPACE", "Disk quota exceeded, QUOTA", "Input/output error, IO_ERROR",
			"Read-only file system, READ_ONLY", "File too large, TOO_LONG", "Map failed, NO_MEMORY",
			"No locks available, NO_LOCKS", "Too many open files, TOO_MANY_FILES", "Not a directory, NO_DIRECTORY",
			"Operation not permitted, PROTECTED", "Permission denied, OTHER", "Plattenplatz, OTHER" })
	void exceptionsOfJavaHaveTheWordsOfTheSystem(String words, FailureCause cause) {
		assertThat(FailureCause.of(new IOException(words))).isEqualTo(cause);
		assertThat(FailureCause.of(new FileSystemException("file", null, words))).isEqualTo(cause);
		assertThat(FailureCause.of(new FileNotFoundException("file (" + words + ")"))).isEqualTo(cause);
	}

	@Test
	void nothingIsKnownOfAnExceptionWithoutWords() {
		assertThat(FailureCause.of(new IOException())).isEqualTo(FailureCause.OTHER);
		assertThat(FailureCause.of(new FileSystemException("file"))).isEqualTo(FailureCause.OTHER);
	}

}
