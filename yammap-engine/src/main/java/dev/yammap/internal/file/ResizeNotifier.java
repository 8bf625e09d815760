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
import dev.yammap.MappedFaultException;
import dev.yammap.StorageException;
import dev.yammap.MmapListener.WriteOperation;
import dev.yammap.internal.event.Events;

/**
 * Collects what listeners are to be told: changes of the file's size, writes that the
 * operating system refused, and faults. It tells them once the thread that caused the
 * event holds no lock of the file any more.
 * <p>
 * An event is noted while the lock of the size or of a cursor is held. The first may be
 * held within the second. Each of them comes here when it is released; which one is
 * released last depends on the call. So if there is something to tell, all of them are
 * asked whether the thread still holds them.
 */
public final class ResizeNotifier {

	private final Queue<Untold> untold = new ConcurrentLinkedQueue<>();

	private final ReentrantLock sizeLock = new ReentrantLock();

	/** The lock of the file's own cursor, which is made first. */
	private volatile @Nullable ReentrantLock cursorLock;

	/**
	 * The locks of open channels, held weakly, as nobody need close a channel. Most files
	 * have none.
	 */
	private volatile @Nullable Set<ReentrantLock> channelLocks;

	private volatile @Nullable Events events;

	ReentrantLock sizeLock() {
		return this.sizeLock;
	}

	/**
	 * Makes the lock of a cursor. A thread may hold it when it takes the lock of the
	 * size.
	 */
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

	/**
	 * Forgets the lock of a channel that was closed: who takes it later notes nothing. If
	 * a call that is under way holds it, it is asked until the channel is garbage.
	 */
	public void forgetLock(ReentrantLock lock) {
		Set<ReentrantLock> locks = this.channelLocks;
		if (locks != null && !lock.isLocked()) {
			locks.remove(lock);
		}
	}

	/** Notes a change of the size, if it did change. */
	void note(long from, long to) {
		if (from != to) {
			note((events) -> events.resized(from, to));
		}
	}

	/** Notes a failed write, if it met a fault, or the operating system refused it. */
	void noteFailure(WriteOperation operation, IOException failure) {
		FailureCause cause = causeOf(failure);
		if (failure instanceof MappedFaultException fault) {
			note(fault);
		}
		else if (cause != null) {
			note((events) -> events.failed(operation, cause, failure));
		}
	}

	private void note(MappedFaultException fault) {
		this.untold.add(new Untold(Thread.currentThread(), (events) -> events.faulted(fault), fault));
	}

	private void note(Consumer<Events> event) {
		this.untold.add(new Untold(Thread.currentThread(), event, null));
	}

	/** Notes a fault. If the thread holds no lock, the listeners hear of it at once. */
	MappedFaultException noted(MappedFaultException fault) {
		note(fault);
		tell();
		return fault;
	}

	/** Forgets a fault of this thread that no caller gets. */
	public void forget(MappedFaultException fault) {
		this.untold.removeIf((event) -> fault.equals(event.fault));
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
	 * Notes what opening did to the size, all its steps together.
	 * @param found the size that the file had
	 * @param emptied whether it was emptied
	 * @param size the size that the file has now
	 */
	public void noteOpening(long found, boolean emptied, long size) {
		this.untold.clear();
		if (emptied) {
			note(found, 0);
		}
		note(emptied ? 0 : found, size);
	}

	/** Sets who is told from now on. */
	public void tellTo(Events events) {
		this.events = events;
	}

	/** Tells the listeners what this thread has noted, unless it still holds a lock. */
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

	private record Untold(Thread thread, Consumer<Events> event, @Nullable MappedFaultException fault) {

	}

}
