package dev.yammap.spring.boot.path;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;

import dev.yammap.Mmap;
import org.jspecify.annotations.Nullable;

/**
 * Checks whether the path of an open file still leads to that file, and whether it still
 * has its length.
 */
public final class PathCheck {

	private static final int LOOKS_AT_SIZE = 10;

	private PathCheck() {
	}

	/**
	 * Looks at the path.
	 * @param file the file, open
	 * @param followed whether the file is reloaded when its path leads elsewhere
	 * @return what is wrong, in a sentence, or {@code null} if all is well
	 */
	public static @Nullable String problem(Mmap file, boolean followed) {
		try {
			long size = Files.size(file.path());
			if (!file.isCurrent()) {
				return followed ? null : "It was replaced: its path leads to another file than the one that is open";
			}
			return (size < file.size()) ? problemOfSize(file) : null;
		}
		catch (NoSuchFileException ex) {
			return followed ? null : "It was removed: no file is at its path";
		}
		catch (IOException ex) {
			return followed ? null : "Its path cannot be checked: " + ex;
		}
	}

	/**
	 * Looks several times. Before each look it waits until the application has ended its
	 * own change of the size. So only somebody else can have shortened the file. One look
	 * would be enough if no further change could begin right between the two sizes that
	 * it compares.
	 */
	private static @Nullable String problemOfSize(Mmap file) throws IOException {
		long known = file.size();
		long actual = known;
		for (int look = 0; look < LOOKS_AT_SIZE; look++) {
			awaitChangeOfSize(file, known);
			actual = Files.size(file.path());
			if (file.size() != known || actual >= known) {
				return null;
			}
		}
		return "It was shortened to " + actual + " of " + known + " bytes, and not by this application";
	}

	/**
	 * Waits for a change of the size to end: a read at the end asks for the size, and
	 * does so after such a change.
	 */
	private static void awaitChangeOfSize(Mmap file, long size) throws IOException {
		try {
			file.readAt(new byte[1], size);
		}
		catch (ClosedChannelException | NonReadableChannelException ex) {
			// There is nothing to wait for, or no way to do so.
		}
	}

}
