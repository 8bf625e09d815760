package dev.yammap.internal;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.yammap.Advice;
import dev.yammap.FileLockedException;
import dev.yammap.LockMode;
import dev.yammap.MappedFaultException;
import dev.yammap.Mmap;
import dev.yammap.PageCacheStats;
import dev.yammap.internal.os.AccessOptions;
import dev.yammap.internal.os.linux.FaultyLibrary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * What the engine makes of a kernel that denies, or does not know, a lock, advice, a hole
 * or a question.
 */
@NullMarked
class FailedQuestionTests extends AbstractFaultyLibraryTests {

	private static final OpenOption[] READ_WRITE = { StandardOpenOption.READ, StandardOpenOption.WRITE };

	private static final int SIZE = 100_000;

	private Mmap open(OpenOption... options) throws IOException {
		AccessOptions access = AccessOptions.of(options);
		Opening opening = new Opening(this.library.backend(), path(), access, this.mapping, !access.sparse(), true);
		Mmap mmap = new FileMmap(opening.open(PosixFilePermissions.fromString("rw-------"), 0, (parts) -> parts),
				access.syncOnWrite(), List.of());
		this.opened.add(mmap);
		return mmap;
	}

	private Path path() {
		return this.directory.resolve("file");
	}

	private Mmap openFilled() throws IOException {
		Files.write(path(), new byte[SIZE]);
		return open(READ_WRITE);
	}

	@ParameterizedTest
	@ValueSource(ints = { FaultyLibrary.ENOSYS, FaultyLibrary.EPERM, FaultyLibrary.EOPNOTSUPP })
	void kernelWithoutCachestatIsAskedByMincore(int errno) throws IOException {
		Mmap file = openFilled();
		PageCacheStats exact = file.pageCache().orElseThrow();
		this.library.failAlways("cachestat", errno);
		PageCacheStats stats = file.pageCache().orElseThrow();
		long unknown = PageCacheStats.UNKNOWN;
		assertThat(stats)
			.isEqualTo(new PageCacheStats(exact.pageSize(), exact.cached(), unknown, unknown, unknown, unknown));
		assertThat(file.pageCache(5_000, 1).orElseThrow().cached()).isEqualTo(1);
		this.library.mend();
		this.library.calls();
		assertThat(file.pageCache().orElseThrow().dirty()).isEqualTo(unknown);
		assertThat(this.library.calls()).containsExactly("mincore");
	}

	@Test
	void longFileIsAskedForInParts() throws IOException {
		Mmap file = open(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE,
				StandardOpenOption.SPARSE);
		long size = 600L << 20;
		file.truncate(size);
		for (long offset = 1 << 20; offset < size; offset += 100 << 20) {
			file.set(ValueLayout.JAVA_BYTE, offset, (byte) 1);
		}
		// On tmpfs a page that is allocated and was never written is counted by cachestat
		// alone. The last one may be such a page.
		file.set(ValueLayout.JAVA_BYTE, size - 1, (byte) 1);
		long cached = file.pageCache(5_000, size - 5_000).orElseThrow().cached();
		assertThat(cached).isGreaterThanOrEqualTo(7);
		this.library.failAlways("cachestat", FaultyLibrary.ENOSYS);
		this.library.calls();
		assertThat(file.pageCache(5_000, size - 5_000).orElseThrow().cached()).isEqualTo(cached);
		assertThat(this.library.calls()).filteredOn("mincore"::equals).hasSize(3);
	}

