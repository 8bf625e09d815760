package dev.yammap.journal.internal.write;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Threads that wait for a record. Nobody pays for them while there are none: an append
 * reads one field, without a fence. So it may miss a thread that is just about to wait;
 * that one looks again after some milliseconds.
 */
public final class Waiters {

	private static final long LOOK_AGAIN = TimeUnit.MILLISECONDS.toNanos(5);

	private final AtomicInteger count = new AtomicInteger();

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	/** Wakes whoever waits. */
	public void wake() {
		if (this.count.getOpaque() != 0) {
			this.lock.lock();
			try {
				this.changed.signalAll();
			}
			finally {
				this.lock.unlock();
			}
		}
	}

	/**
	 * Waits until something holds.
	 * @return whether it does
	 */
	public boolean await(BooleanSupplier condition, long nanos) throws InterruptedException {
		long deadline = System.nanoTime() + nanos;
		this.lock.lockInterruptibly();
		this.count.incrementAndGet();
		try {
			while (!condition.getAsBoolean()) {
				long left = deadline - System.nanoTime();
				if (left <= 0) {
					return false;
				}
				boolean _ = this.changed.await(Math.min(left, LOOK_AGAIN), TimeUnit.NANOSECONDS);
			}
			return true;
		}
		finally {
			this.count.decrementAndGet();
			this.lock.unlock();
		}
	}

}
