package dev.yammap.internal.os.portable;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import dev.yammap.LockMode;
import dev.yammap.internal.os.CallThreads;
import dev.yammap.internal.os.LockHolders;
import dev.yammap.internal.os.Printable;

/**
 * Takes the lock of a {@link java.nio.channels.FileChannel} on a whole file, which the
 * virtual machine also holds against others in this process. Closing the file releases
 * it.
 */
final class ChannelLock {

	private ChannelLock() {
	}

	static void take(RandomAccessFile file, Path path, LockMode mode) throws IOException {
		if (mode == LockMode.NONE) {
			return;
		}
		boolean taken;
		try {
			taken = CallThreads
				.call(() -> file.getChannel().tryLock(0, Long.MAX_VALUE, mode == LockMode.SHARED) != null);
		}
		catch (OverlappingFileLockException ex) {
			throw LockHolders.exceptionOfThisProcess(path, mode);
		}
		catch (IOException ex) {
			throw Failures.explain("lock", path, "", ex);
		}
		if (!taken) {
			throw LockHolders.exception(path, mode);
		}
	}

	/**
	 * Tries to lock a range beside the file's own lock. Java cannot turn a shared lock
	 * into an exclusive one without releasing it first, so that is refused.
	 * @param own the lock of the file itself
	 * @return what releases it, or {@code null} if it cannot be taken now
	 */
	static @Nullable Closeable tryRange(RandomAccessFile file, Path path, LockMode own, long position, long size,
			boolean shared) throws IOException {
		String range = ", " + size + " bytes at offset " + position;
		if (own == LockMode.EXCLUSIVE || (own == LockMode.SHARED && shared)) {
			return () -> {
			};
		}
		if (own == LockMode.SHARED) {
			throw new IOException("Cannot lock " + Printable.of(path) + range + ", exclusively: it was opened with"
					+ " LockMode.SHARED. Open it with LockMode.EXCLUSIVE or NONE, or with Backend.NATIVE");
		}
		try {
			FileLock lock = CallThreads.call(() -> file.getChannel().tryLock(position, size, shared));
			return (lock != null) ? () -> release(lock, path, range) : null;
		}
		catch (IOException ex) {
			throw Failures.explain("lock", path, range, ex);
		}
	}

	private static void release(FileLock lock, Path path, String range) throws IOException {
		try {
			CallThreads.run(lock::release);
		}
		catch (IOException ex) {
			throw Failures.explain("unlock", path, range, ex);
		}
	}

}
