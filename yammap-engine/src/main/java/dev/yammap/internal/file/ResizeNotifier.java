package dev.yammap.internal.file;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Collections;
import java.util.Iterator;
import java.util.Queue;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import dev.yammap.FailureCause;
import dev.yammap.StorageException;
import dev.yammap.MmapListener.WriteOperation;
import dev.yammap.internal.event.Events;

/**
 * Collects the changes of a file's size that its listeners are told of, and the writes
 * that the operating system refused, until the thread that made them holds no lock of the
 * file any more.
 * <p>
 * Both are noted with the lock of the size held. That lock, and the ones of cursors
 * around it, come here whenever they are released; which of them is the last depends on
 * the call. So if there is something to tell, all of them are asked.
 */
public final class ResizeNotifier {

	private final Queue<Untold> untold = new ConcurrentLinkedQueue<>();

	private final ReentrantLock sizeLock = new ReentrantLock();

	/** Of the file's own cursor, which is the first. */
	private volatile @Nullable ReentrantLock cursorLock;

	/** Of channels: weakly, as nobody need close one, and for most files never made. */
	private volatile @Nullable Set<ReentrantLock> channelLocks;

	private volatile @Nullable Events events;

	/** Returns the lock that is held while a change is noted. */
	ReentrantLock sizeLock() {
		return this.sizeLock;
	}

	/** Makes the lock of a cursor, which may be held around it. */
	public synchronized ReentrantLock newCursorLock() {
		ReentrantLock lock = new ReentrantLock();
		if (this.cursorLock == null) {
			this.cursorLock = lock;
			return lock;
		}
		if (this.channelLocks == null) {
			this.channelLocks = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
		}
		this.channelLocks.add(lock);
		return lock;
	}

	/** Notes a change, if it is one. */
	void note(long from, long to) {
		if (from != to) {
			note((events) -> events.resized(from, to));
		}
	}

	/** Notes a failed write, if it was the operating system that refused it. */
	void noteFailure(WriteOperation operation, IOException failure) {
		FailureCause cause = causeOf(failure);
		if (cause != null) {
			note((events) -> events.failed(operation, cause, failure));
		}
	}

	private void note(Consumer<Events> event) {
		this.untold.add(new Untold(Thread.currentThread(), event));
	}

	/** Returns why the operating system refused, or {@code null} if it did not. */
	private static @Nullable FailureCause causeOf(IOException failure) {
		for (Throwable cause = failure; cause instanceof IOException; cause = cause.getCause()) {
			if (cause instanceof StorageException ex) {
				return ex.failureCause();
			}
			if (cause instanceof FileSystemException) {
				return FailureCause.OTHER;
			}
		}
		return null;
	}

	/**
	 * Notes what opening did to the size, by whatever steps.
	 * @param found the size that the file had
	 * @param emptied whether it was emptied
	 * @param size the size that the file has now
	 */
	public void noteOpening(long found, boolean emptied, long size) {
		if (!this.untold.isEmpty()) {
			this.untold.clear();
		}
		if (emptied) {
			note(found, 0);
		}
		note(emptied ? 0 : found, size);
	}

	/** From now on there is somebody to tell. */
	public void tellTo(Events events) {
		this.events = events;
	}

	/** Tells what this thread has noted, unless it still holds a lock. */
	public void tell() {
		Events listening = this.events;
		if (listening == null || this.untold.isEmpty() || isLocked()) {
			return;
		}
		Thread teller = Thread.currentThread();
		for (Iterator<Untold> events = this.untold.iterator(); events.hasNext();) {
			Untold next = events.next();
			if (next.thread == teller) {
				events.remove();
				next.event.accept(listening);
			}
		}
	}

	private boolean isLocked() {
		ReentrantLock ofCursor = this.cursorLock;
		if (this.sizeLock.isHeldByCurrentThread() || (ofCursor != null && ofCursor.isHeldByCurrentThread())) {
			return true;
		}
		Set<ReentrantLock> ofChannels = this.channelLocks;
		if (ofChannels == null) {
			return false;
		}
		synchronized (ofChannels) {
			return ofChannels.stream().anyMatch(ReentrantLock::isHeldByCurrentThread);
		}
	}

	private record Untold(Thread thread, Consumer<Events> event) {

	}

}
