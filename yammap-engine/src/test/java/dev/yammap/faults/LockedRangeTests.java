package dev.yammap.faults;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import dev.yammap.Backend;
import dev.yammap.LockMode;
import dev.yammap.Mmap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Locks of ranges, and another process.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class LockedRangeTests extends AbstractFaultTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	@SuppressWarnings("NullAway.Init")
	private Path path;

	@SuppressWarnings("NullAway.Init")
	private Process other;

	@BeforeEach
	void startOther() throws IOException {
		this.path = Files.write(this.directory.resolve("file"), new byte[100]);
		this.other = child(RangeLockingProgram.class, this.directory).arguments(this.path).start();
	}

	@AfterEach
	void killOther() throws InterruptedException {
		this.other.destroyForcibly().waitFor();
	}

	private Mmap open(LockMode own) throws IOException {
		return builder(this.path).options(StandardOpenOption.READ, StandardOpenOption.WRITE).lock(own).open();
	}

	private boolean other(String command) throws IOException {
		this.other.getOutputStream().write((command + "\n").getBytes(StandardCharsets.US_ASCII));
		this.other.getOutputStream().flush();
		return this.other.getInputStream().read() == 1;
	}

	private boolean otherCanLock(long position, long size, boolean shared) throws IOException {
		return other("try " + position + " " + size + " " + shared);
	}

	@Test
	void otherProcessIsLockedOutOfTheRangeAlone() throws IOException {
		try (Mmap file = open(LockMode.NONE)) {
			FileLock exclusive = file.channel().lock(10, 10, false);
			FileLock shared = file.channel().lock(20, 10, true);
			assertThat(otherCanLock(19, 1, true)).isFalse();
			assertThat(otherCanLock(20, 1, false)).isFalse();
			assertThat(otherCanLock(20, 1, true)).isTrue();
			assertThat(otherCanLock(0, 10, false)).isTrue();
			assertThat(otherCanLock(30, 0, false)).isTrue();
			exclusive.release();
			assertThat(otherCanLock(10, 10, false)).isTrue();
			assertThat(otherCanLock(20, 10, false)).isFalse();
			shared.channel().close();
			assertThat(otherCanLock(0, 0, false)).isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void otherProcessStaysLockedOutOfAFileAfterARangeWasReleased(boolean shared) throws IOException {
		try (Mmap file = open(LockMode.EXCLUSIVE)) {
			assertThat(otherCanLock(10, 10, true)).isFalse();
			file.channel().lock(10, 10, shared).release();
			FileChannel channel = file.channel();
			channel.lock(0, Long.MAX_VALUE, shared);
			channel.close();
			assertThat(otherCanLock(10, 10, true)).isFalse();
			assertThat(otherCanLock(0, 1, true)).isFalse();
		}
		assertThat(otherCanLock(0, 0, false)).isTrue();
	}

	@Test
	void sharedLockOfAFileStaysAfterARangeWasReleased() throws IOException {
		try (Mmap file = open(LockMode.SHARED)) {
			file.channel().lock(10, 10, true).release();
			assertThat(otherCanLock(10, 10, false)).isFalse();
			assertThat(otherCanLock(10, 10, true)).isTrue();
			if (this.backend == Backend.NATIVE) {
				FileLock lock = file.channel().lock(10, 10, false);
				assertThat(otherCanLock(10, 10, true)).isFalse();
				assertThat(otherCanLock(20, 10, true)).isTrue();
				lock.release();
				assertThat(otherCanLock(10, 10, true)).isTrue();
			}
			assertThat(otherCanLock(10, 10, false)).isFalse();
			assertThat(otherCanLock(0, 0, false)).isFalse();
		}
	}

	@Test
	void rangeThatTheOtherProcessHasIsNotHadAtOnce() throws IOException {
		assertThat(other("keep 10 10 false")).isTrue();
		try (Mmap file = open(LockMode.NONE)) {
			FileChannel channel = file.channel();
			assertThat(channel.tryLock(19, 10, true)).isNull();
			assertThat(channel.tryLock(20, 10, false)).isNotNull();
			other("release");
			assertThat(channel.tryLock(19, 1, true)).isNotNull();
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void rangeThatTheOtherProcessHasIsWaitedFor(boolean virtual) throws Exception {
		assertThat(other("keep 10 10 true")).isTrue();
		try (Mmap file = open(LockMode.NONE)) {
			FutureTask<FileLock> lock = new FutureTask<>(() -> file.channel().lock(0, 100, false));
			Thread waiter = (virtual ? Thread.ofVirtual() : Thread.ofPlatform()).start(lock);
			awaitWaiting(waiter);
			assertThatExceptionOfType(OverlappingFileLockException.class)
				.isThrownBy(() -> file.channel().tryLock(50, 1, true));
			file.writeAt(new byte[] { 1 }, 50);
			assertThat(lock.isDone()).isFalse();
			other("release");
			assertThat(lock.get().isValid()).isTrue();
			assertThat(otherCanLock(0, 1, true)).isFalse();
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void interruptEndsTheWaitingAndClosesNothing(boolean virtual) throws Exception {
		assertThat(other("keep 10 10 false")).isTrue();
		try (Mmap file = open(LockMode.NONE)) {
			FileChannel channel = file.channel();
			FutureTask<Boolean> interrupted = new FutureTask<>(() -> {
				assertThatExceptionOfType(FileLockInterruptionException.class)
					.isThrownBy(() -> channel.lock(0, 100, true));
				return Thread.currentThread().isInterrupted();
			});
			Thread waiter = (virtual ? Thread.ofVirtual() : Thread.ofPlatform()).start(interrupted);
			awaitWaiting(waiter);
			waiter.interrupt();
			assertThat(interrupted.get()).isTrue();
			assertThat(channel.isOpen()).isTrue();
			assertThat(channel.tryLock(50, 1, false)).isNotNull();
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	@SuppressWarnings("try")
	void closingTheChannelOrItsFileEndsTheWaiting(boolean closeFile) throws Exception {
		assertThat(other("keep 10 10 false")).isTrue();
		try (Mmap file = open(LockMode.NONE)) {
			FileChannel channel = file.channel();
			FutureTask<FileLock> lock = new FutureTask<>(() -> channel.lock(0, 100, false));
			awaitWaiting(Thread.ofPlatform().start(lock));
			if (closeFile) {
				file.close();
			}
			else {
				channel.close();
			}
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(lock::get)
				.withCauseInstanceOf(AsynchronousCloseException.class);
			other("release");
			assertThat(otherCanLock(0, 0, false)).isTrue();
		}
	}

	/** Returns once a thread sleeps between two attempts, or has ended. */
	private static void awaitWaiting(Thread thread) {
		while (thread.isAlive() && thread.getState() != Thread.State.TIMED_WAITING) {
			Thread.onSpinWait();
		}
	}

}
