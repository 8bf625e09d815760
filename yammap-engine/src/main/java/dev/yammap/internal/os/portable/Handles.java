package dev.yammap.internal.os.portable;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.yammap.internal.os.CallThreads;
import dev.yammap.internal.os.EngineLogger;
import dev.yammap.internal.os.NativeResources;
import dev.yammap.internal.os.Origin;
import dev.yammap.internal.os.Remedies;

/**
 * The open handles of a file, without its mappings: Java unmaps only by closing their
 * arena, and whoever holds the arena keeps it reachable.
 *
 * @param file to read and write at any place, and to map
 * @param end to write at the end, if the file can be written to
 * @param path the path as it was given
 * @param key which file it is, as {@link FileKeys} tells
 * @param origin whether opening it created the file
 */
record Handles(RandomAccessFile file, @Nullable AppendStream end, Path path, @Nullable Object key,
		Origin origin) implements NativeResources, AutoCloseable {

	/** What POSIX systems say if directories cannot be synced. */
	private static final Set<String> UNSUPPORTED = Set.of("Invalid argument", "Operation not supported",
			"Function not implemented");

	/**
	 * Makes the name durable, or logs why it is not. Windows has no call for that; its
	 * NTFS keeps a journal of names.
	 */
	void syncDirectory() throws IOException {
		if (System.getProperty("os.name").startsWith("Windows")) {
			return;
		}
		Path directory = this.origin.directoryOf(this.path);
		try {
			CallThreads.run(() -> {
				try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
					channel.force(true);
				}
			});
		}
		catch (AccessDeniedException ex) {
			EngineLogger.sayNotDurable(this.path, directory, "Permission denied", Remedies.DIRECTORY_DENIED);
		}
		catch (IOException ex) {
			String word = Failures.word(ex);
			if (!UNSUPPORTED.contains(word)) {
				throw Failures.explain("sync the directory", directory, "", ex);
			}
			EngineLogger.sayNotDurable(this.path, directory, word, Remedies.DIRECTORY_UNSUPPORTED);
		}
	}

	@Override
	public void close() throws IOException {
		try (AppendStream _ = this.end) {
			this.file.close();
		}
		catch (IOException ex) {
			throw Failures.explain("close", this.path, "", ex);
		}
	}

	@Override
	public boolean canUnmap() {
		return false;
	}

	@Override
	public void unmap() {
		// The mappings are removed with their arena.
	}

}
