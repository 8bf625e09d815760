package dev.yammap;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Locks within one process; see {@code dev.yammap.faults} for others.
 */
class LockTests extends AbstractMmapTests {

	private static final StandardOpenOption[] READ_WRITE = { StandardOpenOption.READ, StandardOpenOption.WRITE };

	private Mmap.Builder locked(LockMode mode) {
		return builder(path()).options(READ_WRITE).lock(mode);
	}

	@ParameterizedTest
	@CsvSource({ "NONE, NONE, true", "NONE, SHARED, true", "NONE, EXCLUSIVE, true", "SHARED, NONE, true",
			"SHARED, EXCLUSIVE, false", "EXCLUSIVE, NONE, true", "EXCLUSIVE, SHARED, false",
			"EXCLUSIVE, EXCLUSIVE, false" })
	void locksExcludeEachOther(LockMode held, LockMode wanted, boolean compatible) throws IOException {
		write(random(100, 1));
		Mmap first = open(locked(held));
		if (compatible) {
			open(locked(wanted)).close();
		}
		else {
			assertThatExceptionOfType(FileLockedException.class).isThrownBy(() -> locked(wanted).open())
				.withMessageContaining(path().toString())
				.withMessageContaining("this process");
		}
		first.set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
		first.close();
		open(locked(wanted));
	}

	/** The virtual machine knows one lock of a range at a time, also a shared one. */
	@Test
	void readersShareALock() throws IOException {
		write(random(100, 1));
		open(builder(path()).lock(LockMode.SHARED));
		if (this.backend == Backend.NATIVE) {
			open(builder(path()).lock(LockMode.SHARED));
			open(locked(LockMode.SHARED));
		}
		else {
			assertThatExceptionOfType(FileLockedException.class)
				.isThrownBy(() -> builder(path()).lock(LockMode.SHARED).open());
		}
	}

	@Test
	void fileIsNotChangedWhereItsLockCannotBeHad() throws IOException {
		byte[] content = random(100, 1);
		write(content);
		open(locked(LockMode.EXCLUSIVE));
		for (Mmap.Builder builder : Set.of(locked(LockMode.EXCLUSIVE).size(1_000),
				builder(path()).options(StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
					.lock(LockMode.EXCLUSIVE),
				builder(path()).options(StandardOpenOption.APPEND, StandardOpenOption.CREATE).lock(LockMode.SHARED))) {
			assertThatExceptionOfType(FileLockedException.class).isThrownBy(builder::open);
		}
		assertThat(content()).isEqualTo(content);
	}

	@Test
	void createdFileIsLocked() throws IOException {
		Mmap file = open(builder(path()).options(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)
			.size(100)
			.lock(LockMode.EXCLUSIVE));
		assertThatExceptionOfType(FileLockedException.class).isThrownBy(() -> locked(LockMode.SHARED).open());
		file.close();
		open(locked(LockMode.SHARED));
	}

	@Test
	void failedOpeningReleasesItsLock() throws IOException {
		write(random(100, 1));
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> locked(LockMode.EXCLUSIVE).maxSize(10).open())
			.withMessageContaining("maximum size");
		open(locked(LockMode.EXCLUSIVE));
	}

	@Test
	void otherLockOfThisProcessExcludes() throws IOException {
		write(random(100, 1));
		try (FileChannel channel = FileChannel.open(path(), READ_WRITE)) {
			channel.lock();
			assertThatExceptionOfType(FileLockedException.class).isThrownBy(() -> locked(LockMode.EXCLUSIVE).open());
		}
	}

	@Test
	void otherLockOfThisProcessIsExcluded() throws IOException {
		write(random(100, 1));
		open(locked(LockMode.EXCLUSIVE));
		try (FileChannel channel = FileChannel.open(path(), READ_WRITE)) {
			if (this.backend == Backend.NATIVE) {
				assertThat(channel.tryLock()).isNull();
			}
			else {
				assertThatExceptionOfType(OverlappingFileLockException.class).isThrownBy(channel::tryLock);
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void exclusiveLockNeedsAFileThatIsWritten(MapMode mode) throws IOException {
		write(random(100, 1));
		Mmap.Builder builder = builder(path()).mode(mode).lock(LockMode.EXCLUSIVE);
		assertThatIllegalArgumentException().isThrownBy(builder::open)
			.withMessageContaining(path().toString())
			.withMessageContaining("EXCLUSIVE");
	}

	@Test
	void exclusiveLockIsRefusedForAPrivateMapping() throws IOException {
		write(random(100, 1));
		assertThatIllegalArgumentException().isThrownBy(() -> locked(LockMode.EXCLUSIVE).mode(MapMode.PRIVATE).open());
		open(locked(LockMode.SHARED).mode(MapMode.PRIVATE));
	}

	@Test
	void locksOfBothBackendsExcludeEachOther() throws IOException {
		write(random(100, 1));
		open(locked(LockMode.EXCLUSIVE));
		Backend other = (this.backend == Backend.NATIVE) ? Backend.PORTABLE : Backend.NATIVE;
		assertThatExceptionOfType(FileLockedException.class)
			.isThrownBy(() -> locked(LockMode.SHARED).backend(other).open())
			.withMessageContaining("this process");
	}

}