	@Test
	void pageCacheThatCannotBeAskedIsAnError() throws IOException {
		Mmap file = openFilled();
		this.library.failAlways("cachestat", FaultyLibrary.EIO);
		assertThatExceptionOfType(IOException.class).isThrownBy(file::pageCache)
			.withMessageContaining(path().toString())
			.withMessageContaining("Input/output error");
		this.library.failAlways("cachestat", FaultyLibrary.ENOSYS);
		this.library.failAlways("mincore", FaultyLibrary.ENOMEM);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> file.pageCache(10, 20))
			.withMessageContaining("20 bytes at offset 10");
	}

	@Test
	void rangeThatCannotBeLockedIsAnErrorAndCanBeLockedLater() throws IOException {
		FileChannel channel = openFilled().channel();
		this.library.failAlways("fcntl", FaultyLibrary.EIO);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> channel.lock(5, 10, true))
			.withMessageContaining("Cannot lock " + path())
			.withMessageContaining("10 bytes at offset 5");
		this.library.failAlways("fcntl", FaultyLibrary.EAGAIN);
		assertThat(channel.tryLock(5, 10, true)).isNull();
		this.library.mend();
		assertThat(channel.tryLock(5, 10, true)).isNotNull();
	}

	@Test
	void rangeThatCannotBeReleasedStaysLocked() throws IOException {
		FileChannel channel = openFilled().channel();
		FileLock lock = channel.lock(5, 10, false);
		this.library.failAlways("fcntl", FaultyLibrary.EIO);
		assertThatExceptionOfType(IOException.class).isThrownBy(lock::release)
			.withMessageContaining("Cannot unlock " + path());
		assertThat(lock.isValid()).isTrue();
		assertThatExceptionOfType(OverlappingFileLockException.class).isThrownBy(() -> channel.tryLock(5, 1, true));
		this.library.mend();
		lock.release();
		assertThat(channel.tryLock(5, 1, true)).isNotNull();
		this.library.failAlways("fcntl", FaultyLibrary.EIO);
		assertThatExceptionOfType(IOException.class).isThrownBy(channel::close);
		assertThat(channel.isOpen()).isFalse();
	}

	@Test
	void rangeIsReleasedIfItsChannelWasClosedWhileItWasLocked() throws IOException {
		Mmap file = openFilled();
		FileChannel channel = file.channel();
		this.library.before("fcntl", () -> assertThatNoException().isThrownBy(channel::close));
		this.library.calls();
		assertThatExceptionOfType(AsynchronousCloseException.class).isThrownBy(() -> channel.tryLock(5, 10, false));
		assertThat(this.library.calls()).containsExactly("fcntl", "fcntl");
		assertThat(file.channel().tryLock(5, 10, false)).isNotNull();
	}

	@Test
	void adviceThatTheKernelDoesNotKnowIsUnsupported() throws IOException {
		Mmap file = openFilled();
		this.library.failAlways("madvise", FaultyLibrary.EINVAL);
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> file.advise(Advice.COLD))
			.withMessageContaining(path().toString())
			.withMessageContaining("COLD")
			.withMessageContaining("Invalid argument");
	}

	@Test
	void adviceThatFailedIsNotKept() throws IOException {
		this.mapping = this.mapping.withReserve(0);
		Mmap file = openFilled();
		this.library.failAlways("madvise", FaultyLibrary.ENOMEM);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> file.advise(Advice.RANDOM, 0, 5_000))
			.withMessageContaining("5000 bytes at offset 0")
			.withMessageContaining("Cannot allocate memory");
		this.library.mend();
		this.library.calls();
		file.truncate(10 * SIZE);
		// That a core dump leaves the mapping out, and nothing else.
		assertThat(this.library.calls()).containsOnlyOnce("madvise");
	}

	@Test
	void pageThatCannotBePopulatedIsAFault() throws IOException {
		Mmap file = openFilled();
		this.library.failAlways("madvise", FaultyLibrary.EFAULT);
		assertThatExceptionOfType(MappedFaultException.class).isThrownBy(() -> file.advise(Advice.POPULATE_WRITE));
	}

	@Test
	void adviceThatIsRefusedOnOpeningLeavesTheFileAsItWas() throws IOException {
		this.mapping = this.mapping.withAdvice(Advice.HUGE_PAGES);
		Files.write(path(), new byte[SIZE]);
		this.library.failAlways("madvise", FaultyLibrary.EINVAL);
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> open(StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING));
		assertThat(path()).hasSize(SIZE);
	}

	@Test
	void failedHoleChangesNothing() throws IOException {
		Mmap file = openFilled();
		file.set(ValueLayout.JAVA_BYTE, 50, (byte) 1);
		this.library.failAlways("fallocate", FaultyLibrary.EOPNOTSUPP);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> file.punchHole(0, SIZE))
			.withMessageContaining(path().toString())
			.withMessageContaining("Operation not supported");
		assertThat(file.get(ValueLayout.JAVA_BYTE, 50)).isEqualTo((byte) 1);
	}

	@Test
	void lockedFileThatWasJustCreatedIsLeftToWhoeverLockedIt() throws IOException {
		this.mapping = this.mapping.withLock(LockMode.EXCLUSIVE);
		this.library.failAlways("fcntl", FaultyLibrary.EAGAIN, FailedQuestionTests::isAddress);
		assertThatExceptionOfType(FileLockedException.class)
			.isThrownBy(() -> open(StandardOpenOption.WRITE, StandardOpenOption.CREATE))
			.withMessageContaining("somebody else");
		assertThat(path()).exists();
	}

	@Test
	void fileSystemWithoutLocksSaysSo() throws IOException {
		Files.write(path(), new byte[SIZE]);
		this.mapping = this.mapping.withLock(LockMode.SHARED);
		this.library.failAlways("fcntl", FaultyLibrary.EINVAL, FailedQuestionTests::isAddress);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> open(READ_WRITE))
			.isNotInstanceOf(FileLockedException.class)
			.withMessageContaining("Cannot lock " + path());
	}

	/** Of a lock; flags are given as a number. */
	private static boolean isAddress(long argument) {
		return argument > 1 << 16;
	}

	@Test
	void pathThatCannotBeLookedAtIsAnError() throws IOException {
		Mmap file = openFilled();
		this.library.failAlways("newfstatat", FaultyLibrary.EACCES);
		assertThatExceptionOfType(AccessDeniedException.class).isThrownBy(file::isCurrent)
			.withMessageContaining(path().toString());
	}

}
