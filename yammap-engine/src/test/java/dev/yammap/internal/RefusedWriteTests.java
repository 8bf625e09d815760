package dev.yammap.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import dev.yammap.FailureCause;
import dev.yammap.LockMode;
import dev.yammap.Mmap;
import dev.yammap.MmapListener;
import dev.yammap.Whence;
import dev.yammap.MmapListener.WriteOperation;
import dev.yammap.internal.file.OpenedFile;
import dev.yammap.internal.os.AccessOptions;
import dev.yammap.internal.os.linux.FaultyLibrary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * What listeners are told of writes that the operating system refuses. A full or broken
 * disk refuses them on both backends in the tests of the profile {@code faults}.
 */
@NullMarked
class RefusedWriteTests extends AbstractFaultyLibraryTests {

	private static final OpenOption[] READ_WRITE = { StandardOpenOption.READ, StandardOpenOption.WRITE,
			StandardOpenOption.CREATE };

	private static final OpenOption[] APPEND = { StandardOpenOption.APPEND, StandardOpenOption.CREATE };

	private final List<String> told = new ArrayList<>();

	private Mmap open(OpenOption... options) throws IOException {
		AccessOptions access = AccessOptions.of(options);
		Path path = Files.write(this.directory.resolve("file"), new byte[100]);
		Opening opening = new Opening(this.library.backend(), path, access, this.mapping, !access.sparse(), true);
		OpenedFile file = opening.open(PosixFilePermissions.fromString("rw-------"), 0, (parts) -> parts);
		FileMmap mmap = new FileMmap(file, access.syncOnWrite(), List.of(new Recorder()));
		this.opened.add(mmap);
		return mmap.opened();
	}

	private void assertRefused(ThrowingCallable call, String event) {
		assertThatIOException().isThrownBy(call);
		assertThat(this.told).containsExactly(event);
		this.told.clear();
	}

	@Test
	void appendIsTold() throws IOException {
		Mmap file = open(APPEND);
		this.library.failAlways("write", FaultyLibrary.ENOSPC);
		assertRefused(() -> file.write(new byte[10]), "APPEND NO_SPACE 100");
		assertRefused(() -> file.channel().write(ByteBuffer.allocate(10)), "APPEND NO_SPACE 100");
		this.library.failAlways("write", FaultyLibrary.EIO);
		assertRefused(() -> file.write(new byte[10]), "APPEND IO_ERROR 100");
	}

	@Test
	void writePastTheEndIsToldAsGrowth() throws IOException {
		Mmap file = open(READ_WRITE);
		this.library.failAlways("pwrite", FaultyLibrary.EIO);
		file.seek(0, Whence.END);
		assertRefused(() -> file.writeAt(new byte[10], 95), "GROWTH IO_ERROR 100");
		assertRefused(() -> file.write(new byte[10]), "GROWTH IO_ERROR 100");
	}

	/** Zeros fill the gap first, and stay: others may have written behind them. */
	@Test
	void writeBehindAGapIsToldAsGrowthWithTheSizeThatStays() throws IOException {
		Mmap file = open(READ_WRITE);
		this.library.failAlways("pwrite", FaultyLibrary.EIO);
		assertRefused(() -> file.channel().position(200).write(ByteBuffer.allocate(10)), "GROWTH IO_ERROR 200");
	}

	@Test
	void writeBehindAGapIsTakenBackUnderAnExclusiveLock() throws IOException {
		this.mapping = this.mapping.withLock(LockMode.EXCLUSIVE);
		Mmap file = open(READ_WRITE);
		this.library.failAlways("pwrite", FaultyLibrary.EIO);
		assertRefused(() -> file.channel().position(200).write(ByteBuffer.allocate(10)), "GROWTH IO_ERROR 100");
	}

	@Test
	void truncationIsToldByItsDirection() throws IOException {
		Mmap file = open(READ_WRITE);
		this.library.failAlways("fallocate", FaultyLibrary.ENOSPC);
		assertRefused(() -> file.truncate(1 << 20), "GROWTH NO_SPACE 100");
		this.library.failAlways("ftruncate", FaultyLibrary.EPERM);
		assertRefused(() -> file.truncate(10), "TRUNCATE OTHER 100");
		assertRefused(() -> file.channel().truncate(10), "TRUNCATE OTHER 100");
	}

	@Test
	void mappingThatCannotGrowIsToldAsGrowth() throws IOException {
		this.mapping = this.mapping.withReserve(0);
		Mmap file = open(READ_WRITE);
		this.library.failAlways("mmap", FaultyLibrary.ENOMEM);
		assertRefused(() -> file.writeAt(new byte[10], 1 << 20), "GROWTH NO_MEMORY 100");
	}

	@Test
	void whatTheEngineRefusesItselfIsNotTold() throws IOException {
		this.mapping = this.mapping.withMaxSize(200);
		Mmap file = open(READ_WRITE);
		assertThatIOException().isThrownBy(() -> file.writeAt(new byte[10], 195)).withMessageContaining("maxSize");
		assertThatIOException().isThrownBy(() -> file.truncate(201)).withMessageContaining("maxSize");
		assertThatIOException().isThrownBy(() -> file.seek(300, Whence.START));
		file.close();
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> file.writeAt(new byte[10], 100));
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> file.truncate(10));
		assertThat(this.told).isEmpty();
	}

	@Test
	void writeThatSucceedsIsNotTold() throws IOException {
		Mmap file = open(READ_WRITE);
		file.writeAt(new byte[10], 95);
		file.truncate(50);
		file.sync();
		assertThat(this.told).isEmpty();
	}

	@Test
	void syncThatFailsIsToldAsSyncAlone() throws IOException {
		Mmap file = open(StandardOpenOption.WRITE, StandardOpenOption.SYNC);
		this.library.failAlways("fdatasync", FaultyLibrary.EIO);
		assertThatIOException().isThrownBy(() -> file.writeAt(new byte[10], 100));
		assertThat(this.told).isEmpty();
	}

	/**
	 * Notes what it is told, once another thread was able to use the file.
	 */
	private final class Recorder implements MmapListener {

		@Override
		public void failed(Mmap file, WriteOperation operation, FailureCause cause, IOException failure) {
			assertThat(failure).hasMessageContaining("errno");
			requireUnlocked(file);
			RefusedWriteTests.this.told.add(operation + " " + cause + " " + file.size());
		}

		private void requireUnlocked(Mmap file) {
			Thread other = Thread.ofPlatform().start(() -> {
				try {
					file.seek(0, Whence.CURRENT);
					file.refresh();
				}
				catch (IOException ex) {
					throw new IllegalStateException(ex);
				}
			});
			try {
				assertThat(other.join(Duration.ofMinutes(1))).isTrue();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
