package dev.yammap.internal.os.portable;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Objects;

import dev.yammap.internal.os.EngineLogger;
import dev.yammap.internal.os.Remedies;

/**
 * Makes a file longer, and harms nothing that others write to it meanwhile.
 * <p>
 * There is no way to ask for disk blocks but to write zeros. These go to the end of the
 * file, wherever that is, so that whoever else writes to it loses nothing. Cutting the
 * file puts its old size back, but could cut off what another process has written behind
 * it; so it is done only under an exclusive lock of ours. Without one, what a failed call
 * wrote stays, and its exception says so. Used by one thread at a time.
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

	/** Whether our lock says that nobody else writes. */
	private final boolean alone;

	private final PositionalBytes bytes;

	private final FreeSpace space;

	/** Whether a part of the file may have no disk blocks. */
	private volatile boolean holes;

	/** Where the current call began to write. */
	private long start;

	/** How much it wrote there. */
	private long written;

	Growth(Path path, Handles handles, boolean alone, PositionalBytes bytes, FreeSpace space) {
		this.path = path;
		this.alone = alone;
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
		growing("extend", " by " + length + " bytes at offset " + offset, size, offset + length, () -> {
			if (offset > size) {
				this.holes = true;
				this.bytes.requireReachable(offset + length);
				zeroTail(size, offset);
			}
			this.space.requireUnallocated(length);
			try {
				this.bytes.write(source, index, length, offset);
			}
			catch (IOException ex) {
				wroteAtMost(offset, length);
				throw ex;
			}
		});
	}

	void grow(long size, long newSize, boolean preallocate) throws IOException {
		growing("grow", " from " + size + " to " + newSize + " bytes", size, newSize, () -> {
			if (preallocate) {
				this.space.require(newSize - size);
				fill(newSize);
			}
			else {
				this.holes = true;
				// Nothing else is sure to leave alone what another process writes at that
				// very moment, so this is for files that are too large to be filled.
				fill((newSize - size > SMALL_GROWTH) ? pageEnd(size) : newSize);
				if (this.file.length() < newSize) {
					setLength(newSize);
				}
			}
		});
	}

	/**
	 * A byte at the new end cuts nothing of what others write, as setting the size can.
	 */
	private void setLength(long newSize) throws IOException {
		if (this.alone) {
			this.file.setLength(newSize);
		}
		else {
			this.bytes.write(MemorySegment.ofArray(new byte[1]), 0, 1, newSize - 1);
		}
	}

	/**
	 * Writes at the end. What was written before a failure is taken back, or told.
	 */
	void append(MemorySegment source, long index, long length) throws IOException {
		long before = this.file.length();
		String where = ", " + length + " bytes at offset " + before;
		try {
			this.space.requireUnallocated(length);
		}
		catch (IOException ex) {
			throw Failures.explain("append to", this.path, where, ex);
		}
		try {
			end().write(source, index, length);
		}
		catch (IOException ex) {
			MemorySegment meant = source.asSlice(index, length);
			IOException unknown = null;
			String staying = "";
			try {
				staying = undoPart(meant, before);
			}
			catch (IOException second) {
				unknown = second;
			}
			IOException failure = Failures.explain("append to", this.path, where, ex, staying);
			if (unknown != null) {
				failure.addSuppressed(unknown);
			}
			throw failure;
		}
	}

	/**
	 * Takes back the part that was written before a failure. How long it is nobody tells;
	 * so what follows the old end must be just that, whatever a lock says.
	 */
	private String undoPart(MemorySegment meant, long before) throws IOException {
		long part = this.file.length() - before;
		if (part <= 0) {
			return "";
		}
		boolean ours = this.alone && part <= meant.byteSize() && isAt(before, meant.asSlice(0, part));
		return (ours && cut(before, before + part)) ? ""
				: Remedies.stayingAtMost(Math.min(part, meant.byteSize()), before);
	}

	private boolean isAt(long offset, MemorySegment meant) throws IOException {
		MemorySegment present = MemorySegment.ofArray(new byte[(int) meant.byteSize()]);
		return this.bytes.read(present, 0, present.byteSize(), offset) == present.byteSize()
				&& present.mismatch(meant) == -1;
	}

	/** No stream that fails says how much it wrote, and others may write, too. */
	private void wroteAtMost(long offset, long length) {
		this.start = offset;
		try {
			this.written = Math.clamp(this.file.length() - offset, 0, length);
		}
		catch (IOException ex) {
			this.written = length;
		}
	}

	/**
	 * Cuts off what was written last, if nobody else can have written since.
	 * @return whether it did
	 */
	boolean cut(long from, long to) throws IOException {
		boolean last = this.alone && this.file.length() == to;
		if (last) {
			this.file.setLength(from);
		}
		return last;
	}

	/**
	 * Has zeros behind the end in the file's last page, up to {@code limit}: a store of
	 * somebody's may have put other bytes there, which some file systems would show once
	 * the file is longer. Pages after it are new.
	 */
	private void zeroTail(long size, long limit) throws IOException {
		fill(Math.min(pageEnd(size), limit));
	}

	private static long pageEnd(long size) {
		return (size + LARGEST_PAGE - 1) & -LARGEST_PAGE;
	}

	/**
	 * Adds zeros at the end until the file is so long; longer, if others add to it at the
	 * same time.
	 */
	private void fill(long newSize) throws IOException {
		for (long size = this.file.length(); size < newSize; size = this.file.length()) {
			int count = (int) Math.min(newSize - size, CHUNK_SIZE);
			// Others may have shortened the file since the last chunk.
			long first = (this.written > 0) ? Math.min(this.start, size) : size;
			try {
				end().writeZeros(count);
			}
			finally {
				wroteAtMost(first, size + count - first);
			}
		}
	}

	private void growing(String operation, String where, long size, long newSize, Step step) throws IOException {
		this.written = 0;
		try {
			step.run();
		}
		catch (IOException ex) {
			throw Failures.explain(operation, this.path, where, ex, undo(size, newSize));
		}
		catch (RuntimeException | Error ex) {
			undo(size, newSize);
			throw ex;
		}
	}

	/**
	 * Puts the old size back, if nobody else can have written behind it.
	 * @param newSize what the size can have become by our doing
	 * @return what stays, for the message
	 */
	private String undo(long size, long newSize) {
		try {
			long end = this.alone ? this.file.length() : Long.MAX_VALUE;
			if (size <= end && end <= newSize) {
				if (end > size) {
					this.file.setLength(size);
				}
				return "";
			}
		}
		catch (IOException ex) {
			EngineLogger.get()
				.log(Level.WARNING, "The size of {0} could not be put back to {1} after a failed growth: {2}",
						this.path, size, ex.getMessage());
		}
		return (this.written > 0) ? Remedies.stayingAtMost(this.written, this.start) : "";
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
