package dev.yammap.internal.os.portable;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Objects;

import dev.yammap.internal.os.IoCall;
import dev.yammap.internal.os.Origin;
import dev.yammap.internal.os.Remedies;
import dev.yammap.internal.os.UndoableGrowth;

/**
 * Makes a file longer, without harm to anything that others write to it meanwhile.
 * <p>
 * The only way to get disk blocks is to write zeros. They are appended, so that others
 * who write to the file lose nothing. Used by one thread at a time.
 */
final class Growth extends UndoableGrowth<IOException> {

	/** How many zeros are written at once. */
	private static final int CHUNK_SIZE = 64 << 10;

	/** No system has larger pages for files. Must not be more than a chunk. */
	private static final long LARGEST_PAGE = 64 << 10;

	/**
	 * Up to this length a growth is filled with zeros, which takes no time to speak of.
	 * At least some pages.
	 */
	private static final long SMALL_GROWTH = 1 << 20;

	private final Handles handles;

	private final RandomAccessFile file;

	private final PositionalBytes bytes;

	private final FreeSpace space;

	/** Whether a part of the file may have no disk blocks. */
	private volatile boolean holes;

	Growth(Path path, Handles handles, boolean alone, PositionalBytes bytes, FreeSpace space) {
		super(path, alone);
		this.handles = handles;
		this.file = handles.file();
		this.bytes = bytes;
		this.space = space;
		this.holes = handles.origin() != Origin.CREATED;
	}

	boolean mayHaveHoles() {
		return this.holes;
	}

	void extend(long size, MemorySegment source, long index, long length, long offset) throws IOException {
		growing("extend", " by " + length + " bytes at offset " + offset, size, offset + length, () -> {
			if (offset > size) {
				this.holes = true;
				this.bytes.requireReachable(offset + length);
				fill(Math.min(pageEnd(size), offset));
			}
			this.space.requireUnallocated(length);
			try {
				this.bytes.write(source, index, length, offset);
			}
			catch (IOException ex) {
				wroteSome(offset, length);
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
				// Only zeros surely leave alone what another process writes at that very
				// moment. So the size is set otherwise only if the growth is too large to
				// be filled.
				fill((newSize - size > SMALL_GROWTH) ? pageEnd(size) : newSize);
				if (end() < newSize) {
					enlarge(newSize);
				}
			}
		});
	}

	/**
	 * Writes a byte at the new end. It cuts off nothing that others write, while setting
	 * the size can.
	 */
	private void enlarge(long newSize) throws IOException {
		if (this.alone) {
			setSize(newSize);
		}
		else {
			this.bytes.write(MemorySegment.ofArray(new byte[1]), 0, 1, newSize - 1);
		}
	}

	/**
	 * Writes at the end. If that fails half-way, the part that was written is taken back,
	 * or the exception tells of it.
	 */
	void append(MemorySegment source, long index, long length) throws IOException {
		long before = end();
		String where = ", " + length + " bytes at offset " + before;
		try {
			this.space.requireUnallocated(length);
		}
		catch (IOException ex) {
			throw Failures.explain("append to", this.path, where, ex);
		}
		try {
			stream().write(source, index, length);
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
	 * Takes back the part that was written before a failure. The system does not tell how
	 * long it is. So whatever a lock says, the bytes behind the old end must be those
	 * that were to be written.
	 */
	private String undoPart(MemorySegment meant, long before) throws IOException {
		long part = end() - before;
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

	long appendedEnd() throws IOException {
		return stream().position();
	}

	/** A stream that fails does not say how much it wrote, and others may write, too. */
	private void wroteSome(long offset, long length) {
		long most = length;
		try {
			most = Math.clamp(end() - offset, 0, length);
		}
		catch (IOException ex) {
			// Then all of it may be written.
		}
		wroteAtMost(offset, most);
	}

	@Override
	protected long end() throws IOException {
		return this.file.length();
	}

	@Override
	protected void setSize(long size) throws IOException {
		this.file.setLength(size);
	}

	/**
	 * Returns the end of the file's last page, up to which zeros are written. A store may
	 * have put other bytes there, which some file systems would show once the file is
	 * longer. The pages after it are new.
	 */
	private static long pageEnd(long size) {
		return (size + LARGEST_PAGE - 1) & -LARGEST_PAGE;
	}

	/**
	 * Appends zeros until the file is that long. It gets longer if others append at the
	 * same time.
	 */
	private void fill(long newSize) throws IOException {
		for (long size = end(); size < newSize; size = end()) {
			int count = (int) Math.min(newSize - size, CHUNK_SIZE);
			// Others may have shortened the file since the last chunk.
			long first = (this.written > 0) ? Math.min(this.start, size) : size;
			try {
				stream().write(new byte[count]);
			}
			finally {
				wroteSome(first, size + count - first);
			}
		}
	}

	private void growing(String operation, String where, long size, long newSize, IoCall.Action step)
			throws IOException {
		begin();
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

	private AppendStream stream() {
		return Objects.requireNonNull(this.handles.end(), "Not open for writing");
	}

}
