package dev.yammap;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Locks of ranges within one process; see {@code dev.yammap.faults} for others.
 */
class ChannelLockTests extends AbstractMmapTests {

	private static final StandardOpenOption[] READ_WRITE = { StandardOpenOption.READ, StandardOpenOption.WRITE };

	@BeforeEach
	void writeFile() throws IOException {
		write(random(100, 1));
	}

	@AfterEach
	void clearInterrupt() {
		Thread.interrupted();
	}

	private Mmap open(LockMode own) throws IOException {
		return open(builder(path()).options(READ_WRITE).lock(own));
	}

	/** Tells whether another opening of the file could lock a range. */
	private boolean isFree(long position, long size, boolean shared) throws IOException {
		try (Mmap other = builder(path()).options(READ_WRITE).open();
				FileLock lock = other.channel().tryLock(position, size, shared)) {
			return lock != null;
		}
		catch (OverlappingFileLockException ex) {
			// The virtual machine knows the locks of its channels, as of one owner.
			assertThat(this.backend).isEqualTo(Backend.PORTABLE);
			return false;
		}
	}

	@ParameterizedTest
	@CsvSource({ "NONE, true", "NONE, false", "SHARED, true", "EXCLUSIVE, true", "EXCLUSIVE, false" })
	void rangesOfAllChannelsOfAFileExcludeEachOther(LockMode own, boolean shared) throws IOException {
		Mmap file = open(own);
		FileChannel first = file.channel();
		FileChannel second = file.channel();
		FileLock lock = first.lock(10, 10, shared);
		for (FileChannel channel : new FileChannel[] { first, second }) {
			assertThatExceptionOfType(OverlappingFileLockException.class).isThrownBy(() -> channel.lock(19, 5, true));
			assertThatExceptionOfType(OverlappingFileLockException.class)
				.isThrownBy(() -> channel.tryLock(0, 11, shared));
			assertThatExceptionOfType(OverlappingFileLockException.class).isThrownBy(() -> channel.tryLock(0, 0, true));
			channel.tryLock(0, 10, shared).release();
			channel.lock(20, 1, shared).release();
		}
		lock.release();
		second.tryLock(0, Long.MAX_VALUE, shared).release();
	}

	@Test
	void lockTellsWhatItIs() throws IOException {
		FileChannel channel = open(LockMode.NONE).channel();
		FileLock lock = channel.lock(10, 0, false);
		assertThat(lock.channel()).isSameAs(channel);
		assertThat(lock.acquiredBy()).isSameAs(channel);
		assertThat(lock.position()).isEqualTo(10);
		assertThat(lock.size()).isEqualTo(Long.MAX_VALUE - 10);
		assertThat(lock.isShared()).isFalse();
		assertThat(lock.isValid()).isTrue();
		lock.close();
		lock.release();
		assertThat(lock.isValid()).isFalse();
		FileLock shared = channel.tryLock(3, 4, true);
		assertThat(shared.isShared()).isTrue();
		assertThat(shared.overlaps(6, 1)).isTrue();
	}

	@Test
	void wholeFileIsLockedWithoutArguments() throws IOException {
		FileChannel channel = open(LockMode.NONE).channel();
		for (FileLock lock : new FileLock[] { channel.lock() }) {
			assertThat(lock.size()).isEqualTo(Long.MAX_VALUE);
			assertThat(isFree(1L << 40, 1, true)).isFalse();
			lock.release();
		}
		channel.tryLock().release();
		assertThat(isFree(0, 0, false)).isTrue();
	}

