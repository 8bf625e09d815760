package dev.yammap.internal.os.portable;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;

import dev.yammap.LockMode;
import dev.yammap.internal.os.CallThreads;
import dev.yammap.internal.os.LockHolders;

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

}
