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

	private static IOException explain(String function, int errno) {
		SystemCallException failure = new SystemCallException(function, errno, "Word");
		IOException explained = Errno.explain("open", Path.of("some.dat"), " to write", failure);
		assertThat(explained).hasCause(failure)
			.hasMessageContaining(" to write: Word (" + function + ", errno " + errno);
		return explained;
	}

	@ParameterizedTest
	@CsvSource({ Errno.EMFILE + ", ulimit -n", Errno.ENFILE + ", fs.file-max", Errno.EFBIG + ", ulimit -f",
			Errno.EOVERFLOW + ", ulimit -f", Errno.ENOSPC + ", Free some space", Errno.EDQUOT + ", raise the quota",
			Errno.EROFS + ", for reading only", Errno.ELOOP + ", symbolic link", Errno.ENOMEM + ", ulimit -v",
			Errno.ENOENT + ", CREATE", Errno.EACCES + ", owner and permissions", Errno.EPERM + ", chattr",
			Errno.EIO + ", dmesg", Errno.ENXIO + ", dmesg", Errno.ENODEV + ", dmesg", Errno.ESHUTDOWN + ", dmesg",
			Errno.EUCLEAN + ", dmesg", Errno.ESTALE + ", open it again", Errno.ENOTCONN + ", mount it again",
			Errno.ECONNABORTED + ", mount it again", Errno.ETXTBSY + ", swap", Errno.EISDIR + ", Name a file",
			Errno.ENOTDIR + ", should be a directory", Errno.ENAMETOOLONG + ", shorter path" })
	void errorComesWithARemedy(int errno, String remedy) {
		assertThat(explain("open", errno)).hasMessageContaining(remedy);
	}

	@ParameterizedTest
	@CsvSource({ "mmap, " + Errno.EACCES + ", append-only", "mmap, " + Errno.ENODEV + ", cannot share mapped pages",
			"mmap, " + Errno.EINVAL + ", cannot share mapped pages", "mmap, " + Errno.EIO + ", dmesg",
			"mlock, " + Errno.EAGAIN + ", ulimit -l", "mlock, " + Errno.EPERM + ", ulimit -l",
			"mlock, " + Errno.EIO + ", dmesg", "fcntl, " + Errno.ENOLCK + ", LockMode.NONE (lock: none)",
			"fcntl, " + Errno.EINVAL + ", LockMode.NONE", "fcntl, " + Errno.EIO + ", dmesg" })
	void remedyIsThatOfTheCall(String function, int errno, String remedy) {
		assertThat(explain(function, errno)).hasMessageContaining(remedy);
	}

	@ParameterizedTest
	@CsvSource({ "4", "22", Errno.EAGAIN + "" })
	void otherErrorComesAlone(int errno) {
		assertThat(explain("open", errno)).isExactlyInstanceOf(StorageException.class)
			.hasMessage("Cannot open some.dat to write: Word (open, errno " + errno + ")");
	}

	@ParameterizedTest
	@CsvSource({ Errno.ENOSPC + ", NO_SPACE", Errno.EDQUOT + ", QUOTA", Errno.EIO + ", IO_ERROR",
			Errno.EUCLEAN + ", IO_ERROR", Errno.ENXIO + ", IO_ERROR", Errno.EROFS + ", READ_ONLY",
			Errno.EFBIG + ", TOO_LONG", Errno.EOVERFLOW + ", TOO_LONG", Errno.ENOMEM + ", NO_MEMORY",
			Errno.EMFILE + ", TOO_MANY_FILES", Errno.ENFILE + ", TOO_MANY_FILES", Errno.ENOTDIR + ", NO_DIRECTORY",
			Errno.EINVAL + ", OTHER" })
	void errorOfStorageHasItsCause(int errno, FailureCause cause) {
		assertThat(explain("pwrite", errno)).isInstanceOfSatisfying(StorageException.class,
				(ex) -> assertThat(ex.failureCause()).isEqualTo(cause));
	}

	@ParameterizedTest
	@CsvSource({ "mlock, " + Errno.ENOMEM + ", LOCKED_MEMORY", "mlock, " + Errno.EAGAIN + ", LOCKED_MEMORY",
			"mlock, " + Errno.EPERM + ", LOCKED_MEMORY", "mlock, " + Errno.EIO + ", IO_ERROR",
			"fcntl, " + Errno.ENOLCK + ", NO_LOCKS", "fcntl, " + Errno.EINVAL + ", NO_LOCKS",
			"fcntl, " + Errno.ENOSYS + ", NO_LOCKS", "fcntl, " + Errno.EOPNOTSUPP + ", NO_LOCKS",
			"fcntl, " + Errno.EIO + ", IO_ERROR", "mmap, " + Errno.ENODEV + ", OTHER",
			"mmap, " + Errno.ENOMEM + ", NO_MEMORY" })
	void causeIsThatOfTheCall(String function, int errno, FailureCause cause) {
		assertThat(explain(function, errno)).isInstanceOfSatisfying(StorageException.class,
				(ex) -> assertThat(ex.failureCause()).isEqualTo(cause));
	}

	@ParameterizedTest
	@CsvSource({ Errno.ENOENT + ", java.nio.file.NoSuchFileException",
			Errno.EEXIST + ", java.nio.file.FileAlreadyExistsException",
			Errno.EACCES + ", java.nio.file.AccessDeniedException",
			Errno.EPERM + ", dev.yammap.FileProtectedException" })
	void errorThatIsKnownByItsOwnExceptionIsOfThatKind(int errno, Class<? extends IOException> kind) {
		assertThat(explain("open", errno)).isExactlyInstanceOf(kind);
	}

	@Test
	void mappingOfAFileThatIsAppendOnlyIsOneOfAProtectedFile() {
		assertThat(explain("mmap", Errno.EACCES)).isExactlyInstanceOf(FileProtectedException.class);
	}

}