	@Test
	void otherOpeningOfTheFileIsLockedOutOfTheRangeAlone() throws IOException {
		FileChannel channel = open(LockMode.NONE).channel();
		FileLock exclusive = channel.lock(10, 10, false);
		FileLock shared = channel.lock(20, 10, true);
		assertThat(isFree(19, 1, true)).isFalse();
		assertThat(isFree(20, 1, false)).isFalse();
		assertThat(isFree(0, 10, false)).isTrue();
		assertThat(isFree(30, 0, false)).isTrue();
		exclusive.release();
		assertThat(isFree(10, 10, false)).isTrue();
		assertThat(isFree(20, 10, false)).isFalse();
		shared.release();
		assertThat(isFree(0, 0, false)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void rangeWithinAnExclusiveLockOfTheFileNeverWeakensIt(boolean shared) throws IOException {
		FileChannel channel = open(LockMode.EXCLUSIVE).channel();
		FileLock lock = channel.lock(10, 10, shared);
		assertThat(isFree(10, 10, true)).isFalse();
		lock.release();
		assertThat(isFree(10, 10, true)).isFalse();
		channel.tryLock(10, 10, shared);
		channel.close();
		assertThat(isFree(10, 10, true)).isFalse();
		assertThat(isFree(0, 0, true)).isFalse();
	}

	@Test
	void sharedRangeWithinASharedLockOfTheFileNeverWeakensIt() throws IOException {
		FileChannel channel = open(LockMode.SHARED).channel();
		channel.lock(10, 10, true).release();
		assertThat(isFree(10, 10, false)).isFalse();
		assertThat(isFree(10, 10, true)).isEqualTo(this.backend == Backend.NATIVE);
	}

	@Test
	void exclusiveRangeWithinASharedLockLeavesThatWhenItIsReleased() throws IOException {
		FileChannel channel = open(LockMode.SHARED).channel();
		if (this.backend == Backend.PORTABLE) {
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> channel.tryLock(10, 10, false))
				.withMessageContaining(path().toString())
				.withMessageContaining("LockMode.SHARED");
			channel.tryLock(10, 10, true).release();
			return;
		}
		FileLock lock = channel.tryLock(10, 10, false);
		assertThat(isFree(10, 10, true)).isFalse();
		assertThat(isFree(20, 0, true)).isTrue();
		lock.release();
		assertThat(isFree(10, 10, true)).isTrue();
		assertThat(isFree(10, 10, false)).isFalse();
		assertThat(isFree(0, 1, false)).isFalse();
		try (Mmap other = open(LockMode.SHARED)) {
			assertThat(channel.tryLock(10, 10, false)).isNull();
			assertThat(channel.tryLock(10, 10, true)).isNotNull();
			assertThat(other.isOpen()).isTrue();
		}
	}

	@Test
	void lockEndsWithItsChannel() throws IOException {
		Mmap file = open(LockMode.NONE);
		FileChannel channel = file.channel();
		FileChannel other = file.channel();
		FileLock lock = channel.lock(0, 10, false);
		FileLock kept = other.lock(10, 10, false);
		channel.close();
		assertThat(lock.isValid()).isFalse();
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(lock::release);
		assertThat(kept.isValid()).isTrue();
		assertThat(isFree(0, 10, false)).isTrue();
		assertThat(isFree(10, 10, false)).isFalse();
		other.lock(0, 10, false);
	}

	@Test
	void lockEndsWithItsFile() throws IOException {
		Mmap file = open(LockMode.NONE);
		FileLock lock = file.channel().lock(0, 10, false);
		file.close();
		assertThat(lock.isValid()).isFalse();
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(lock::release);
		assertThat(isFree(0, 10, false)).isTrue();
	}

	@Test
	void lockIsRefusedAsNioDoes() throws IOException {
		FileChannel channel = open(LockMode.NONE).channel();
		assertThatIllegalArgumentException().isThrownBy(() -> channel.lock(-1, 1, false));
		assertThatIllegalArgumentException().isThrownBy(() -> channel.lock(1, -1, false));
		assertThatIllegalArgumentException().isThrownBy(() -> channel.tryLock(Long.MAX_VALUE, 1, false));
		FileChannel reader = open(path()).channel();
		assertThatExceptionOfType(NonWritableChannelException.class).isThrownBy(reader::lock);
		assertThatExceptionOfType(NonWritableChannelException.class).isThrownBy(() -> reader.tryLock(0, -1, false));
		reader.lock(0, 1, true).release();
		FileChannel writer = open(path(), StandardOpenOption.WRITE).channel();
		assertThatExceptionOfType(NonReadableChannelException.class).isThrownBy(() -> writer.lock(0, 1, true));
		writer.lock(0, 1, false).release();
		FileChannel closed = open(LockMode.NONE).channel();
		closed.close();
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> closed.lock(-1, 1, true));
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> closed.tryLock(-1, 1, true));
	}

	@Test
	void fileThatIsAppendedToCanBeLocked() throws IOException {
		FileChannel channel = open(path(), StandardOpenOption.APPEND).channel();
		channel.lock().release();
		channel.tryLock(0, 1, false).release();
	}

	@Test
	void privateMappingLocksNothingExclusively() throws IOException {
		FileChannel channel = openPrivate().channel();
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> channel.tryLock(0, 1, false))
			.withMessageContaining("private");
		channel.tryLock(0, 1, true).release();
	}

	@Test
	void interruptedThreadTriesButDoesNotWait() throws IOException {
		FileChannel channel = open(LockMode.NONE).channel();
		Thread.currentThread().interrupt();
		assertThatExceptionOfType(FileLockInterruptionException.class).isThrownBy(() -> channel.lock(0, 1, false));
		channel.tryLock(0, 1, false).release();
		assertThat(Thread.interrupted()).isTrue();
		assertThat(channel.isOpen()).isTrue();
		channel.lock(0, 1, false);
	}

	@Test
	void threadsOfOneFileTakeTurns() throws Exception {
		Mmap file = open(LockMode.NONE);
		Race.onVirtualThreads().with(4, (thread) -> () -> {
			FileChannel channel = file.channel();
			for (int i = 0; i < 200; i++) {
				try (FileLock lock = channel.tryLock(0, 10, false)) {
					assertThat(lock.isValid()).isTrue();
					// In turns, so nothing of another comes between.
					int value = file.get(ValueLayout.JAVA_INT_UNALIGNED, 0);
					file.set(ValueLayout.JAVA_INT_UNALIGNED, 0, value + 1);
					assertThat(file.get(ValueLayout.JAVA_INT_UNALIGNED, 0)).isEqualTo(value + 1);
				}
				catch (OverlappingFileLockException ex) {
					Thread.onSpinWait();
				}
			}
		}).run();
		assertThat(isFree(0, 0, false)).isTrue();
	}

}
