package dev.yammap.internal;

import java.util.Collections;
import java.util.Iterator;
import java.util.Queue;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * Collects the changes of a file's size that its listeners are told of, until the thread
 * that made them holds no lock of the file any more.
 * <p>
 * A change is noted with the lock of the size held. That lock, and the ones of cursors
 * around it, come here whenever they are released; which of them is the last depends on
 * the call. To know that, the locks of cursors are remembered, weakly, as nobody need
 * close a channel; and asked only if there is something to tell.
 */
final class SizeChanges {

	private final Queue<Change> untold = new ConcurrentLinkedQueue<>();

	private final Set<ReentrantLock> locks = Collections.newSetFromMap(new WeakHashMap<>());

	private volatile @Nullable Events events;

	/** Makes a lock that is held while a change may be noted. */
	ReentrantLock newLock() {
		ReentrantLock lock = new ReentrantLock();
		synchronized (this.locks) {
			this.locks.add(lock);
		}
		return lock;
	}

	/** Notes a change, if it is one. */
	void note(long from, long to) {
		if (from != to) {
			this.untold.add(new Change(Thread.currentThread(), from, to));
		}
	}

	/**
	 * Notes what opening did to the size, by whatever steps.
	 * @param found the size that the file had
	 * @param emptied whether it was emptied
	 * @param size the size that the file has now
	 */
	void noteOpening(long found, boolean emptied, long size) {
		if (!this.untold.isEmpty()) {
			this.untold.clear();
		}
		if (emptied) {
			note(found, 0);
		}
		note(emptied ? 0 : found, size);
	}

	/** From now on there is somebody to tell. */
	void tellTo(Events events) {
		this.events = events;
	}

	/** Tells what this thread has noted, unless it still holds a lock. */
	void tell() {
		Events listening = this.events;
		if (listening == null || this.untold.isEmpty() || isLocked()) {
			return;
		}
		Thread teller = Thread.currentThread();
		for (Iterator<Change> changes = this.untold.iterator(); changes.hasNext();) {
			Change change = changes.next();
			if (change.thread == teller) {
				changes.remove();
				listening.resized(change.from, change.to);
			}
		}
	}

	private boolean isLocked() {
		synchronized (this.locks) {
			return this.locks.stream().anyMatch(ReentrantLock::isHeldByCurrentThread);
		}
	}

	private record Change(Thread thread, long from, long to) {

	}

}
