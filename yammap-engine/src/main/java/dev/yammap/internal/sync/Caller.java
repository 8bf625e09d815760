package dev.yammap.internal.sync;

import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * A thread that waits for a flush of a {@link GroupCommit}, on its stack and then in a
 * batch: those that one flush serves. What there is to know of the flush is in the newest
 * of the batch.
 */
final class Caller {

	final Thread thread = Thread.currentThread();

	final long from;

	final long to;

	/** Written before the push, as the next one. */
	@Nullable Caller below;

	/** How many are on the stack up to this one. */
	int position;

	/** Whom to wake; written before the batch, as the next one. */
	@Nullable Caller left;

	@Nullable Caller right;

	/** Whether a leader left the state GATHERING to this caller. */
	volatile boolean appointed;

	/** The newest of the batch, which counts once that is {@link #done}. */
	volatile @Nullable Caller batch;

	boolean interrupted;

	/** Who flushed for the batch; this and the next ones are those of its newest. */
	@Nullable Thread leader;

	/** Why the flush failed. */
	@Nullable Throwable failed;

	/** Whether nothing was tried, as an earlier flush had failed. */
	boolean refused;

	/** How long the flush took. */
	long nanos;

	/**
	 * Set for all who were served at once: one that left before another can know would
	 * wake it for nothing, and nobody would again.
	 */
	volatile boolean done;

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

	/** Returns the newest of the batch, if that was served. */
	@Nullable Caller servedIn() {
		Caller current = this.batch;
		return (current != null && current.done) ? current : null;
	}

	void wakeTwoMore() {
		LockSupport.unpark((this.left != null) ? this.left.thread : null);
		LockSupport.unpark((this.right != null) ? this.right.thread : null);
		this.left = null;
		this.right = null;
	}

}
