package dev.yammap.internal.sync;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import dev.yammap.internal.fault.FaultBarrier;

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
 * <li>GATHERING: a caller waits a moment for company, see {@link CommitDelay}. When its
 * time is up, or, before that, when as many have come as are expected, it or the last to
 * come takes the state to FLUSHING.</li>
 * <li>FLUSHING: one thread alone, the leader, takes the whole stack, flushes, tells those
 * it took, and goes back to GATHERING on behalf of one that came meanwhile, or to IDLE if
 * there is none. It looks once more after IDLE: who came before found FLUSHING and
 * sleeps.</li>
 * </ul>
 * Waking a thread takes longer than many a flush does; so the leader wakes one caller,
 * and every caller two more on its way out. None of them takes a lock there.
 * <p>
 * Memory or stack may be short at any point. So a leader neither allocates nor calls
 * anything between a flush and telling those it took, and goes on whatever is thrown.
 */
final class GroupCommit {

	private final Path path;

	private final Target target;

	private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);

	/** The top of the stack. */
	private final AtomicReference<@Nullable Caller> newest = new AtomicReference<>();

	private final CommitDelay patience;

	private final LongSupplier clock;

	/** Set while FLUSHING. */
	private volatile @Nullable Throwable failure;

	GroupCommit(Path path, Target target) {
		this(path, target, new CommitDelay(), new SystemClock());
	}

	GroupCommit(Path path, Target target, CommitDelay patience, LongSupplier clock) {
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
		FaultBarrier.await();
		StackReserve.require();
		requireNoFailure();
		Caller caller = new Caller(from, to);
		push(caller);
		if (this.state.compareAndSet(State.IDLE, State.GATHERING) || this.patience.isEnough(caller.position)) {
			gather(caller);
		}
		Caller leader = await(caller);
		caller.wakeTwoMore();
		if (caller.interrupted) {
			caller.thread.interrupt();
		}
		tell(caller, leader);
	}

	/** Throws what every caller after a failed flush is told. */
	void requireNoFailure() throws IOException {
		Throwable earlier = this.failure;
		if (earlier != null) {
			throw new IOException("Cannot sync " + this.path + ": an earlier sync failed, and nobody knows what it"
					+ " lost. Open the file again and check what it holds", earlier);
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

	private Caller await(Caller caller) {
		while (true) {
			Caller leader = caller.servedBy();
			if (leader != null) {
				return leader;
			}
			if (caller.appointed) {
				caller.appointed = false;
				gather(caller);
			}
			else {
				park(caller, 0);
			}
		}
	}

	/** Sleeps until woken, or for a time that is not 0. */
	private void park(Caller caller, long nanos) {
		try {
			if (nanos > 0) {
				LockSupport.parkNanos(this, nanos);
			}
			else {
				LockSupport.park(this);
			}
		}
		catch (OutOfMemoryError | StackOverflowError error) {
			// Who cannot sleep waits awake: others count on this caller.
			Thread.onSpinWait();
		}
		// A thread that is interrupted could not be parked again.
		caller.interrupted |= Thread.interrupted();
	}

	/**
	 * Gives others a moment to come, then leads, unless another does. Also a caller that
	 * was served meanwhile must end the state it may have begun.
	 */
	private void gather(Caller caller) {
		Caller batch = null;
		try {
			awaitCompany(caller);
		}
		finally {
			if (this.state.compareAndSet(State.GATHERING, State.FLUSHING)) {
				try {
					batch = lead(caller);
				}
				finally {
					// There is stack enough, as there was to take the state.
					release();
				}
			}
		}
		if (batch != null) {
			tellOfFlush(caller, batch);
		}
	}

	private void awaitCompany(Caller caller) {
		int present = waiting();
		long left = this.patience.isEnough(present) ? 0 : this.patience.nanos();
		if (left > 0) {
			long end = this.clock.getAsLong() + left;
			while (left > 0 && isGathering(caller)) {
				park(caller, left);
				left = end - this.clock.getAsLong();
			}
			this.patience.waited(present, waiting());
		}
	}

	private boolean isGathering(Caller caller) {
		return caller.servedBy() == null && this.state.get() == State.GATHERING && !this.patience.isEnough(waiting());
	}

	/** Flushes for all that wait, and returns the newest of them. */
	private @Nullable Caller lead(Caller leader) {
		Caller batch = this.newest.getAndSet(null);
		if (batch == null) {
			return null;
		}
		leader.refused = this.failure != null;
		try {
			batch.shareOutWaking();
			if (!leader.refused) {
				flush(leader, batch);
			}
		}
		catch (Throwable ex) {
			leader.failed = ex;
			if (!(ex instanceof ClosedChannelException)) {
				// Whatever it was, nobody knows what became of the data.
				this.failure = ex;
			}
		}
		finally {
			for (Caller served = batch; served != null; served = served.below) {
				served.leader = leader;
			}
			leader.done = true;
		}
		return batch;
	}

	private void flush(Caller leader, Caller batch) throws IOException {
		long from = batch.from;
		long to = batch.to;
		for (Caller other = batch.below; other != null; other = other.below) {
			from = Math.min(from, other.from);
			to = Math.max(to, other.to);
		}
		long start = this.clock.getAsLong();
		try {
			this.target.flush(from, to, batch.position);
		}
		finally {
			leader.nanos = this.clock.getAsLong() - start;
			this.patience.flushed(leader.nanos, batch.position, waiting());
		}
	}

	/** Wakes those that were served, then tells the target. */
	private void tellOfFlush(Caller leader, Caller batch) {
		LockSupport.unpark((batch != leader) ? batch.thread : null);
		leader.wakeTwoMore();
		if (!leader.refused && !(leader.failed instanceof ClosedChannelException)) {
			this.target.flushed(leader.nanos, batch.position, leader.failed);
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

	/** Throws the failure of a flush, to each caller one of its own. */
	private void tell(Caller caller, Caller leader) throws IOException {
		if (leader.refused) {
			requireNoFailure();
		}
		boolean led = (caller == leader);
		switch (leader.failed) {
			case null -> {
			}
			case ClosedChannelException _ -> throw new ClosedChannelException();
			case IOException ex when led -> throw ex;
			case RuntimeException ex when led -> throw ex;
			case Error ex when led -> throw ex;
			case IOException ex -> throw new IOException(ex.getMessage(), ex);
			case Throwable ex -> throw new IOException("Cannot sync " + this.path + ": " + ex, ex);
		}
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

		/** Whom to wake; written before the leader is set, as the next one. */
		private @Nullable Caller left;

		private @Nullable Caller right;

		/** Whether a leader left the state GATHERING to this caller. */
		private volatile boolean appointed;

		/** Whose flush served this caller, once that is {@link #done}. */
		private volatile @Nullable Caller leader;

		private boolean interrupted;

		/** Why the flush failed that this caller led; as the next ones. */
		private @Nullable Throwable failed;

		/** Whether nothing was tried, as an earlier flush had failed. */
		private boolean refused;

		private long nanos;

		/**
		 * Set for all who were served at once: one that left before another can know
		 * would wake it for nothing, and nobody would again.
		 */
		private volatile boolean done;

		Caller(long from, long to) {
			this.from = from;
			this.to = to;
		}

		/**
		 * Says who of this and all below wakes whom: in the order of the stack, the n-th
		 * wakes the 2n-th and the one after that.
		 */
		void shareOutWaking() {
			Caller parent = this;
			for (Caller child = this.below; child != null && parent != null; parent = parent.below) {
				parent.left = child;
				child = child.below;
				if (child != null) {
					parent.right = child;
					child = child.below;
				}
			}
		}

		/** Whose flush has served this caller, if one has. */
		@Nullable Caller servedBy() {
			Caller current = this.leader;
			return (current != null && current.done) ? current : null;
		}

		void wakeTwoMore() {
			LockSupport.unpark((this.left != null) ? this.left.thread : null);
			LockSupport.unpark((this.right != null) ? this.right.thread : null);
			this.left = null;
			this.right = null;
		}

	}

	static final class SystemClock implements LongSupplier {

		@Override
		public long getAsLong() {
			return System.nanoTime();
		}

	}

}
