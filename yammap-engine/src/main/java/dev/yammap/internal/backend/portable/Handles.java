package dev.yammap.internal.backend.portable;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import org.jspecify.annotations.Nullable;

import dev.yammap.internal.backend.CallThreads;

/**
 * What is open of a file.
 *
 * @param file to read and write at any place, and to map
 * @param end to write at the end, if the file can be written to
 * @param path the name that was opened: the path as it was given, or where its symbolic
 * links led
 * @param key which file it is, as {@link FileKeys} tells
 * @param created whether opening it created the file
 */
record Handles(RandomAccessFile file, @Nullable AppendStream end, Path path, @Nullable Object key,
		boolean created) implements AutoCloseable {

	/**
	 * Makes the name durable. Windows has no call for that; NTFS keeps a journal of
	 * names.
	 */
	void syncDirectory() throws IOException {
		if (System.getProperty("os.name").startsWith("Windows")) {
			return;
		}
		Path absolute = this.path.toAbsolutePath();
		Path parent = absolute.getParent();
		Path directory = (parent != null) ? parent : absolute;
		try {
			CallThreads.run(() -> {
				try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
					channel.force(true);
				}
			});
		}
		catch (IOException ex) {
			throw Failures.explain("sync the directory", directory, "", ex);
		}
	}

	@Override
	public void close() throws IOException {
		try {
			this.file.close();
		}
		finally {
			if (this.end != null) {
				this.end.close();
			}
		}
	}

}
