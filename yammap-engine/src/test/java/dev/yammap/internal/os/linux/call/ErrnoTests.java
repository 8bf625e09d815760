package dev.yammap.internal.os.linux.call;

import java.io.IOException;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.yammap.FailureCause;
import dev.yammap.FileProtectedException;
import dev.yammap.StorageException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link Errno}.
 */
class ErrnoTests {

	private static IOException explain(String function, Errno errno) {
		SystemCallException failure = new SystemCallException(function, errno.number(), "Word");
		IOException explained = Errno.explain("open", Path.of("some.dat"), " to write", failure);
		assertThat(explained).hasCause(failure)
			.hasMessageContaining(" to write: Word (" + function + ", errno " + errno.number());
		return explained;
	}

	@ParameterizedTest
	@CsvSource({ "EMFILE, ulimit -n", "ENFILE, fs.file-max", "EFBIG, ulimit -f", "EOVERFLOW, ulimit -f",
			"ENOSPC, Free some space", "EDQUOT, raise the quota", "EROFS, for reading only", "ELOOP, symbolic link",
			"ENOMEM, ulimit -v", "ENOENT, CREATE", "EACCES, owner and permissions", "EPERM, chattr", "EIO, dmesg",
			"ENXIO, dmesg", "ENODEV, dmesg", "ESHUTDOWN, dmesg", "EUCLEAN, dmesg", "ESTALE, open it again",
			"ENOTCONN, mount it again", "ECONNABORTED, mount it again", "ETXTBSY, swap", "EISDIR, Name a file",
			"ENOTDIR, should be a directory", "ENAMETOOLONG, shorter path" })
	void errorComesWithARemedy(Errno errno, String remedy) {
		assertThat(explain("open", errno)).hasMessageContaining(remedy);
	}

	@ParameterizedTest
	@CsvSource({ "mmap, EACCES, append-only", "mmap, ENODEV, cannot share mapped pages",
			"mmap, EINVAL, cannot share mapped pages", "mmap, EIO, dmesg", "mlock, EAGAIN, ulimit -l",
			"mlock, EPERM, ulimit -l", "mlock, EIO, dmesg", "fcntl, ENOLCK, LockMode.NONE (lock: none)",
			"fcntl, EINVAL, LockMode.NONE", "fcntl, EIO, dmesg" })
	void remedyIsThatOfTheCall(String function, Errno errno, String remedy) {
		assertThat(explain(function, errno)).hasMessageContaining(remedy);
	}

	@ParameterizedTest
	@CsvSource({ "EINTR", "EINVAL", "EAGAIN" })
	void otherErrorComesAlone(Errno errno) {
		assertThat(explain("open", errno)).isExactlyInstanceOf(StorageException.class)
			.hasMessage("Cannot open some.dat to write: Word (open, errno " + errno.number() + ")");
	}

	@ParameterizedTest
	@CsvSource({ "ENOSPC, NO_SPACE", "EDQUOT, QUOTA", "EIO, IO_ERROR", "EUCLEAN, IO_ERROR", "ENXIO, IO_ERROR",
			"EROFS, READ_ONLY", "EFBIG, TOO_LONG", "EOVERFLOW, TOO_LONG", "ENOMEM, NO_MEMORY", "EMFILE, TOO_MANY_FILES",
			"ENFILE, TOO_MANY_FILES", "ENOTDIR, NO_DIRECTORY", "EINVAL, OTHER" })
	void errorOfStorageHasItsCause(Errno errno, FailureCause cause) {
		assertThat(explain("pwrite", errno)).isInstanceOfSatisfying(StorageException.class,
				(ex) -> assertThat(ex.failureCause()).isEqualTo(cause));
	}

	@ParameterizedTest
	@CsvSource({ "mlock, ENOMEM, LOCKED_MEMORY", "mlock, EAGAIN, LOCKED_MEMORY", "mlock, EPERM, LOCKED_MEMORY",
			"mlock, EIO, IO_ERROR", "fcntl, ENOLCK, NO_LOCKS", "fcntl, EINVAL, NO_LOCKS", "fcntl, ENOSYS, NO_LOCKS",
			"fcntl, EOPNOTSUPP, NO_LOCKS", "fcntl, EIO, IO_ERROR", "mmap, ENODEV, OTHER", "mmap, ENOMEM, NO_MEMORY" })
	void causeIsThatOfTheCall(String function, Errno errno, FailureCause cause) {
		assertThat(explain(function, errno)).isInstanceOfSatisfying(StorageException.class,
				(ex) -> assertThat(ex.failureCause()).isEqualTo(cause));
	}

	@ParameterizedTest
	@CsvSource({ "ENOENT, java.nio.file.NoSuchFileException", "EEXIST, java.nio.file.FileAlreadyExistsException",
			"EACCES, java.nio.file.AccessDeniedException", "EPERM, dev.yammap.FileProtectedException" })
	void errorThatIsKnownByItsOwnExceptionIsOfThatKind(Errno errno, Class<? extends IOException> kind) {
		assertThat(explain("open", errno)).isExactlyInstanceOf(kind);
	}

	@Test
	void mappingOfAFileThatIsAppendOnlyIsOneOfAProtectedFile() {
		assertThat(explain("mmap", Errno.EACCES)).isExactlyInstanceOf(FileProtectedException.class);
	}

}
