package dev.yammap.internal.backend.portable;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Objects;

import dev.yammap.internal.backend.EngineLogger;

/**
 * Makes a file longer, or leaves it as it was.
 * <p>
 * There is no way to ask for disk blocks but to write zeros. These go to the end of the
 * file, so that whoever else writes to it meanwhile loses nothing. Used by one thread at
 * a time.
 */
final class Growth {

	/** What is filled at once. */
	private static final int CHUNK_SIZE = 64 << 10;

	/** No system has larger pages of a file. Must not be more than a chunk. */
	private static final long LARGEST_PAGE = 64 << 10;

	/** What is filled with zeros in no time; some pages at least. */
	private static final long SMALL_GROWTH = 1 << 20;

	private final Path path;

	private final Handles handles;

	private final RandomAccessFile file;

	private final PositionalBytes bytes;

	private final FreeSpace space;

	/** Whether a part of the file may have no disk blocks. */
	private volatile boolean holes;

	Growth(Path path, Handles handles, PositionalBytes bytes, FreeSpace space) {
		this.path = path;
		this.handles = handles;
		this.file = handles.file();
		this.bytes = bytes;
		this.space = space;
		this.holes = !handles.created();
	}

	/** Tells whether a part of the file may have no disk blocks. */
	boolean mayHaveHoles() {
		return this.holes;
	}

	void extend(long size, MemorySegment source, long index, long length, long offset) throws IOException {
		growing(size, "extend", " by " + length + " bytes at offset " + offset, () -> {
			if (offset > size) {
				this.holes = true;
				zeroTail(size, offset);
			}
			this.bytes.write(source, index, length, offset);
		});
	}

	void grow(long size, long newSize, boolean preallocate) throws IOException {
		growing(size, "grow", " from " + size + " to " + newSize + " bytes", () -> {
			if (preallocate) {
				this.space.require(newSize - size);
				fill(newSize);
			}
			else {
				this.holes = true;
				// Setting the size would cut what another process writes at that very
				// moment, so this is for files that are too large to be filled.
				fill((newSize - size > SMALL_GROWTH) ? pageEnd(size) : newSize);
				if (this.file.length() < newSize) {
					this.file.setLength(newSize);
				}
			}
		});
	}

	/**
	 * Zeroes what lies behind the end in the file's last page, up to {@code limit}: bytes
	 * that a store of somebody's put there, which some file systems would show once the
	 * file is longer. Pages after it are new.
	 */
	private void zeroTail(long size, long limit) throws IOException {
		fill(Math.min(pageEnd(size), limit));
	}

	private static long pageEnd(long size) {
		return (size + LARGEST_PAGE - 1) & -LARGEST_PAGE;
	}

	/**
	 * Adds zeros at the end. Where somebody else did so too, they are taken back, as
	 * others may have made the file as long as it shall be.
	 */
	private void fill(long newSize) throws IOException {
		for (long size = this.file.length(); size < newSize; size = this.file.length()) {
			int count = (int) Math.min(newSize - size, CHUNK_SIZE);
			end().writeZeros(count);
			long end = end().position();
			if (end - count > size) {
				takeBack(end, count);
			}
		}
	}

	private void takeBack(long end, long length) throws IOException {
		if (this.file.length() == end) {
			this.file.setLength(end - length);
		}
	}

	private void growing(long size, String operation, String where, Step step) throws IOException {
		boolean grown = false;
		try {
			step.run();
			grown = true;
		}
		catch (IOException ex) {
			throw Failures.explain(operation, this.path, where, ex);
		}
		finally {
			if (!grown) {
				restore(size);
			}
		}
	}

	private void restore(long size) {
		try {
			if (this.file.length() > size) {
				this.file.setLength(size);
			}
		}
		catch (IOException ex) {
			EngineLogger.get()
				.log(Level.WARNING, "The size of {0} could not be put back to {1} after a failed growth: {2}",
						this.path, size, ex.getMessage());
		}
	}

	private AppendStream end() {
		return Objects.requireNonNull(this.handles.end(), "Not open for writing");
	}

	/** Something that makes the file longer, and may fail half-way. */
	@FunctionalInterface
	private interface Step {

		void run() throws IOException;

	}

}
