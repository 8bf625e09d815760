package dev.yammap.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import dev.yammap.Advice;
import dev.yammap.LockMode;
import dev.yammap.Mmap;
import dev.yammap.Whence;
import dev.yammap.internal.os.AccessOptions;
import dev.yammap.internal.os.MappingOptions;
import dev.yammap.internal.os.linux.FaultyLibrary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that a virtual thread does not itself call what may wait for a device: in a
 * native call it would keep its carrier.
 */
@NullMarked
class CarrierTests extends AbstractFaultyLibraryTests {

	/** They ask nothing but the process and its table of descriptors. */
	private static final String[] QUICK = { "lseek", "strerror", "futex" };

	private static final OpenOption[] CREATE = { StandardOpenOption.READ, StandardOpenOption.WRITE,
			StandardOpenOption.CREATE };

	private Mmap open(String name, long size, OpenOption... options) throws IOException {
		AccessOptions access = AccessOptions.of(options);
		Opening opening = new Opening(this.library.backend(), this.directory.resolve(name), access, this.mapping, true,
				true);
		Mmap file = new FileMmap(opening.open(PosixFilePermissions.fromString("rw-------"), size, (parts) -> parts),
				access.syncOnWrite(), List.of());
		this.opened.add(file);
		return file;
	}

	private static <T> T onVirtualThread(Callable<T> call) throws Exception {
		FutureTask<T> task = new FutureTask<>(call);
		Thread.ofVirtual().start(task);
		return task.get();
	}

	/** Everything that a file can do, and the functions that this takes. */
	private Void useEverything() throws IOException {
		this.mapping = MappingOptions.DEFAULT.withPopulate(true).withLocked(true).withLock(LockMode.EXCLUSIVE);
		Mmap file = open("file", 10_000, CREATE);
		file.writeAt(new byte[10_000], 5_000);
		file.sync();
		file.sync(0, 100);
		file.atomics().getAndAddLong(0, 1);
		file.truncate(100_000);
		file.punchHole(0, 8192);
		file.pageCache();
		this.library.failAlways("cachestat", FaultyLibrary.ENOSYS);
		file.pageCache();
		file.isCurrent();
		file.readAt(new byte[10], 100_000);
		file.truncate(10);
		file.advise(Advice.POPULATE_READ);
		file.close();
		this.mapping = MappingOptions.DEFAULT;
		Mmap appending = open("file", 0, StandardOpenOption.APPEND, StandardOpenOption.DSYNC);
		appending.write(new byte[100]);
		appending.write(new byte[100_000]);
		appending.close();
		return null;
	}

	@Test
	void virtualThreadCallsNothingItselfThatMayWaitForADevice() throws Exception {
		onVirtualThread(this::useEverything);
		assertThat(this.library.callsOfVirtualThreads()).isSubsetOf(QUICK);
		assertThat(this.library.calls()).contains("open", "close", "fcntl", "lseek", "write", "pwrite", "ftruncate",
				"fallocate", "fsync", "fdatasync", "msync", "mmap", "madvise", "mlock", "mincore", "fstat",
				"newfstatat", "cachestat");
	}

	@Test
	void sizeIsAskedForElsewhereButTheOffsetOfTheDescriptorIsNot() throws Exception {
		Mmap file = open("file", 100, CREATE);
		onVirtualThread(() -> file.readAt(new byte[1], 100));
		assertThat(this.library.callsOfVirtualThreads()).isEmpty();
		Mmap appending = open("file", 0, StandardOpenOption.APPEND);
		onVirtualThread(() -> {
			appending.write(new byte[100]);
			return appending.seek(0, Whence.CURRENT);
		});
		assertThat(this.library.callsOfVirtualThreads()).containsExactly("lseek");
	}

	@Test
	void platformThreadCallsEverythingItself() throws IOException {
		Thread caller = Thread.currentThread();
		List<Thread> others = new ArrayList<>();
		this.library.beforeAll(() -> {
			if (!Thread.currentThread().equals(caller)) {
				others.add(Thread.currentThread());
			}
		});
		useEverything();
		assertThat(others).isEmpty();
	}

	@Test
	void failureIsThatOfTheCallAndOfItsCaller() throws Exception {
		Mmap file = open("file", 100, CREATE);
		this.library.fail("ftruncate", FaultyLibrary.EIO);
		IOException failure = onVirtualThread(() -> {
			try {
				file.truncate(10);
				return new IOException("none");
			}
			catch (IOException ex) {
				return ex;
			}
		});
		assertThat(failure).hasMessageContaining("Cannot truncate").hasMessageContaining("Input/output error");
		assertThat(failure.getStackTrace())
			.anyMatch((frame) -> frame.getClassName().equals(CarrierTests.class.getName()));
		assertThat(file.size()).isEqualTo(100);
	}

	@Test
	void interruptNeitherEndsTheCallNorIsLost() throws Exception {
		Mmap file = open("file", 0, CREATE);
		boolean interrupted = onVirtualThread(() -> {
			Thread.currentThread().interrupt();
			file.writeAt(new byte[100], 0);
			file.sync();
			return Thread.interrupted();
		});
		assertThat(interrupted).isTrue();
		assertThat(Files.size(this.directory.resolve("file"))).isEqualTo(100);
	}

	@Test
	void errorWithinTheCallIsTheErrorOfItsCaller() throws Exception {
		Mmap file = open("file", 100, CREATE);
		this.library.before("pwrite", () -> {
			throw new OutOfMemoryError("as it was");
		});
		assertThatExceptionOfType(ExecutionException.class)
			.isThrownBy(() -> onVirtualThread(() -> file.write(new byte[1000])))
			.havingCause()
			.isInstanceOf(OutOfMemoryError.class)
			.withMessage("as it was");
	}

}
