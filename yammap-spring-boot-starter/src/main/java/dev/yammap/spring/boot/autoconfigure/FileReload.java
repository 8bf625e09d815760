package dev.yammap.spring.boot.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

import dev.yammap.Mmap;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Follows the replacement of one file. What is at the path is opened once two looks have
 * found the same: a file that is put there by copying, not by renaming, is not complete
 * at once. As long as it cannot be opened, the file that there was stays in use. Used by
 * one thread at a time.
 */
final class FileReload {

	/** So many looks find a file, and each another one, before one is taken. */
	private static final int PATIENCE = 5;

	private static final Log logger = LogFactory.getLog(FileReload.class);

	private final FileSettings settings;

	private final FileState state;

	private final SwappableMmap file;

	private final Mmap.Builder builder;

	private @Nullable Found found;

	private int looks;

	/**
	 * Creates what follows a file.
	 * @param settings the file
	 * @param state what is told of its replacements
	 * @param file the file, open
	 * @param builder what opens it again
	 */
	FileReload(FileSettings settings, FileState state, SwappableMmap file, Mmap.Builder builder) {
		this.settings = settings;
		this.state = state;
		this.file = file;
		this.builder = builder;
	}

	/**
	 * Looks at the path, and replaces the file if it leads to another one.
	 * @return how the file changed, or {@code null} if it was not replaced
	 */
	@Nullable Change look() {
		this.file.versions().closeUnused();
		if (!this.file.isOpen()) {
			return null;
		}
		try {
			if (this.file.isCurrent()) {
				isCurrent();
				return null;
			}
			return isSettled(find()) ? replace() : null;
		}
		catch (IOException | RuntimeException ex) {
			// Closed meanwhile is no failure.
			if (this.file.isOpen()) {
				failed(ex);
			}
			return null;
		}
	}

	private void isCurrent() {
		this.found = null;
		if (this.state.reloads().settled()) {
			logger.info("File " + this.settings + " is at its path again, the very same");
		}
	}

	private Found find() throws IOException {
		BasicFileAttributes attributes = Files.readAttributes(this.settings.path(), BasicFileAttributes.class);
		return new Found(attributes.fileKey(), attributes.size(), attributes.lastModifiedTime());
	}

	private boolean isSettled(Found found) {
		this.looks = (this.found != null) ? this.looks + 1 : 1;
		boolean settled = found.equals(this.found) || this.looks >= PATIENCE;
		this.found = found;
		return settled;
	}

	private @Nullable Change replace() throws IOException {
		long oldSize = this.file.size();
		Mmap next = this.builder.open();
		long newSize = next.size();
		if (!this.file.versions().replace(next)) {
			return null;
		}
		this.found = null;
		this.state.reloaded(this.file);
		logger.info("Reloaded file " + this.settings + ", " + newSize + " bytes, before " + oldSize);
		return new Change(oldSize, newSize);
	}

	private void failed(Exception failure) {
		String problem = "the old file is in use: " + reason(failure);
		if (this.state.reloads().failed("It cannot be reloaded from its path, so " + problem)) {
			logger.warn("File " + this.settings + " cannot be reloaded from its path, so " + problem);
		}
	}

	private static @Nullable String reason(Exception failure) {
		if (failure instanceof NoSuchFileException) {
			return "nothing is there";
		}
		// The classes of all others say something of their own.
		return failure.getClass().equals(IOException.class) ? failure.getMessage() : failure.toString();
	}

	/**
	 * How a file changed.
	 *
	 * @param oldSize its size before, in bytes
	 * @param newSize its size now, in bytes
	 */
	record Change(long oldSize, long newSize) {
	}

	private record Found(@Nullable Object key, long size, FileTime modified) {
	}

}
