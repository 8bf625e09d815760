package dev.yammap.internal.backend.portable;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/**
 * Knows how much more a file system can hold, where it tells.
 */
final class FreeSpace {

	/** Less than this is found out by writing. */
	private static final long NEGLIGIBLE = 1 << 20;

	private final Path path;

	/** Looked up when first asked for, as that is slow on Linux. */
	private volatile @Nullable FileStore store;

	FreeSpace(Path path) {
		this(path, null);
	}

	/**
	 * Creates what knows of a file's space.
	 * @param store where the file is, if that is known already
	 */
	FreeSpace(Path path, @Nullable FileStore store) {
		this.path = path;
		this.store = store;
	}

	/**
	 * Checks before a file is filled.
	 * @throws IOException if the space is known to be less than is needed
	 */
	void require(long bytes) throws IOException {
		long usable = (bytes < NEGLIGIBLE) ? Long.MAX_VALUE : usable();
		if (usable < bytes) {
			throw new IOException(
					"No space left on device (" + usable + " bytes are usable, " + bytes + " bytes are needed)");
		}
	}

	/** Tells whether the file system is known to be full, or nearly so. */
	boolean isShort() {
		return usable() < NEGLIGIBLE;
	}

	private long usable() {
		try {
			FileStore known = this.store;
			if (known == null) {
				known = Files.getFileStore(this.path);
				this.store = known;
			}
			return (known.getTotalSpace() > 0) ? known.getUsableSpace() : Long.MAX_VALUE;
		}
		catch (IOException ex) {
			// Such as a file that was removed meanwhile: nobody can tell.
			return Long.MAX_VALUE;
		}
	}

}
