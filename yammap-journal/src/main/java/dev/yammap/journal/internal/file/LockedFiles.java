package dev.yammap.journal.internal.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

import dev.yammap.FileLockedException;
import dev.yammap.LockMode;
import dev.yammap.Mmap;
import dev.yammap.MmapListener;
import org.jspecify.annotations.Nullable;

/**
 * The files that this process has locked by the portable backend. Such a lock ends when
 * the process closes any descriptor of the file ({@code fcntl(2)}, advisory record
 * locking). So nobody opens such a file a second time: reads and flushes go through the
 * mapping that has the lock.
 */
final class LockedFiles {

	/** By their keys. Also the monitor for all of this. */
	private static final Map<Object, Mmap> LOCKED = new HashMap<>();

	private LockedFiles() {
	}

	/** Opens a file with a lock that ends when it is closed. */
	static Mmap open(Path file, LockMode lock, Mmap.Builder builder) throws IOException {
		synchronized (LOCKED) {
			if (locked(file) != null) {
				throw new FileLockedException(file.toString(),
						"Cannot lock (" + lock.name().toLowerCase(Locale.ROOT) + "): this process holds a lock on it",
						"Close the journal or the reader that has it", true);
			}
			Mmap opened = builder.listener(new Unlocking()).open();
			LOCKED.put(keyOf(file), opened);
			return opened;
		}
	}

	/** Reads the first bytes of a file, fewer if it is shorter. */
	static byte[] read(Path file, int length) throws IOException {
		synchronized (LOCKED) {
			Mmap locked = locked(file);
			if (locked == null || !locked.isOpen()) {
				return JournalDirectory.read(file, 0, length);
			}
			byte[] bytes = new byte[length];
			return Arrays.copyOf(bytes, Math.max(0, locked.readAt(bytes, 0)));
		}
	}

	/** Flushes a file. */
	static void sync(Path file) throws IOException {
		synchronized (LOCKED) {
			Mmap locked = locked(file);
			if (locked == null || !locked.isOpen()) {
				JournalDirectory.sync(file);
			}
			else {
				locked.sync();
			}
		}
	}

	private static @Nullable Mmap locked(Path file) throws IOException {
		return Files.exists(file) ? LOCKED.get(keyOf(file)) : null;
	}

	private static Object keyOf(Path file) throws IOException {
		Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
		return (key != null) ? key : file.toRealPath();
	}

	/**
	 * Forgets a file once it is closed and its lock has ended.
	 */
	private static final class Unlocking implements MmapListener {

		@Override
		public void closed(Mmap file) {
			synchronized (LOCKED) {
				LOCKED.values().remove(file);
			}
		}

	}

}
