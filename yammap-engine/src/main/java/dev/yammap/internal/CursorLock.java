package dev.yammap.internal;

import java.util.concurrent.locks.ReentrantLock;

/**
 * The lock of a cursor, within which the size of the file may change; so what there is to
 * tell of that is told once this is released.
 */
final class CursorLock {

	private final ReentrantLock lock;

	private final SizeChanges changes;

	CursorLock(SizeChanges changes) {
		this.changes = changes;
		this.lock = changes.newLock();
	}

	void lock() {
		// A fault that arrived between this and the caller's try would leave it locked.
		FaultBarrier.await();
		this.lock.lock();
	}

	void unlock() {
		this.lock.unlock();
		this.changes.tell();
	}

}
