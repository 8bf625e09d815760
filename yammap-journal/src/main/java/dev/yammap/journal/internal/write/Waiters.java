package dev.yammap.journal.internal.write;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

import dev.yammap.internal.fault.StackReserve;

/**
 * Threads that wait for a record. While there are none, an append only reads one field,
 * without a fence. So it may miss a thread that is about to wait. That thread looks again
 * after some milliseconds.
 */
public final class Waiters {

	private static final long LOOK_AGAIN = TimeUnit.MILLISECONDS.toNanos(5);

	/** Enough to park a virtual thread, or to wake one. */
	private static final int STACK_LEVELS = 32;

	private final long lookAgain;

	private final AtomicInteger count = new AtomicInteger();

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	public Waiters() {
		this(LOOK_AGAIN);
	}

	/**
	 * Creates waiters, for tests.
	 * @param lookAgain after how long a thread looks again, in nanoseconds
	 */
	Waiters(long lookAgain) {
		this.lookAgain = lookAgain;
	}

	/** Wakes all threads that wait. */
	public void wake() {
		if (this.count.getOpaque() != 0) {
			StackReserve.require(STACK_LEVELS);
			this.lock.lock();
			try {
				this.changed.signalAll();
			}
			finally {
				this.lock.unlock();
			}
		}
	}

	/** Waits until a condition holds, or time is up. */
	public void await(BooleanSupplier condition, long nanos) throws InterruptedException {
		StackReserve.require(STACK_LEVELS);
		long deadline = System.nanoTime() + nanos;
		this.lock.lockInterruptibly();
		this.count.incrementAndGet();
		try {
			long left = nanos;
			while (left > 0 && !condition.getAsBoolean()) {
				boolean _ = this.changed.await(Math.min(left, this.lookAgain), TimeUnit.NANOSECONDS);
				left = deadline - System.nanoTime();
			}
		}
		finally {
			this.count.decrementAndGet();
			this.lock.unlock();
		}
	}

}
