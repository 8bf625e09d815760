package dev.yammap.internal.file;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;

import dev.yammap.MappedFaultException;
import dev.yammap.WriteOperation;
import dev.yammap.internal.fault.FaultGuard.Access;
import dev.yammap.internal.io.Cursor;
import dev.yammap.internal.io.SlowPath;
import dev.yammap.internal.os.AccessOptions;
import dev.yammap.internal.os.BackendFile;
import dev.yammap.internal.os.MappingOptions;
import dev.yammap.internal.sync.DirtyFlag;

/**
 * The state of one open file: its size, its mapping, and how they change.
 * <p>
 * Readers take no lock: they read {@link #size()} and then {@link #mapping()}, in this
 * order, and find the one covered by the other, as a mapping is published before a size
 * that needs it, and every mapping stays until the end. (Behind what a backend could map
 * yet, an access throws and takes the way of {@link SlowPath}.) Changes of the size are
 * ordered by one lock. Calls of the operating system outside of that lock hold a second
 * one, shared among them, which {@link #close()} takes alone: so no call meets a
 * descriptor or an address that already belongs to somebody else.
 */
public final class MappedFile {

	/** Less than any size, so that every access takes the slow way and learns of it. */
	private static final long CLOSED = -1;

	private final Path path;

	// Asked by every access, so answered once.
	private final boolean readable;

	private final boolean writable;

	private final boolean append;

	private final MappingOptions options;

	private final boolean preallocate;

	private final BackendFile file;

	private final SizeLock sizeLock;

	private final Lifecycle life;

	private final Limits limits;

	private final SlowPath reach;

	private final Kernel kernel;

	private final Views views;

	private final Appends appends;

	private final DirtyFlag unsynced;

	private volatile MemorySegment mapping;

	/**
	 * As far as accesses need to know it, or {@link #CLOSED}: so that none succeeds, by
	 * the mapping that is still there, after another was told that the file is closed.
	 */
	private volatile long size;

	/** What the size was in the end; written before {@link #CLOSED}. */
	private long lastSize;

	public MappedFile(Path path, AccessOptions access, MappingOptions options, boolean preallocate, BackendFile file,
			Lifecycle life) throws IOException {
		this.path = path;
		this.readable = access.read();
		this.writable = access.write();
		this.append = access.append();
		this.options = options;
		this.preallocate = preallocate;
		this.file = file;
		this.life = life;
		this.sizeLock = new SizeLock(this, file);
		this.limits = new Limits(path, options);
		this.unsynced = new DirtyFlag(this);
		this.reach = new SlowPath(this, file, this.life);
		this.kernel = new Kernel(this, file, this.life, this.limits);
		this.views = new Views(this, life);
		this.appends = new Appends(this, file, this.sizeLock, this.limits, options);
		long present = file.size();
		this.mapping = file.map(present);
		this.size = present;
	}

	public Path path() {
		return this.path;
	}

	public boolean isReadable() {
		return this.readable;
	}

	public boolean isWritable() {
		return this.writable;
	}

	/** Tells whether writes go to the end alone. */
	public boolean isAppend() {
		return this.append;
	}

	/**
	 * The size as far as accesses need to know it: what was appended since somebody asked
	 * may lie further behind, see {@link Appends}.
	 */
	public long size() {
		return this.size;
	}

	/** The size as callers are told it. */
	public long locatedSize() {
		locateAppends();
		long known = this.size;
		return (known == CLOSED) ? this.lastSize : known;
	}

	/** Finds out where everything is that was appended, if that can be found out. */
	public void locateAppends() {
		if (!this.appends.isLocated()) {
			this.appends.locate();
		}
	}

	/** The same for a call that must not go on otherwise. */
	public void requireAppendsLocated(String operation) throws IOException {
		this.appends.requireLocated(operation);
	}

	/** The newest mapping; ask for the size before. */
	public MemorySegment mapping() {
		return this.mapping;
	}

	/** The way to what the mapping does not cover. */
	public SlowPath reach() {
		return this.reach;
	}

	/** What knows whether anything was written. */
	public DirtyFlag unsynced() {
		return this.unsynced;
	}

	/** What orders the changes of the size. */
	public SizeLock sizeLock() {
		return this.sizeLock;
	}

	/** What is said to the operating system beside bytes and size. */
	public Kernel kernel() {
		return this.kernel;
	}

	/** The mapping as callers are given it. */
	public Views views() {
		return this.views;
	}

	public boolean isOpen() {
		return this.size != CLOSED;
	}

	public void requireOpen() throws ClosedChannelException {
		if (!isOpen()) {
			throw new ClosedChannelException();
		}
	}

	public void requireReadable() {
		if (!this.readable) {
			throw NotPermitted.toRead(this.path);
		}
	}

	public void requireWritable() {
		if (!this.writable) {
			throw NotPermitted.toWrite(this.path);
		}
	}

	public void requireOverwritable() {
		requireWritable();
		if (this.append) {
			throw NotPermitted.toOverwrite(this.path);
		}
	}

	/**
	 * Returns the mapping for a memory call.
	 * @throws IndexOutOfBoundsException if the range is not within the file
	 * @throws IllegalStateException if the file is closed
	 */
	public MemorySegment within(long offset, long length) {
		if (offset < 0 || length < 0 || offset > this.size - length) {
			requireWithinLocated(offset, length);
		}
		return this.mapping;
	}

