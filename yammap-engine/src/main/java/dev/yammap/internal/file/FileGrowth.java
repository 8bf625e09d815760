package dev.yammap.internal.file;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

import org.jspecify.annotations.Nullable;

import dev.yammap.LockMode;
import dev.yammap.MappedFaultException;
import dev.yammap.MmapListener.WriteOperation;
import dev.yammap.internal.fault.FaultBarrier;
import dev.yammap.internal.os.BackendFile;
import dev.yammap.internal.os.MappingOptions;
import dev.yammap.internal.os.Printable;
import dev.yammap.internal.os.Remedies;

/**
 * The one place where the size of a file changes: by writes behind the end, appends,
 * truncation, and what others did to the file. Each holds the {@link SizeLock} and takes
 * the same steps: check the limits, map what will be needed, have the backend do it,
 * publish the new size. If a step fails, the size stays as it was.
 * <p>
 * Before each change the operating system is asked where the file ends; after an append
 * without a lock, where the bytes went. Under an exclusive lock of ours nobody else
 * should move the end. So a write at the end, or an append, then believes the known end,
 * which saves a system call. It asks only after a change that failed half-way. The next
 * {@linkplain #requireExpectedEnd sync} at the latest finds out whether the known end was
 * the true one. (An append goes to the true end in any case, so it overwrites nothing.)
 */
public final class FileGrowth {

	/** The longest write that is copied to be written by one call, but for appends. */
	private static final int ONE_PIECE = 64 << 10;

	private static final String BEHIND_END = "write behind the end of";

	private final MappedFile file;

	private final BackendFile backing;

	private final long maxSize;

	private final boolean preallocate;

	private final SizeLock lock;

	private final DirtyFlag dirty;

	private final UpdateGate gate;

	private final ExpectedEnd expected;

	/** Whether our lock says that nobody else moves the end. */
	private final boolean alone;

	/** Whether what is appended must be populated or locked. */
	private final boolean prepared;

	/**
	 * Creates what changes the size of a file.
	 * @param preallocate whether growing without writing allocates disk blocks
	 */
	FileGrowth(MappedFile file, BackendFile backing, Lifecycle life, DirtyFlag dirty, MappingOptions options,
			boolean preallocate) {
		this.file = file;
		this.backing = backing;
		this.maxSize = options.maxSize();
		this.preallocate = preallocate;
		this.lock = new SizeLock(file, backing, dirty, life);
		this.dirty = dirty;
		this.gate = new UpdateGate(file.path());
		this.expected = new ExpectedEnd(file, backing, this.lock);
		this.alone = options.lock() == LockMode.EXCLUSIVE;
		this.prepared = options.populate() || options.locked();
	}

