package dev.yammap.journal.internal.write;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Threads that wait for a record. While there are none, an append only reads one field,
 * without a fence. So it may miss a thread that is about to wait. That thread looks again
 * after some milliseconds.
 */
public final class Waiters {

	private static final long LOOK_AGAIN = TimeUnit.MILLISECONDS.toNanos(5);

	private final AtomicInteger count = new AtomicInteger();

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	/** Wakes all threads that wait. */
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
	 * Waits until a condition holds.
	 * @return whether it holds; {@code false} if time is up
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
