package dev.yammap.internal.sync;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import dev.yammap.internal.fault.FaultBarrier;
import dev.yammap.internal.fault.StackReserve;
import dev.yammap.internal.file.DirtyFlag;
import dev.yammap.internal.os.CallThreads;
import dev.yammap.internal.os.Printable;

/**
 * Lets threads share flushes. Threads that come while a flush is running wait for the
 * next one, and one thread makes it for all of them. A flush serves the callers that came
 * before it began, so it covers what they wrote. Flushes run one after the other, as the
 * kernel reports a failed writeback to only one of them. A failure is remembered for
 * good: the kernel marks the lost pages clean, and reports the next flush as a success
 * (reproduced on ext4 and XFS).
 * <p>
 * There is no lock. Callers wait on a stack. {@link State} says who acts next:
 * <ul>
 * <li>IDLE: nobody. A caller that pushes itself onto the stack and finds this state
 * changes it to GATHERING.</li>
 * <li>GATHERING: a thread waits a moment for company, see {@link CommitDelay}. When its
 * time is up, it changes the state to FLUSHING. If as many callers as are expected come
 * before that, the last one to come does so.</li>
 * <li>FLUSHING: one thread alone, the leader, takes the whole stack, flushes, and tells
 * the callers it took. If another caller came meanwhile, the leader changes the state to
 * GATHERING on its behalf, else to IDLE. After IDLE it looks at the stack once more: a
 * caller that came just before found FLUSHING, and sleeps.</li>
 * </ul>
 * The leader is one of the callers, but never a virtual thread, which would keep its
 * carrier during the flush. For virtual threads a helper leads: a platform thread, which
 * goes on as long as callers come, so that each flush takes as few changes of threads as
 * possible.
 * <p>
 * To wake a thread can take longer than a flush. So the leader wakes one caller, and
 * every caller wakes two more on its way out, without a lock.
 * <p>
 * Memory or stack may run out at any point. So between a flush and telling its callers a
 * leader neither allocates nor calls anything, and whatever is thrown, it goes on.
 */
final class GroupCommit {

	/** Enough for a flush. */
	private static final int STACK_LEVELS = 32;

	private final Path path;

	private final Target target;