	/**
	 * Writes to a place that is at least partly behind the end. The part behind the end
	 * comes first, as it can fail for lack of space.
	 * @return {@code false}, with nothing written, if somebody else has made the file
	 * longer meanwhile, so that the place is within it
	 */
	public boolean extend(MemorySegment source, long index, long length, long offset) throws IOException {
		this.lock.lock();
		try {
			long end = endToWriteAt(offset);
			boolean behind = offset > end - length;
			if (behind && this.alone && offset == end && length <= ONE_PIECE) {
				appendTo(end, source, (int) index, (int) length);
			}
			else if (behind) {
				writeBehind(end, source, index, length, offset);
			}
			this.lock.done();
			return behind;
		}
		catch (IOException ex) {
			throw this.lock.noted(WriteOperation.GROWTH, ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	private void writeBehind(long end, MemorySegment source, long index, long length, long offset) throws IOException {
		this.expected.check();
		prepareGrowth(offset, length);
		long inside = Math.max(0, end - offset);
		this.backing.extend(end, source, index + inside, length - inside, offset + inside);
		if (inside > 0) {
			overwrite(source, index, length, offset, end);
		}
		publish(offset + length);
	}

	/** Returns the end. A write that leaves a gap asks for it, as it zeroes a part. */
	private long endToWriteAt(long offset) throws IOException {
		this.file.requireOpen();
		long known = this.file.size();
		if (!this.alone || offset > known || this.file.isPrivate() || this.lock.isEndUnsure()) {
			return askForEnd();
		}
		this.expected.believe();
		return known;
	}

	/** Writes the part within the file, after the part behind its end. */
	private void overwrite(MemorySegment source, long index, long length, long offset, long oldSize)
			throws IOException {
		long end = offset + length;
		try {
			put(source, index, oldSize - offset, offset);
		}
		catch (InternalError error) {
			FaultBarrier.requireFault(error);
			if (this.backing.undoAppend(end, end - oldSize)) {
				throw error;
			}
			throw new MappedFaultException("Cannot write " + length + " bytes at offset " + offset + " of "
					+ Printable.of(this.file.path()) + ": the operating system could not provide a page"
					+ Remedies.staying(end - oldSize, oldSize), error);
		}
		catch (IOException ex) {
			throw undone(ex, end, end - oldSize);
		}
	}

	/** Takes back what was written behind the end, or says that it stays. */
	private IOException undone(IOException failure, long end, long length) throws IOException {
		return this.backing.undoAppend(end, length) ? failure
				: new IOException(failure.getMessage() + Remedies.staying(length, end - length), failure);
	}

	/**
	 * Writes within the file. The caller holds the lock, so the place stays within it.
	 */
	public void put(MemorySegment source, long index, long length, long offset) throws IOException {
		MemorySegment mapping = this.file.mapping();
		if (offset <= mapping.byteSize() - length) {
			MemorySegment.copy(source, index, mapping, offset, length);
			FaultBarrier.await();
		}
		else {
			this.backing.write(source, index, length, offset);
		}
	}

	/**
	 * Writes at the end, wherever that is, in one piece.
	 * @param source a {@code byte[]} or a {@link MemorySegment}
	 * @param index where in {@code source} to begin
	 * @param length how many bytes to write, at least one
	 * @return where they are
	 */
	public long append(Object source, int index, int length) throws IOException {
		this.lock.lock();
		try {
			this.file.requireOpen();
			boolean asked = this.lock.isEndUnsure() || (!this.alone && this.maxSize != MappingOptions.UNLIMITED);
			long known = asked ? askForEnd() : this.file.size();
			long end = appendTo(known, source, index, length);
			this.lock.done();
			return end - length;
		}
		catch (IOException ex) {
			throw this.lock.noted(WriteOperation.APPEND, ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Appends, and publishes the new size. Returns where the appended bytes end. */
	private long appendTo(long known, Object source, int index, int length) throws IOException {
		this.expected.require(BEHIND_END);
		prepareGrowth(known, length);
		if (this.alone) {
			this.expected.appending(known + length);
		}
		stageAndWrite(source, index, length);
		long end = this.alone ? this.expected.appended() : learnedEnd(known, length);
		if (this.prepared || end > known + length) {
			mapAndPrepare(end, length);
		}
		publish(end);
		return end;
	}

	/** Asks where the append went. Whoever shortened the file may also write to it. */
	private long learnedEnd(long known, long length) throws IOException {
		try {
			long start = this.backing.appendedEnd() - length;
			if (start < this.file.size()) {
				throw this.expected.cutOff(BEHIND_END, start, Remedies.staying(length, start));
			}
			return start + length;
		}
		catch (MappedFaultException ex) {
			throw ex;
		}
		catch (IOException ex) {
			throw new IOException(ex.getMessage() + Remedies.stayingAtMost(length, known), ex);
		}
	}

	/** A source outside of the heap may be a view of a mapping, so it is copied first. */
	private void stageAndWrite(Object source, int index, int length) throws IOException {
		MemorySegment staging = this.backing.staging(length);
		if (length > staging.byteSize()) {
			this.backing.append(Bytes.settled(this.file.path(), source, index, length), 0, length);
		}
		else {
			Bytes.stage(this.file.path(), source, index, staging, length);
			this.backing.append(staging, 0, length);
		}
	}

	/** Maps also what others have appended before, as the known end was not asked for. */
	private void mapAndPrepare(long end, long length) throws IOException {
		try {
			this.file.map(this.backing.map(end));
			if (this.prepared) {
				this.backing.prepare(end - length, end);
			}
		}
		catch (IOException ex) {
			this.expected.failed();
			throw undone(ex, end, length);
		}
	}

	/** Checks the limits of a growth, and maps what it will need. */
	private void prepareGrowth(long offset, long length) throws IOException {
		this.file.requireShared("grow");
		if (length > this.maxSize || offset > this.maxSize - length) {
			throw notGrown(offset, length, (this.maxSize == MappingOptions.UNLIMITED) ? "no file can be that long"
					: "its maximum size is " + this.maxSize + " bytes. Raise maxSize", null);
		}
		try {
			this.file.map(this.backing.map(offset + length));
		}
		catch (IOException ex) {
			throw notGrown(offset, length, ex.getMessage(), ex);
		}
		this.lock.begun();
	}

	private IOException notGrown(long offset, long length, @Nullable String reason, @Nullable Throwable cause) {
		return new IOException("Cannot grow " + Printable.of(this.file.path()) + " for " + length + " bytes at offset "
				+ offset + ": " + reason, cause);
	}

	/** Publishes the size after a growth. A backend may have mapped less until then. */
	private void publish(long newSize) throws IOException {
		if (newSize > this.file.mapping().byteSize()) {
			this.lock.resize(newSize);
		}
		else {
			this.file.resize(newSize);
		}
	}

	/** Asks where the file ends, and adopts that. If others cut it, that is a fault. */
	private long askForEnd() throws IOException {
		long actual = (this.alone || this.file.isPrivate()) ? this.lock.actualSize() : this.backing.end();
		if (actual < this.file.size()) {
			throw this.lock.fault(BEHIND_END, this.lock.reason(actual));
		}
		this.lock.adopt(actual);
		return actual;
	}

	/**
	 * Finds out whether the end is where it was believed to be: what others have cut off
	 * cannot become durable.
	 * @throws MappedFaultException if it is not; then so does every later call, until the
	 * file is truncated
	 */
	public void requireExpectedEnd(String operation) throws IOException {
		this.expected.check();
		try {
			this.expected.require(operation);
		}
		catch (MappedFaultException ex) {
			throw this.lock.changes().noted(ex);
		}
	}

	/**
	 * Gives the file a size. What is new reads as zeros. Tells if it had another before.
	 * @see dev.yammap.Mmap#truncate(long)
	 */
	public boolean truncate(long newSize) throws IOException {
		this.file.requireWritable();
		Bytes.requireNotNegative("size", newSize);
		this.lock.lock();
		WriteOperation operation = WriteOperation.TRUNCATE;
		try {
			this.file.requireOpen();
			long actual = this.lock.actualSize();
			if (newSize > actual) {
				operation = WriteOperation.GROWTH;
				grow(actual, newSize, this.preallocate);
			}
			else if (newSize < actual) {
				this.file.requireShared("truncate");
				this.gate.holdUpDuring(() -> {
					this.lock.begun();
					this.backing.shrink(newSize);
					this.lock.resize(newSize);
				});
			}
			this.lock.resize(newSize);
			this.expected.truncated();
			this.lock.note(actual, newSize);
			this.lock.done();
			return newSize != actual;
		}
		catch (IOException ex) {
			throw this.lock.noted(operation, ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Makes the file at least that long, even if others make it longer meanwhile. */
	public void requireSize(long leastSize) throws IOException {
		requireSize(leastSize, this.preallocate);
	}

	/**
	 * Makes room for a write that is made in parts, within the file. So either all of
	 * them have their place, or nothing is written.
	 */
	public void requireRoom(long offset, long length) throws IOException {
		requireSize((offset <= Long.MAX_VALUE - length) ? offset + length : Long.MAX_VALUE, true);
	}

	private void requireSize(long leastSize, boolean allocate) throws IOException {
		this.lock.lock();
		try {
			this.file.requireOpen();
			long end = askForEnd();
			if (leastSize > end) {
				grow(end, leastSize, allocate);
				this.lock.resize(leastSize);
			}
			this.lock.done();
		}
		catch (IOException ex) {
			throw this.lock.noted(WriteOperation.GROWTH, ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	private void grow(long end, long newSize, boolean allocate) throws IOException {
		this.expected.check();
		prepareGrowth(0, newSize);
		this.backing.grow(end, newSize, allocate);
	}

	/** Lets no further access succeed. The caller must hold the lock. */
	void close() throws IOException {
		try {
			if (!this.expected.isTold()) {
				requireExpectedEnd("confirm what was appended to");
			}
		}
		finally {
			this.file.close();
			if (this.dirty.closing()) {
				this.backing.touch();
			}
		}
	}

	public UpdateGate gate() {
		return this.gate;
	}

	public SizeLock lock() {
		return this.lock;
	}

}
