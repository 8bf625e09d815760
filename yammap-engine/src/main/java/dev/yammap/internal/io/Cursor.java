package dev.yammap.internal.io;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

import dev.yammap.MappedFaultException;
import dev.yammap.Whence;
import dev.yammap.internal.fault.FaultBarrier;
import dev.yammap.internal.file.FileGrowth;
import dev.yammap.internal.file.MappedFile;
import dev.yammap.internal.file.ResizeNotifier;
import dev.yammap.internal.os.IoCall;
import dev.yammap.internal.os.Printable;

/**
 * An offset in a file that reads and writes share: that of an {@link dev.yammap.Mmap}, or
 * that of one of its channels. Each call holds the lock from the moment it reads the
 * offset until it has moved it. The cursor of a channel can be closed before its file.
 */
public final class Cursor {

	private final MappedFile file;

	private final FileGrowth growth;

	private final Transfers transfers;

	private final ResizeNotifier changes;

	private final ReentrantLock lock;

	/** Changed with the lock held. */
	private volatile long offset;

	private volatile boolean closed;

	public Cursor(MappedFile file, FileGrowth growth, Transfers transfers) {
		this.file = file;
		this.growth = growth;
		this.transfers = transfers;
		this.changes = growth.lock().changes();
		this.lock = this.changes.newCursorLock();
	}

	public long offset() {
		return this.offset;
	}

	boolean isOpen() {
		return !this.closed && this.file.isOpen();
	}

	void requireOpen() throws ClosedChannelException {
		if (!isOpen()) {
			throw new ClosedChannelException();
		}
	}

	/** Lets no further call begin. A call that is under way ends as usual. */
	void close() {
		this.closed = true;
		this.changes.forgetLock(this.lock);
	}

	private void lock() {
		// A fault must not arrive between the lock and the caller's try block: the
		// cursor would stay locked.
		FaultBarrier.await();
		this.lock.lock();
	}

	/** Releases the lock, and then tells the listeners what has happened meanwhile. */
	private void unlock() {
		this.lock.unlock();
		this.changes.tell();
	}

	public int read(Object target, int index, int length) throws IOException {
		lock();
		try {
			requireOpen();
			long start = this.offset;
			int count = this.transfers.read("read", target, index, length, start);
			this.offset = start + Math.max(count, 0);
			return count;
		}
		finally {
			unlock();
		}
	}

	/** Reads into one target after another, as one read. */
	public long read(List<MemorySegment> targets) throws IOException {
		lock();
		try {
			requireOpen();
			long start = this.offset;
			long count = this.transfers.read("read", targets, start);
			this.offset = start + Math.max(count, 0);
			return count;
		}
		finally {
			unlock();
		}
	}

	public void write(Object source, int index, int length) throws IOException {
		this.file.requireWritable();
		lock();
		try {
			requireOpen();
			if (this.file.isAppend()) {
				if (length > 0) {
					this.offset = this.growth.append(source, index, length) + length;
				}
			}
			else {
				long start = this.offset;
				this.transfers.write("write", source, index, length, start, false);
				this.offset = start + length;
			}
		}
		finally {
			unlock();
		}
	}

	public long seek(long distance, Whence whence) throws IOException {
		lock();
		try {
			this.file.requireOpen();
			long start = this.offset;
			this.offset = switch (whence) {
				case START -> target(0, distance, whence);
				case CURRENT -> target(start, distance, whence);
				// The size stays meanwhile: otherwise the end could move back after the
				// target was computed from it.
				case END ->
					this.growth.lock().whileSizeStays(() -> target(this.growth.lock().refresh(), distance, whence));
			};
			return this.offset;
		}
		finally {
			unlock();
		}
	}

	private long target(long base, long distance, Whence whence) throws IOException {
		// The sum overflows only if both its parts are positive, and then it is negative.
		long target = base + distance;
		boolean overflow = (distance > 0) && (target < 0);
		if (overflow || target < 0 || (target > this.file.size() && target > this.growth.lock().refresh())) {
			throw new IOException("Cannot seek to " + distance + " from " + whence + " in "
					+ Printable.of(this.file.path()) + ": that is "
					+ ((target < 0 && !overflow) ? "before the start" : "past the end at " + this.file.size()));
		}
		return target;
	}

	/**
	 * Makes a part of a transfer, which does not move the offset. The caller of the
	 * transfer does not get the fault of a later part: its next call meets it again.
	 */
	<T> T transfer(boolean first, IoCall<T> part) throws IOException {
		lock();
		try {
			requireOpen();
			return part.call();
		}
		catch (MappedFaultException ex) {
			if (!first) {
				this.changes.forget(ex);
			}
			throw ex;
		}
		finally {
			unlock();
		}
	}

	/** Moves to any offset, also one behind the end. */
	void move(long target) throws IOException {
		lock();
		try {
			requireOpen();
			this.offset = target;
		}
		finally {
			unlock();
		}
	}

	/**
	 * Shortens the file if it is longer, and moves back to its new end if behind.
	 * @return whether the file was longer
	 */
	boolean shorten(long size) throws IOException {
		lock();
		try {
			requireOpen();
			boolean shorter = this.growth.lock()
				.whileSizeStays(() -> size < this.growth.lock().refresh() && this.growth.truncate(size));
			this.offset = Math.min(this.offset, size);
			return shorter;
		}
		finally {
			unlock();
		}
	}

}
