package dev.yammap.internal.file;

import java.io.IOException;
import java.lang.ref.Reference;
import java.util.concurrent.locks.ReentrantLock;

import dev.yammap.WriteOperation;
import dev.yammap.internal.fault.FaultBarrier;
import dev.yammap.internal.fault.FaultGuard.Access;
import dev.yammap.internal.os.BackendFile;

/**
 * Orders the changes of a file's size. A thread may take it again; what it has to tell of
 * them is told when it releases its last lock of the file.
 * <p>
 * Listeners are not told of what a mere read or write does to the size, unless a new
 * mapping was made for it; that is found out here.
 */
public final class SizeLock {

	private final MappedFile file;

	private final BackendFile backing;

	private final ResizeNotifier changes = new ResizeNotifier();

	private final ReentrantLock lock = this.changes.newLock();

	/** What was when the lock was taken; guarded by it, as the next ones. */
	private long size;

	private long mapped;

	private boolean noted;

	SizeLock(MappedFile file, BackendFile backing) {
		this.file = file;
		this.backing = backing;
	}

	/** What listeners are to be told of. */
	public ResizeNotifier changes() {
		return this.changes;
	}

	void lock() {
		FaultBarrier.await();
		this.lock.lock();
		locked();
	}

	private void locked() {
		if (this.lock.getHoldCount() == 1) {
			this.size = this.file.size();
			this.mapped = this.file.mapping().byteSize();
			this.noted = false;
		}
	}

	/** A file that is lost does not end before, see {@link LeakDetector}. */
	void unlock() {
		try {
			try {
				if (this.lock.getHoldCount() == 1) {
					this.backing.releaseMemory();
					noteIfMappedAnew();
				}
			}
			finally {
				this.lock.unlock();
			}
			this.changes.tell();
		}
		finally {
			Reference.reachabilityFence(this.file);
		}
	}

	/**
	 * Does a write that no other change of the size can come between. If the operating
	 * system refuses it, listeners are told.
	 */
	public <T> T write(WriteOperation operation, Access<T> write) throws IOException {
		lock();
		try {
			return write.run();
		}
		catch (IOException ex) {
			this.changes.noteFailure(operation, ex);
			throw ex;
		}
		finally {
			unlock();
		}
	}

	public boolean isHeldByCurrentThread() {
		return this.lock.isHeldByCurrentThread();
	}

	/** Notes a change that listeners are told of, by who holds the lock. */
	public void note(long from, long to) {
		this.changes.note(from, to);
		this.noted = true;
	}

	/** As {@link dev.yammap.Mmap#refresh()}. */
	public long refresh() throws IOException {
		lock();
		try {
			long known = this.file.size();
			long actual = this.file.refresh();
			note(known, actual);
			return actual;
		}
		finally {
			unlock();
		}
	}

	/**
	 * Asks for the size as {@link MappedFile#refresh()}, but waits for no other thread.
	 * One that changes the size may wait for a device; then this is the known size.
	 */
	public long sizeAtOnce() throws IOException {
		FaultBarrier.await();
		if (!this.lock.tryLock()) {
			long known = this.file.size();
			this.file.requireOpen();
			return known;
		}
		locked();
		try {
			return this.file.refresh();
		}
		finally {
			unlock();
		}
	}

	private void noteIfMappedAnew() {
		long newSize = this.file.size();
		if (!this.noted && newSize > this.size && this.file.mapping().byteSize() > this.mapped) {
			this.changes.note(this.size, newSize);
		}
	}

}