	private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);

	/** The top of the stack. */
	private final AtomicReference<@Nullable Caller> newest = new AtomicReference<>();

	private final CommitDelay patience;

	private final LongSupplier clock;

	private final Helpers helpers;

	/** The thread that waits for company. It is woken when enough callers have come. */
	private volatile @Nullable Thread gatherer;

	/** The first failure. Set in the state FLUSHING. */
	private volatile @Nullable Throwable failure;

	GroupCommit(Path path, Target target) {
		this(path, target, new CommitDelay(), DirtyFlag.CLOCK, Helpers.PLATFORM_THREADS);
	}

	GroupCommit(Path path, Target target, CommitDelay patience, LongSupplier clock, Helpers helpers) {
		this.path = path;
		this.target = target;
		this.patience = patience;
		this.clock = clock;
		this.helpers = helpers;
	}

	/**
	 * Returns when a flush that began after this call has covered the range. An interrupt
	 * does not end the call; the thread's interrupt status stays set.
	 * @throws ClosedChannelException if the flush found the file closed
	 * @throws IOException if the flush failed, or an earlier one failed
	 */
	void commit(long from, long to) throws IOException {
		FaultBarrier.await();
		StackReserve.require(STACK_LEVELS);
		requireNoFailure();
		Caller caller = new Caller(from, to);
		push(caller);
		if (this.state.compareAndSet(State.IDLE, State.GATHERING)) {
			begin(caller);
		}
		else if (this.patience.isEnough(caller.position)) {
			hasten(caller);
		}
		Caller batch = await(caller);
		caller.wakeTwoMore();
		if (caller.interrupted) {
			caller.thread.interrupt();
		}
		if (caller == batch) {
			tellOfFlush(batch);
		}
		tell(caller, batch);
	}

	/** Throws what every caller gets after a failed flush. */
	void requireNoFailure() throws IOException {
		Throwable earlier = this.failure;
		if (earlier != null) {
			throw new IOException(
					"Cannot sync " + Printable.of(this.path) + ": an earlier sync failed, and nobody knows what it"
							+ " lost. Open the file again and check what it holds",
					earlier);
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

	/** Returns how many callers wait that no flush has taken yet. */
	int waiting() {
		Caller top = this.newest.get();
		return (top != null) ? top.position : 0;
	}

	/** Ends the state GATHERING, by a helper or itself: that is this caller's duty. */
	private void begin(Caller caller) {
		boolean helped = false;
		try {
			helped = this.helpers.areNeeded() && this.helpers.start(this::help);
		}
		catch (OutOfMemoryError | StackOverflowError error) {
			// Others wait for this caller, so it goes on alone.
		}
		if (!helped) {
			gather(caller);
		}
	}

	/** Ends the wait for company. Called by the last caller that is expected. */
	private void hasten(Caller caller) {
		if (this.helpers.areNeeded()) {
			LockSupport.unpark(this.gatherer);
		}
		else {
			gather(caller);
		}
	}

	/** Leads one flush after another, as long as callers come. */
	private void help() {
		boolean goesOn = true;
		try {
			while (goesOn) {
				goesOn = gather(null);
			}
		}
		finally {
			if (goesOn && this.state.compareAndSet(State.GATHERING, State.FLUSHING)) {
				release();
			}
		}
	}

	/** Returns the batch of a caller once it was served. */
	private Caller await(Caller caller) {
		while (true) {
			Caller batch = caller.servedIn();
			if (batch != null) {
				return batch;
			}
			if (caller.appointed) {
				caller.appointed = false;
				begin(caller);
			}
			else {
				park(caller, 0);
			}
		}
	}

	/** Sleeps until woken, or for a time that is not 0. */
	private void park(@Nullable Caller caller, long nanos) {
		try {
			if (nanos > 0) {
				LockSupport.parkNanos(this, nanos);
			}
			else {
				LockSupport.park(this);
			}
		}
		catch (OutOfMemoryError | StackOverflowError error) {
			// A caller that cannot sleep waits awake, as others rely on it.
			Thread.onSpinWait();
		}
		// A thread whose interrupt status is set could not be parked again.
		if (Thread.interrupted() && caller != null) {
			caller.interrupted = true;
		}
	}

	/**
	 * Gives others a moment to come, then leads, unless another thread does. A caller
	 * that was served meanwhile must do this, too, as it may have begun the state
	 * GATHERING.
	 * @param caller the caller that does so, or {@code null} for a helper, which then
	 * gathers again
	 * @return whether it led anybody
	 */
	private boolean gather(@Nullable Caller caller) {
		Caller batch = null;
		try {
			awaitCompany(caller);
		}
		finally {
			if (this.state.compareAndSet(State.GATHERING, State.FLUSHING)) {
				try {
					batch = lead();
				}
				finally {
					// There is enough stack, as there was to change the state.
					if (caller == null && batch != null) {
						this.state.set(State.GATHERING);
					}
					else {
						release();
					}
					if (batch != null && batch != caller) {
						LockSupport.unpark(batch.thread);
					}
				}
			}
		}
		return batch != null;
	}

	private void awaitCompany(@Nullable Caller caller) {
		int present = waiting();
		long left = this.patience.isEnough(present) ? 0 : this.patience.nanos();
		if (left > 0) {
			this.gatherer = Thread.currentThread();
			long end = this.clock.getAsLong() + left;
			while (left > 0 && isGathering(caller)) {
				park(caller, left);
				left = end - this.clock.getAsLong();
			}
			this.gatherer = null;
			this.patience.waited(present, waiting());
		}
	}

	private boolean isGathering(@Nullable Caller caller) {
		return (caller == null || caller.servedIn() == null) && this.state.get() == State.GATHERING
				&& !this.patience.isEnough(waiting());
	}

	/** Flushes for all that wait, and returns the newest of them. */
	private @Nullable Caller lead() {
		Caller batch = this.newest.getAndSet(null);
		if (batch == null) {
			return null;
		}
		batch.leader = Thread.currentThread();
		batch.refused = this.failure != null;
		try {
			batch.shareOutWaking();
			if (!batch.refused) {
				flush(batch);
			}
		}
		catch (Throwable ex) {
			batch.failed = ex;
			if (!(ex instanceof ClosedChannelException)) {
				// Whatever failed, nobody knows what became of the data.
				this.failure = ex;
			}
		}
		finally {
			for (Caller served = batch; served != null; served = served.below) {
				served.batch = batch;
			}
			batch.done = true;
		}
		return batch;
	}

	private void flush(Caller batch) throws IOException {
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
			batch.nanos = this.clock.getAsLong() - start;
			this.patience.flushed(batch.nanos, batch.position, waiting());
		}
	}

	private void release() {
		do {
			Caller next = this.newest.get();
			if (next != null) {
				// In this order: otherwise that caller might find nothing to do, and
				// sleep forever.
				this.state.set(State.GATHERING);
				next.appointed = true;
				LockSupport.unpark(next.thread);
				return;
			}
			this.state.set(State.IDLE);
		}
		while (this.newest.get() != null && this.state.compareAndSet(State.IDLE, State.FLUSHING));
	}

	private void tellOfFlush(Caller batch) {
		if (!batch.refused && !(batch.failed instanceof ClosedChannelException)) {
			this.target.flushed(batch.nanos, batch.position, batch.failed);
		}
	}

	/** Throws the failure of a flush, as a separate exception for each caller. */
	private void tell(Caller caller, Caller batch) throws IOException {
		if (batch.refused) {
			requireNoFailure();
		}
		Throwable failed = batch.failed;
		if (failed == null) {
			return;
		}
		boolean first = (caller == batch);
		if (first && batch.leader != caller.thread) {
			CallThreads.addOwnStack(failed);
		}
		switch (failed) {
			case ClosedChannelException _ -> throw new ClosedChannelException();
			case IOException ex when first -> throw ex;
			case RuntimeException ex when first -> throw ex;
			case Error ex when first -> throw ex;
			case IOException ex -> throw new IOException(ex.getMessage(), ex);
			case Throwable ex -> throw new IOException("Cannot sync " + Printable.of(this.path) + ": " + ex, ex);
		}
	}

	/** Makes the flushes, and hears of them. */
	interface Target {

		/**
		 * Makes everything durable that was written to a range before. Never called by
		 * two threads at a time.
		 * @param from where the range begins
		 * @param to where it ends
		 * @param callers how many callers it serves
		 * @throws ClosedChannelException if there is nothing to flush any more. This is
		 * the only failure that is not remembered
		 */
		void flush(long from, long to, int callers) throws IOException;

		/**
		 * Called after each flush by one of the callers that it served, once the others
		 * are released.
		 * @param nanos how long it took
		 * @param callers how many it served
		 * @param failure why it failed, or {@code null}
		 */
		void flushed(long nanos, int callers, @Nullable Throwable failure);

	}

	private enum State {

		IDLE, GATHERING, FLUSHING

	}

}
