package dev.yammap.internal;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Lets threads share flushes: those that come while one is running wait for the next, and
 * one of them does it for all. A flush serves the callers that came before it began, so
 * it covers what they wrote; flushes run one after the other, as the kernel reports a
 * failed writeback to one of them only. A failure is remembered for good: the kernel
 * marks the lost pages clean, and reports the next flush as a success (reproduced on ext4
 * and XFS).
 * <p>
 * There is no thread and no lock. Callers wait on a stack. {@link State} says who moves
 * it on:
 * <ul>
 * <li>IDLE: nobody. Who pushes itself and finds this state takes it to GATHERING.</li>
 * <li>GATHERING: a caller waits a moment for company, see {@link Patience}. When its time
 * is up, or, before that, when as many have come as are expected, it or the last to come
 * takes the state to FLUSHING.</li>
 * <li>FLUSHING: one thread alone, the leader, takes the whole stack, flushes, tells those
 * it took, and goes back to GATHERING on behalf of one that came meanwhile, or to IDLE if
 * there is none. It looks once more after IDLE: who came before found FLUSHING and
 * sleeps.</li>
 * </ul>
 * Waking a thread takes longer than many a flush does; so the leader wakes one caller,
 * and every caller two more on its way out. None of them takes a lock there.
 */
final class GroupCommit {

	private final Path path;

	private final Target target;

