package dev.yammap.internal.file;

import java.util.concurrent.locks.ReentrantLock;

import dev.yammap.internal.fault.FaultBarrier;

/**
 * The lock of a cursor, within which the size of the file may change; so what there is to
 * tell of that is told once this is released.
 */
public final class CursorLock {

	private final ReentrantLock lock;

	private final ResizeNotifier changes;

	public CursorLock(ResizeNotifier changes) {
		this.changes = changes;
		this.lock = changes.newLock();
	}

	public void lock() {
		// A fault that arrived between this and the caller's try would leave it locked.
		FaultBarrier.await();
		this.lock.lock();
	}

	public void unlock() {
		this.lock.unlock();
		this.changes.tell();
	}

}
