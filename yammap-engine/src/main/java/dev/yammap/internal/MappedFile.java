package dev.yammap.internal;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;

import dev.yammap.MappedFaultException;
import dev.yammap.internal.FaultGuard.Access;
import dev.yammap.internal.backend.AccessOptions;
import dev.yammap.internal.backend.BackendFile;
import dev.yammap.internal.backend.MappingOptions;

/**
 * The state of one open file: its size, its mapping, and how they change.
 * <p>
 * Readers take no lock: they read {@link #size()} and then {@link #mapping()}, in this
 * order, and find the one covered by the other, as a mapping is published before a size
 * that needs it, and every mapping stays until the end. (Where a backend cannot map what
 * is not there yet, an access behind the mapping throws and takes the way of
 * {@link Reach}.) Changes of the size are ordered by one lock. Calls of the operating
 * system outside of that lock hold a second one, shared among them, which
 * {@link #close()} takes alone: so no call meets a descriptor or an address that already
 * belongs to somebody else.
 */
final class MappedFile {

	private final Path path;

	// Asked by every access, so answered once.
	private final boolean readable;

	private final boolean writable;

	private final boolean append;

	private final MappingOptions options;

	private final boolean preallocate;

	private final BackendFile file;

	private final ReentrantLock sizeLock = new ReentrantLock();

	private final Life life;

	private final Limits limits;

	private final Reach reach;

	private final Kernel kernel;

	private final AppendedBytes appended = new AppendedBytes();

	private volatile MemorySegment mapping;

	private volatile long size;

	MappedFile(Path path, AccessOptions access, MappingOptions options, boolean preallocate, BackendFile file)
			throws IOException {
		this.path = path;
		this.readable = access.read();
		this.writable = access.write();
		this.append = access.append();
		this.options = options;
		this.preallocate = preallocate;
		this.file = file;
		this.life = new Life(file);
		this.limits = new Limits(path, options);
		this.reach = new Reach(this, file, this.life);
		this.kernel = new Kernel(this, file, this.life);
		long present = file.size();
		this.mapping = file.map(present);
		this.size = present;
	}

	Path path() {
		return this.path;
	}

	boolean isReadable() {
		return this.readable;
	}

	boolean isWritable() {
		return this.writable;
	}

	/** Tells whether writes go to the end alone. */
	boolean isAppend() {
		return this.append;
	}

	long size() {
		return this.size;
	}

	/** The newest mapping; ask for the size before. */
	MemorySegment mapping() {
		return this.mapping;
	}

	/** The way to what the mapping does not cover. */
	Reach reach() {
		return this.reach;
	}

	/** What is said to the operating system beside bytes and size. */
	Kernel kernel() {
		return this.kernel;
	}

	boolean isOpen() {
		return this.life.isOpen();
	}

	void requireOpen() throws ClosedChannelException {
		this.life.requireOpen();
	}

	void requireReadable() {
		if (!this.readable) {
			throw NotPermitted.toRead(this.path);
		}
	}

	void requireWritable() {
		if (!this.writable) {
			throw NotPermitted.toWrite(this.path);
		}
	}

	void requireOverwritable() {
		requireWritable();
		if (this.append) {
			throw NotPermitted.toOverwrite(this.path);
		}
	}

	/**
	 * Returns the mapping for a memory call.
	 * @throws IndexOutOfBoundsException if the range is not within the file
	 */
	MemorySegment within(long offset, long length) {
		long end = this.size;
		if (offset < 0 || length < 0 || offset > end - length) {
			throw new IndexOutOfBoundsException(
					"Offset " + offset + ", " + length + " bytes: not within " + this.path + " of " + end + " bytes");
		}
		return this.mapping;
	}

	/**
	 * The same for an I/O call: another process may have made the file that long.
	 * @throws IndexOutOfBoundsException if the range is not within the file
	 */
	void requireWithin(long offset, long length) throws IOException {
		if (offset >= 0 && length >= 0 && offset > this.size - length) {
			refresh();
		}
		within(offset, length);
	}

	/**
	 * Checks before something that only a shared mapping can do.
	 */
	void requireShared(String operation) throws IOException {
		this.limits.requireShared(operation);
	}

	/** Has the mapping cover the whole file, whatever the backend thinks it is worth. */
	void mapAll() throws IOException {
		whileSizeStays(() -> {
			requireOpen();
			this.mapping = this.file.mapAll(this.size);
			this.limits.requireNotShortened("map", this.mapping.byteSize(), this.size);
			return true;
		});
	}

	/** Returns what {@link dev.yammap.Mmap#segment()} returns. */
	MemorySegment view() {
		requireReadable();
		long end = this.size;
		MemorySegment newest = this.mapping;
		return view((end <= newest.byteSize()) ? newest.asSlice(0, end) : this.reach.view());
	}

	/** Returns what {@link dev.yammap.Mmap#segment(long, long)} returns. */
	MemorySegment view(long offset, long length) {
		requireReadable();
		MemorySegment newest = within(offset, length);
		boolean mapped = offset <= newest.byteSize() - length;
		return view(mapped ? newest.asSlice(offset, length) : this.reach.view(offset, length));
	}

	private MemorySegment view(MemorySegment slice) {
		if (!isOpen() || !slice.scope().isAlive()) {
			throw new IllegalStateException(this.path + " is closed");
		}
		return this.append ? slice.asReadOnly() : slice;
	}

	boolean isPrivate() {
		return this.options.isPrivate();
	}

	/** Tells whether this thread is within {@link #whileSizeStays}. */
	boolean sizeStays() {
		return this.sizeLock.isHeldByCurrentThread();
	}

