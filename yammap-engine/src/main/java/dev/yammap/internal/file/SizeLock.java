package dev.yammap.internal.file;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;

import dev.yammap.MappedFaultException;
import dev.yammap.MmapListener.WriteOperation;
import dev.yammap.internal.fault.FaultBarrier;
import dev.yammap.internal.os.BackendFile;
import dev.yammap.internal.os.IoCall;
import dev.yammap.internal.os.Printable;

/**
 * Orders the changes of a file's size. A thread that holds the lock may take it again.
 * Listeners hear of the changes when the thread has released its last lock of the file.
 * <p>
 * If a read or write changes the size, listeners hear of it only if it made a new
 * mapping. This class finds out whether it did.
 */
public final class SizeLock {

	private final MappedFile file;

	private final BackendFile backing;

	private final DirtyFlag dirty;

	private final Lifecycle life;

	private final ResizeNotifier changes = new ResizeNotifier();

	private final ReentrantLock lock = this.changes.sizeLock();

	/** The size when the lock was taken. The lock guards this and the next fields. */
	private long size;

	private long mapped;

	private boolean noted;

	private boolean begun;

	/** Whether a change failed that had begun, so that the end may be elsewhere. */
	private boolean endUnsure;

	public SizeLock(MappedFile file, BackendFile backing, DirtyFlag dirty, Lifecycle life) {
		this.file = file;
		this.backing = backing;
		this.dirty = dirty;
		this.life = life;
	}

	public ResizeNotifier changes() {
		return this.changes;
	}

	/** Waits for the lock. If a fault is pending, that is thrown first. */
	public void lock() {
		FaultBarrier.await();
		this.lock.lock();
		begin();
	}

	/** Takes the lock if nobody else has it. */
	boolean tryLock() {
		FaultBarrier.await();
		boolean taken = this.lock.tryLock();
		if (taken) {
			begin();
		}
		return taken;
	}

	private void begin() {
		if (this.lock.getHoldCount() == 1) {
			this.size = this.file.size();
			this.mapped = this.file.mapping().byteSize();
			this.noted = false;
		}
	}

	/**
	 * The fence keeps a lost file from being ended before this, see {@link LeakDetector}.
	 */
	public void unlock() {
		try {
			if (this.begun) {
				this.endUnsure = true;
				this.dirty.wrote();
				this.begun = false;
			}
			if (this.lock.getHoldCount() == 1) {
				this.backing.releaseMemory();
				noteIfMappedAnew();
			}
		}
		finally {
			this.lock.unlock();
			Reference.reachabilityFence(this.life);
			this.changes.tell();
		}
	}

	/**
	 * Called before the file is changed, once nothing can be refused any more. A change
	 * that is not {@linkplain #done() done} when the lock is released may have written
	 * something, also behind the known end.
	 */
	public void begun() {
		this.begun = true;
	}

	public void done() {
		this.begun = false;
	}

	/** Tells whether the end must be asked for, even if our lock says that it stays. */
	boolean isEndUnsure() {
		return this.endUnsure;
	}

	/** Maps a size, and publishes it. */
	void resize(long newSize) throws IOException {
		this.file.map(this.backing.map(newSize));
		this.file.resize(newSize);
		this.endUnsure = false;
	}

	/** Adopts a size that the operating system told. */
	void adopt(long actual) throws IOException {
		if (actual > this.file.size()) {
			resize(actual);
		}
		this.endUnsure = false;
	}

	/**
	 * Asks whether somebody else has made the file longer, and adopts the new size.
	 * @return the size
	 */
	public long refresh() throws IOException {
		lock();
		try {
			this.file.requireOpen();
			// A second private mapping would not show what was written to the first.
			if (!this.file.isPrivate()) {
				adopt(this.backing.size());
			}
			return this.file.size();
		}
		finally {
			unlock();
		}
	}

	/**
	 * Asks for the size, but waits for no other thread. A thread that is changing the
	 * size may wait for a device; then this returns the known size.
	 */
	public long sizeWithoutWaiting() throws IOException {
		if (!tryLock()) {
			long known = this.file.size();
			this.file.requireOpen();
			return known;
		}
		try {
			return refresh();
		}
		finally {
			unlock();
		}
	}

	/** As {@link #refresh()}; listeners hear of a growth that is found. */
	public long refreshAndTell() throws IOException {
		lock();
		try {
			long known = this.file.size();
			long actual = refresh();
			note(known, actual);
			return actual;
		}
		finally {
			unlock();
		}
	}

	/**
	 * Checks a range of an I/O call. If it is not within the known size, asks whether
	 * another process has made the file longer.
	 * @throws IndexOutOfBoundsException if the range is not within the file
	 */
	public void requireWithin(long offset, long length) throws IOException {
		long end = this.file.lastSize();
		if (offset >= 0 && length >= 0 && offset > end - length) {
			end = refresh();
		}
		this.file.requireWithin(offset, length, end);
	}

	/**
	 * Has a range mapped, and with it the whole file, even if the backend would not map
	 * it yet.
	 * @throws IndexOutOfBoundsException if the range is not within the file
	 */
	public void map(long offset, long length) throws IOException {
		this.file.within(offset, length);
		whileSizeStays(IoCall.of(() -> {
			this.file.requireOpen();
			this.file.map(this.backing.mapAll(this.file.size()));
			if (this.file.mapping().byteSize() < this.file.size()) {
				throw this.changes.noted(fault("map", reason(this.file.mapping().byteSize())));
			}
		}));
	}

	/** Makes the exception for a file that others have changed. */
	MappedFaultException fault(String operation, String reason) {
		return new MappedFaultException("Cannot " + operation + " " + Printable.of(path()) + reason, null);
	}

	/** Says that others shortened the file, so that it has lost data. */
	String reason(long actual) {
		return ": it is only " + actual + " of " + size() + " bytes long: somebody else shortened it. Open it again, or"
				+ " truncate it to the size it should have";
	}

	Path path() {
		return this.file.path();
	}

	long size() {
		return this.file.size();
	}

	/**
	 * Returns the size that the operating system tells; of a private mapping, the size
	 * that it was opened with.
	 */
	long actualSize() throws IOException {
		this.file.requireOpen();
		return this.file.isPrivate() ? this.file.size() : this.backing.size();
	}

	boolean isSizeHeld() {
		return this.lock.isHeldByCurrentThread();
	}

	/** Runs something while no other thread can change the size. */
	public <T> T whileSizeStays(IoCall<T> body) throws IOException {
		lock();
		try {
			return body.call();
		}
		finally {
			unlock();
		}
	}

	/** Records that a failed access may have written something. */
	public void mayBeWritten() {
		this.dirty.accessed();
	}

	/** Notes a change that listeners are told of. The caller must hold the lock. */
	public void note(long from, long to) {
		this.changes.note(from, to);
		this.noted = true;
	}

	/** Notes a failed write for the listeners. */
	public IOException noted(WriteOperation operation, IOException failure) {
		this.changes.noteFailure(operation, failure);
		return failure;
	}

	private void noteIfMappedAnew() {
		if (!this.noted && this.file.isOpen() && this.file.mapping().byteSize() > this.mapped) {
			this.changes.note(this.size, this.file.size());
		}
	}

}