	private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);

	/** The top of the stack. */
	private final AtomicReference<@Nullable Caller> newest = new AtomicReference<>();

	private final Patience patience;

	private final LongSupplier clock;

	/** Set while FLUSHING. */
	private volatile @Nullable Throwable failure;

	GroupCommit(Path path, Target target) {
		this(path, target, new Patience(), new SystemClock());
	}

	GroupCommit(Path path, Target target, Patience patience, LongSupplier clock) {
		this.path = path;
		this.target = target;
		this.patience = patience;
		this.clock = clock;
	}

	/**
	 * Returns when a flush that began after this call has covered the range. An interrupt
	 * ends nothing; the thread's interrupt status stays.
	 * @throws ClosedChannelException if the flush found the file closed
	 * @throws IOException if the flush failed, or an earlier one has
	 */
	void commit(long from, long to) throws IOException {
		requireNoFailure();
		Caller caller = new Caller(from, to);
		push(caller);
		if (this.state.compareAndSet(State.IDLE, State.GATHERING) || this.patience.isEnough(caller.position)) {
			gather(caller);
		}
		Outcome outcome = await(caller);
		caller.wakeTwoMore();
		caller.restoreInterrupt();
		outcome.tell(caller, this);
	}

	/** Throws what every caller after a failed flush is told. */
	void requireNoFailure() throws IOException {
		Throwable earlier = this.failure;
		if (earlier != null) {
			throw new IOException("Cannot sync " + this.path + ": an earlier sync failed, and what it lost is not"
					+ " known. Open the file again and check what it holds", earlier);
		}
	}

	private void push(Caller caller) {
		Caller below;
		do {
			below = this.newest.get();
			caller.below = below;
			caller.position = (below != null) ? below.position + 1 : 1;
		}
		while (!this.newest.compareAndSet(below, caller));
	}

	/** Returns how many callers no flush has taken yet. */
	int waiting() {
		Caller top = this.newest.get();
		return (top != null) ? top.position : 0;
	}

	private Outcome await(Caller caller) {
		while (true) {
			Outcome outcome = caller.outcome;
			if (outcome != null && outcome.known) {
				return outcome;
			}
			if (caller.appointed) {
				caller.appointed = false;
				gather(caller);
			}
			else {
				LockSupport.park(this);
				caller.takeInterrupt();
			}
		}
	}

	/**
	 * Gives others a moment to come, then leads, unless another does. Also a caller that
	 * was served meanwhile must end the state it may have begun.
	 */
	private void gather(Caller caller) {
		int present = waiting();
		long left = this.patience.isEnough(present) ? 0 : this.patience.nanos();
		if (left > 0) {
			long end = this.clock.getAsLong() + left;
			while (left > 0 && isGathering(caller)) {
				LockSupport.parkNanos(this, left);
				caller.takeInterrupt();
				left = end - this.clock.getAsLong();
			}
			this.patience.waited(present, waiting());
		}
		if (this.state.compareAndSet(State.GATHERING, State.FLUSHING)) {
			lead(caller);
		}
	}

	private boolean isGathering(Caller caller) {
		return !caller.isServed() && this.state.get() == State.GATHERING && !this.patience.isEnough(waiting());
	}

	private void lead(Caller leader) {
		Caller batch = this.newest.getAndSet(null);
		if (batch == null) {
			release();
			return;
		}
		boolean refused = this.failure != null;
		long start = this.clock.getAsLong();
		Throwable failed = refused ? null : flush(batch);
		long nanos = this.clock.getAsLong() - start;
		batch.serve(new Outcome(leader, failed, refused));
		this.patience.flushed(nanos, batch.position, waiting());
		release();
		LockSupport.unpark((batch != leader) ? batch.thread : null);
		leader.wakeTwoMore();
		if (!refused && !(failed instanceof ClosedChannelException)) {
			this.target.flushed(nanos, batch.position, failed);
		}
	}

	private @Nullable Throwable flush(Caller batch) {
		long from = batch.from;
		long to = batch.to;
		for (Caller other = batch.below; other != null; other = other.below) {
			from = Math.min(from, other.from);
			to = Math.max(to, other.to);
		}
		try {
			this.target.flush(from, to, batch.position);
			return null;
		}
		catch (ClosedChannelException ex) {
			return ex;
		}
		catch (Throwable ex) {
			// Whatever it was, nobody knows what became of the data.
			this.failure = ex;
			return ex;
		}
	}

	private void release() {
		do {
			Caller next = this.newest.get();
			if (next != null) {
				// In this order, or it might find nothing to do and sleep for ever.
				this.state.set(State.GATHERING);
				next.appointed = true;
				LockSupport.unpark(next.thread);
				return;
			}
			this.state.set(State.IDLE);
		}
		while (this.newest.get() != null && this.state.compareAndSet(State.IDLE, State.FLUSHING));
	}

	private IOException failureOfAnother(Throwable failed) {
		String reason = (failed instanceof IOException) ? failed.getMessage()
				: "Cannot sync " + this.path + ": " + failed;
		return new IOException(reason, failed);
	}

	/** What is flushed. */
	interface Target {

		/**
		 * Makes durable what was written to a range before; never called by two threads
		 * at a time.
		 * @param from where the range begins
		 * @param to where it ends
		 * @param callers how many callers it serves
		 * @throws ClosedChannelException if there is nothing to flush any more; alone
		 * among failures this is not remembered
		 */
		void flush(long from, long to, int callers) throws IOException;

		/**
		 * Told of each flush, on the thread that ran it, when those it served are on
		 * their way.
		 * @param nanos how long it took
		 * @param callers how many it served
		 * @param failure why it failed, or {@code null}
		 */
		void flushed(long nanos, int callers, @Nullable Throwable failure);

	}

	private enum State {

		IDLE, GATHERING, FLUSHING

	}

	/**
	 * What became of a batch.
	 */
	private static final class Outcome {

		private final Caller leader;

		private final @Nullable Throwable failed;

		/** Whether nothing was tried, as an earlier flush failed. */
		private final boolean refused;

		/**
		 * Set for all callers at once: one that left before another can know would wake
		 * it for nothing, and nobody would again.
		 */
		private volatile boolean known;

		Outcome(Caller leader, @Nullable Throwable failed, boolean refused) {
			this.leader = leader;
			this.failed = failed;
			this.refused = refused;
		}

		/** Throws the failure, to each caller one of its own. */
		void tell(Caller caller, GroupCommit group) throws IOException {
			if (this.refused) {
				group.requireNoFailure();
			}
			if (this.failed == null) {
				return;
			}
			if (this.failed instanceof ClosedChannelException) {
				throw new ClosedChannelException();
			}
			if (caller != this.leader) {
				throw group.failureOfAnother(this.failed);
			}
			switch (this.failed) {
				case IOException ex -> throw ex;
				case RuntimeException ex -> throw ex;
				case Error ex -> throw ex;
				default -> throw group.failureOfAnother(this.failed);
			}
		}

	}

	/**
	 * A thread on the stack.
	 */
	private static final class Caller {

		private final Thread thread = Thread.currentThread();

		private final long from;

		private final long to;

		/** Written before the push, as the next one. */
		private @Nullable Caller below;

		/** How many are on the stack up to this one. */
		private int position;

		/** Whom to wake; written before the outcome, as the next one. */
		private @Nullable Caller left;

		private @Nullable Caller right;

		/** Whether a leader left the state GATHERING to this caller. */
		private volatile boolean appointed;

		private volatile @Nullable Outcome outcome;

		private boolean interrupted;

		Caller(long from, long to) {
			this.from = from;
			this.to = to;
		}

		/**
		 * Ends the waiting of this and all below. In the order of the stack, the n-th is
		 * to wake the 2n-th and the one after that.
		 */
		void serve(Outcome outcome) {
			Caller parent = this;
			for (Caller child = this.below; child != null && parent != null; parent = parent.below) {
				parent.left = child;
				child = child.below;
				if (child != null) {
					parent.right = child;
					child = child.below;
				}
			}
			for (Caller caller = this; caller != null; caller = caller.below) {
				caller.outcome = outcome;
			}
			outcome.known = true;
		}

		boolean isServed() {
			Outcome current = this.outcome;
			return current != null && current.known;
		}

		void wakeTwoMore() {
			LockSupport.unpark((this.left != null) ? this.left.thread : null);
			LockSupport.unpark((this.right != null) ? this.right.thread : null);
			this.left = null;
			this.right = null;
		}

		/** A thread that is interrupted could not be parked. */
		void takeInterrupt() {
			this.interrupted |= Thread.interrupted();
		}

		void restoreInterrupt() {
			if (this.interrupted) {
				this.thread.interrupt();
			}
		}

	}

	private static final class SystemClock implements LongSupplier {

		@Override
		public long getAsLong() {
			return System.nanoTime();
		}

	}

}