	/** Runs something that no change of the size can come between. */
	<T> T whileSizeStays(Access<T> body) throws IOException {
		this.sizeLock.lock();
		try {
			return body.run();
		}
		finally {
			this.sizeLock.unlock();
		}
	}

	/** Asks the operating system, believing nothing. */
	long actualSize() throws IOException {
		return whileSizeStays(() -> {
			requireOpen();
			return this.file.size();
		});
	}

	/**
	 * Asks the operating system whether somebody else made the file longer.
	 * @return the size, which is now known
	 */
	long refresh() throws IOException {
		return whileSizeStays(() -> {
			requireOpen();
			// A second private mapping would not show what was written to the first.
			if (!this.options.isPrivate()) {
				adopt(this.file.size());
			}
			return this.size;
		});
	}

	private void adopt(long actual) throws IOException {
		if (actual > this.size) {
			publish(actual);
		}
	}

	private void publish(long newSize) throws IOException {
		this.mapping = this.file.map(newSize);
		this.size = newSize;
	}

	/**
	 * Writes to a place that is at least partly behind the end.
	 * @return {@code false}, with nothing written, if somebody else has made the file so
	 * long meanwhile that the place is within it
	 */
	boolean writePastEnd(MemorySegment source, long index, long length, long offset) throws IOException {
		return whileSizeStays(() -> {
			long current = currentSize();
			if (offset <= current - length) {
				return false;
			}
			this.limits.requireGrowable(offset, length);
			long end = offset + length;
			mapFor(offset, length);
			// First what can fail for lack of space, then the stores into what exists.
			long inside = Math.max(0, current - offset);
			this.file.extend(current, source, index + inside, length - inside, offset + inside);
			if (inside > 0) {
				overwrite(source, index, inside, offset, current);
			}
			publish(end);
			return true;
		});
	}

	private void overwrite(MemorySegment source, long index, long length, long offset, long oldSize)
			throws IOException {
		boolean written = false;
		try {
			this.reach.put(source, index, length, offset);
			written = true;
		}
		finally {
			if (!written) {
				this.file.shrink(oldSize);
			}
		}
	}

	/**
	 * Writes at the end.
	 * @return the end behind what was written
	 */
	long append(MemorySegment source, long index, long length) throws IOException {
		return whileSizeStays(() -> {
			requireOpen();
			// The kernel finds the end by itself; only a limit needs to know it before.
			boolean limited = this.options.maxSize() != MappingOptions.UNLIMITED;
			long current = limited ? currentSize() : this.size;
			this.limits.requireGrowable(current, length);
			mapFor(current, length);
			this.file.append(source, index, length);
			boolean foreseen = this.appended.isAt(this.mapping, current + length, source, index, length);
			long end = foreseen ? current + length : this.file.appendedEnd();
			try {
				this.limits.requireNotShortened("write behind the end of", end - length, this.size);
				this.file.prepare(end - length, end);
				adopt(end);
			}
			catch (IOException ex) {
				this.file.undoAppend(end, length);
				throw ex;
			}
			return end;
		});
	}

	void truncate(long newSize) throws IOException {
		requireWritable();
		if (newSize < 0) {
			throw new IllegalArgumentException("Negative size: " + newSize);
		}
		whileSizeStays(() -> {
			requireOpen();
			long actual = this.options.isPrivate() ? this.size : this.file.size();
			if (newSize > actual) {
				growTo(actual, newSize);
			}
			else if (newSize < actual) {
				this.limits.requireShared("truncate");
				this.file.shrink(newSize);
			}
			publish(newSize);
			return newSize;
		});
	}

	/** Makes the file at least so long, whoever else makes it longer meanwhile. */
	void requireSize(long leastSize) throws IOException {
		whileSizeStays(() -> {
			long current = currentSize();
			if (leastSize > current) {
				growTo(current, leastSize);
				publish(leastSize);
			}
			return leastSize;
		});
	}

	private void growTo(long actual, long newSize) throws IOException {
		this.limits.requireGrowable(0, newSize);
		mapFor(0, newSize);
		this.file.grow(actual, newSize, this.preallocate);
	}

	/** Maps what a growth will need, before it. */
	private void mapFor(long offset, long length) throws IOException {
		try {
			this.mapping = this.file.map(offset + length);
		}
		catch (IOException ex) {
			throw new IOException("Cannot grow " + this.path + " for " + length + " bytes at offset " + offset + ": "
					+ ex.getMessage(), ex);
		}
	}

	/** Knows the size as it is now; a file that others shortened has lost data. */
	private long currentSize() throws IOException {
		requireOpen();
		if (this.options.isPrivate()) {
			return this.size;
		}
		long actual = this.file.size();
		this.limits.requireNotShortened("write behind the end of", actual, this.size);
		adopt(actual);
		return this.size;
	}

	/** Makes what was written durable; see {@link Syncs} for what that means. */
	void sync() throws IOException {
		this.life.whileOpen(() -> {
			this.file.sync();
			return true;
		});
	}

	/** The same for a range within the file. */
	void sync(long offset, long length) throws IOException {
		this.life.whileOpen(() -> {
			this.file.sync(offset, length);
			return true;
		});
	}

	/** Ends it: see {@link dev.yammap.Mmap#close()}. */
	void close() throws IOException {
		this.sizeLock.lock();
		try {
			this.life.closeDescriptor();
		}
		catch (IOException ex) {
			unmapAfter(ex);
		}
		finally {
			this.sizeLock.unlock();
		}
		this.life.unmap();
	}

	/** Neither failure hides the other. */
	private void unmapAfter(IOException failure) throws IOException {
		try {
			this.life.unmap();
		}
		catch (IOException ex) {
			failure.addSuppressed(ex);
		}
		throw failure;
	}

}
