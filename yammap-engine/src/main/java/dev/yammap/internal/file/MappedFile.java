package dev.yammap.internal.file;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Path;

import dev.yammap.internal.fault.FaultBarrier;
import dev.yammap.internal.os.AccessOptions;
import dev.yammap.internal.os.Printable;

/**
 * The state of one open file: how it was opened, its size and its mapping, and whether it
 * is still open. It knows no other class: {@link FileGrowth} changes the size,
 * {@link Lifecycle} ends the file, and all others only ask.
 * <p>
 * Readers take no lock. They read {@link #size()} and then {@link #mapping()}, in this
 * order, and the mapping covers the size: a mapping is published before a size that needs
 * it, and every mapping stays until the end. (A backend may have mapped less than the
 * file has. An access behind that throws {@link IndexOutOfBoundsException}, and takes the
 * slow path of {@code io}.)
 */
public final class MappedFile {

	/**
	 * Less than any size. So after the end every access takes the slow path, and finds
	 * that the file is closed.
	 */
	private static final long CLOSED = -1;

	private final Path path;

	// Every access asks for these, so they are computed once.
	private final boolean readable;

	private final boolean writable;

	private final boolean append;

	private final boolean ofPrivate;

	/** Never changed, but not final: see {@link FaultBarrier}. */
	@SuppressWarnings("FieldMayBeFinal")
	private long highestBit = FaultBarrier.HIGHEST_BIT;

	/** The size of the mapping that the shortest ways go through. */
	private long firstSize;

	private volatile MemorySegment mapping;

	/**
	 * The size that accesses go by, or {@link #CLOSED}. While the file is being closed
	 * its mapping is still there; without this mark one access could succeed after
	 * another was told that the file is closed.
	 */
	private volatile long size;

	private volatile long readEnd = CLOSED;

	private volatile long writeEnd = CLOSED;

	/**
	 * The last size. It is written before {@link #CLOSED}, so whoever sees that sees
	 * this.
	 */
	private long lastSize;

	/**
	 * Creates the state of a file that was just opened.
	 * @param isPrivate whether what is written stays in memory
	 * @param size the size; all of it is mapped, or can be reached through the backend
	 */
	public MappedFile(Path path, AccessOptions access, boolean isPrivate, MemorySegment mapping, long size) {
		this.path = path;
		this.readable = access.read();
		this.writable = access.write();
		this.append = access.append();
		this.ofPrivate = isPrivate;
		this.mapping = mapping;
		this.firstSize = mapping.byteSize();
		resize(size);
	}

	public Path path() {
		return this.path;
	}

	public boolean isReadable() {
		return this.readable;
	}

	/** Tells whether anything can be written, even if only at the end. */
	public boolean isWritable() {
		return this.writable;
	}

	public boolean isAppend() {
		return this.append;
	}

	/**
	 * Tells whether the mapping is private: writes stay in memory, and the size never
	 * changes.
	 */
	public boolean isPrivate() {
		return this.ofPrivate;
	}

	/** Returns the size in bytes, or a negative number once the file is closed. */
	public long size() {
		return this.size;
	}

	/** Returns the size in bytes; of a closed file, the last one. */
	public long lastSize() {
		long known = this.size;
		return (known == CLOSED) ? this.lastSize : known;
	}

	/**
	 * Returns the mapping that the shortest ways go through from now on. To be called
	 * before anybody else has this file: while it was opened it may have grown.
	 */
	public MemorySegment first() {
		MemorySegment first = this.mapping;
		this.firstSize = first.byteSize();
		resize(this.size);
		return first;
	}

	/**
	 * Returns how far from its start the file can be read through {@link #first()}. That
	 * is never behind the size, and a negative number if the file is closed or not
	 * readable.
	 */
	public long readEnd() {
		return this.readEnd;
	}

	/** The same for writes in place. */
	public long writeEnd() {
		return this.writeEnd;
	}

	/** Returns what the barrier of a hot path is called with. */
	public long highestBit() {
		return this.highestBit;
	}

	/** Returns the newest mapping. Ask for the size first. */
	public MemorySegment mapping() {
		return this.mapping;
	}

	public boolean isOpen() {
		return this.size != CLOSED;
	}

	public void requireOpen() throws ClosedChannelException {
		if (this.size == CLOSED) {
			throw new ClosedChannelException();
		}
	}

	public void requireReadable() {
		if (!this.readable) {
			throw notReadable(Printable.of(this.path) + " was not opened for reading; add the option READ");
		}
	}

	public void requireWritable() {
		if (!this.writable) {
			throw notWritable(Printable.of(this.path) + " was not opened for writing; add the option WRITE");
		}
	}

	public void requireOverwritable() {
		requireWritable();
		if (this.append) {
			throw notWritable(
					Printable.of(this.path) + " was opened for appending: use append or write, which go to its end");
		}
	}

	/** Makes the exception of channels; unlike that of the JDK it has a message. */
	private static NonReadableChannelException notReadable(String message) {
		return new NonReadableChannelException() {

			@Override
			public String getMessage() {
				return message;
			}

		};
	}

	private static NonWritableChannelException notWritable(String message) {
		return new NonWritableChannelException() {

			@Override
			public String getMessage() {
				return message;
			}

		};
	}

	/**
	 * Fails for a private mapping, which never changes its file.
	 * @param operation what was to be done to the file, as in "grow"
	 */
	public void requireShared(String operation) throws IOException {
		if (this.ofPrivate) {
			throw new IOException("Cannot " + operation + " " + Printable.of(this.path)
					+ ": a private mapping never changes its file. Open it with MapMode.SHARED");
		}
	}

	/**
	 * Returns the mapping for a memory call.
	 * @throws IndexOutOfBoundsException if the range is not within the file
	 * @throws IllegalStateException if the file is closed
	 */
	public MemorySegment within(long offset, long length) {
		if (offset < 0 || length < 0 || offset > this.size - length) {
			requireWithinOpen(offset, length);
		}
		return this.mapping;
	}

	private void requireWithinOpen(long offset, long length) {
		requireWithin(offset, length, lastSize());
		if (!isOpen()) {
			throw new IllegalStateException(Printable.of(this.path) + " is closed");
		}
	}

	/**
	 * Checks a range against a size.
	 * @throws IndexOutOfBoundsException if the range is not within it
	 */
	void requireWithin(long offset, long length, long end) {
		if (offset < 0 || length < 0 || offset > end - length) {
			throw new IndexOutOfBoundsException("Offset " + offset + ", " + length + " bytes: not within "
					+ Printable.of(this.path) + " of " + end + " bytes");
		}
	}

	/** Publishes a mapping, which must cover everything that the one before covers. */
	void map(MemorySegment newest) {
		// Each mapping is longer than the one before, and a needless volatile write would
		// cost something.
		if (newest.byteSize() != this.mapping.byteSize()) {
			this.mapping = newest;
		}
	}

	/**
	 * Publishes a size. The backend must have mapped as much of it as it wants to map. No
	 * end is ever behind the size.
	 */
	void resize(long newSize) {
		long end = Math.min(newSize, this.firstSize);
		if (newSize < this.size) {
			endAt(end);
			this.size = newSize;
		}
		else {
			this.size = newSize;
			endAt(end);
		}
	}

	/** Lets no further access succeed. */
	void close() {
		endAt(CLOSED);
		this.lastSize = this.size;
		this.size = CLOSED;
	}

	private void endAt(long end) {
		this.readEnd = this.readable ? end : CLOSED;
		this.writeEnd = (this.writable && !this.append) ? end : CLOSED;
	}

}
