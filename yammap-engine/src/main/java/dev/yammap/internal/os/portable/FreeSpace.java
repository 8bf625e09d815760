package dev.yammap.internal.os.portable;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.yammap.internal.os.EngineLogger;
import dev.yammap.internal.os.IoCall;

/**
 * Knows how much more a file system can hold, if the file system tells.
 */
final class FreeSpace {

	/**
	 * For fewer bytes than this the space is not asked for: the write itself finds out.
	 */
	private static final long NEGLIGIBLE = 1 << 20;

	/**
	 * A file system may report this much space that it does not give: btrfs keeps some
	 * for itself.
	 */
	private static final long DOUBTFUL = 16 << 20;

	/**
	 * The types of file systems that write a page to the block that it has. Others may
	 * need another block for each write, or that is not known: XFS does not tell whether
	 * files may share blocks.
	 */
	private static final Set<String> IN_PLACE = Set.of("ext2", "ext3", "ext4", "tmpfs", "ramfs", "NTFS", "hfs");

	private static final Set<String> COPY_ON_WRITE = Set.of("btrfs", "bcachefs", "zfs", "nilfs2", "apfs", "ReFS");

	private final Path path;

	/** Looked up when it is first needed, as that is slow on Linux. */
	private volatile @Nullable FileStore store;

	/** Known once the store is. */
	private volatile boolean writtenInPlace;

	/**
	 * Creates an object that knows the free space for a file.
	 * @param store where the file is, if that is already known
	 */
	FreeSpace(Path path, @Nullable FileStore store) {
		this.path = path;
		if (store != null) {
			learn(store);
		}
	}

	/**
	 * Checks before a file is filled.
	 * @throws IOException if the space is known to be less than is needed
	 */
	void require(long bytes) throws IOException {
		if (bytes >= NEGLIGIBLE) {
			require(bytes, usable());
		}
	}

	/**
	 * Checks before a write that could leave a part behind. The system decides whether
	 * the space is for this user.
	 * @throws IOException if it is known that there is less space for anybody
	 */
	void requireUnallocated(long bytes) throws IOException {
		if (bytes >= NEGLIGIBLE) {
			require(bytes, ask(() -> store().getUnallocatedSpace()));
		}
	}

	private static void require(long bytes, long free) throws IOException {
		if (free < bytes) {
			throw new IOException(
					"No space left on device (" + free + " bytes are usable, " + bytes + " bytes are needed)");
		}
	}

	/** Tells whether the file system is known to be full, or nearly so. */
	boolean isShort() {
		return usable() < NEGLIGIBLE;
	}

	/** Tells whether a page that has its block can always be written to. */
	boolean isWrittenInPlace() {
		try {
			store();
			return this.writtenInPlace;
		}
		catch (IOException ex) {
			return false;
		}
	}

	/** Tells whether the file system may have no other block for a page. */
	boolean isDoubtful() {
		return usable() < DOUBTFUL;
	}

	private long usable() {
		return ask(() -> store().getUsableSpace());
	}

	private long ask(IoCall<Long> question) {
		try {
			long bytes = question.call();
			return (bytes > 0 || store().getTotalSpace() > 0) ? bytes : Long.MAX_VALUE;
		}
		catch (IOException ex) {
			// It cannot be found out, for example because the file was removed meanwhile.
			return Long.MAX_VALUE;
		}
	}

	private FileStore store() throws IOException {
		FileStore known = this.store;
		if (known == null) {
			known = Files.getFileStore(this.path);
			learn(known);
		}
		return known;
	}

	private void learn(FileStore found) {
		this.writtenInPlace = IN_PLACE.contains(found.type());
		this.store = found;
		if (COPY_ON_WRITE.contains(found.type())) {
			EngineLogger.sayCopying(this.path);
		}
	}

}