	private void requireWithinLocated(long offset, long length) {
		this.limits.requireWithin(offset, length, locatedSize());
		if (!isOpen()) {
			throw new IllegalStateException(this.path + " is closed");
		}
	}

	/** Has the mapping cover the whole file, whatever the backend thinks it is worth. */
	public void mapAll() throws IOException {
		whileSizeStays(Access.of(() -> {
			requireOpen();
			this.mapping = this.file.mapAll(this.size);
			this.limits.requireNotShortened("map", this.mapping.byteSize(), this.size);
		}));
	}

	public boolean isPrivate() {
		return this.options.isPrivate();
	}

	/** Runs something that no change of the size can come between. */
	public <T> T whileSizeStays(Access<T> body) throws IOException {
		this.sizeLock.lock();
		try {
			return body.run();
		}
		finally {
			this.sizeLock.unlock();
		}
	}

	/** Asks the operating system, believing nothing. */
	public long actualSize() throws IOException {
		return whileSizeStays(() -> {
			requireOpen();
			return askForSize();
		});
	}

	/** After that the kernel does not know any more where an append went. */
	private long askForSize() throws IOException {
		locateAppends();
		return this.file.size();
	}

	/**
	 * Asks the operating system whether somebody else made the file longer.
	 * @return the size, which is now known
	 */
	public long refresh() throws IOException {
		return whileSizeStays(() -> {
			requireOpen();
			// A second private mapping would not show what was written to the first.
			if (!this.options.isPrivate()) {
				adopt(askForSize());
			}
			return this.size;
		});
	}

	/** Knows a size that others may have given the file. */
	void adopt(long actual) throws IOException {
		if (actual > this.size) {
			publish(actual);
		}
	}

	/** Tells everybody the new size, once it is mapped. */
	public void publish(long newSize) throws IOException {
		map(newSize);
		this.size = newSize;
	}

	private void map(long newSize) throws IOException {
		MemorySegment newest = this.file.map(newSize);
		// Each is longer than the one before; and a volatile write costs something.
		if (newest.byteSize() != this.mapping.byteSize()) {
			this.mapping = newest;
		}
	}

	/** Writes at the end, wherever that is, and moves a cursor behind it. */
	public void append(Cursor writer, Object source, int index, int length) throws IOException {
		this.appends.append(writer, source, index, length);
	}

	public void truncate(long newSize) throws IOException {
		requireWritable();
		if (newSize < 0) {
			throw new IllegalArgumentException("Negative size: " + newSize);
		}
		whileSizeStays(Access.of(() -> {
			requireOpen();
			long actual = this.options.isPrivate() ? this.size : askForSize();
			this.sizeLock.write((newSize > actual) ? WriteOperation.GROWTH : WriteOperation.TRUNCATE,
					Access.of(() -> changeSize(actual, newSize)));
			this.appends.truncated();
			this.sizeLock.note(actual, newSize);
		}));
	}

	private void changeSize(long actual, long newSize) throws IOException {
		if (newSize > actual) {
			growTo(actual, newSize);
		}
		else if (newSize < actual) {
			this.limits.requireShared("truncate");
			this.reach.shrink(newSize);
		}
		publish(newSize);
	}

	/** Makes the file at least so long, whoever else makes it longer meanwhile. */
	public void requireSize(long leastSize) throws IOException {
		this.sizeLock.lock();
		try {
			long current = currentSize();
			if (leastSize > current) {
				growTo(current, leastSize);
				publish(leastSize);
			}
		}
		finally {
			this.sizeLock.unlock();
		}
	}

	private void growTo(long actual, long newSize) throws IOException {
		mapForGrowth(0, newSize);
		this.file.grow(actual, newSize, this.preallocate);
	}

	/** Maps what a growth will need, before it, if it is allowed. */
	public void mapForGrowth(long offset, long length) throws IOException {
		this.limits.requireGrowable(offset, length);
		try {
			map(offset + length);
		}
		catch (IOException ex) {
			throw new IOException("Cannot grow " + this.path + " for " + length + " bytes at offset " + offset + ": "
					+ ex.getMessage(), ex);
		}
	}

	/** Knows the size as it is now; a file that others shortened has lost data. */
	public long currentSize() throws IOException {
		requireOpen();
		if (this.options.isPrivate()) {
			return this.size;
		}
		long actual = askForSize();
		this.limits.requireNotShortened("write behind the end of", actual, this.size);
		adopt(actual);
		return this.size;
	}

	private void closeToAccesses() throws IOException {
		try {
			this.appends.requireLocatedOrTold("be sure of what was appended to");
		}
		finally {
			this.lastSize = this.size;
			this.size = CLOSED;
			if (this.unsynced.closing()) {
				this.file.touch();
			}
		}
	}

	/**
	 * Ends it: see {@link dev.yammap.Mmap#close()}. Whatever fails, all else is done, and
	 * no failure hides another.
	 */
	@SuppressWarnings("try")
	public void close() throws IOException {
		try (Closeable unmapping = this.life::unmap) {
			this.sizeLock.lock();
			try (Closeable unlocking = this.sizeLock::unlock; Closeable closing = this.life::closeDescriptor) {
				if (isOpen()) {
					closeToAccesses();
				}
			}
		}
	}

}
