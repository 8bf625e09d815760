package dev.yammap.internal.sync;

import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * A thread that waits for a flush of a {@link GroupCommit}: first on its stack, then in a
 * batch. A batch is what one flush serves, and its newest caller holds what is known of
 * that flush.
 */
final class Caller {

	final Thread thread = Thread.currentThread();

	final long from;

	final long to;

	/** The caller below on the stack. Written before the push, as the next field. */
	@Nullable Caller below;

	/** How many callers are on the stack, this one and those below. */
	int position;

	/** The callers to wake. This and the next field are written before the batch. */
	@Nullable Caller left;

	@Nullable Caller right;

	/** Whether a leader has passed the state GATHERING on to this caller. */
	volatile boolean appointed;

	/** The newest caller of the batch. It is valid once that caller is {@link #done}. */
	volatile @Nullable Caller batch;

	boolean interrupted;

	/**
	 * The thread that flushed for the batch. This and the next fields are set in its
	 * newest caller alone.
	 */
	@Nullable Thread leader;

	@Nullable Throwable failed;

	/** Whether no flush was tried, as an earlier one had failed. */
	boolean refused;

	long nanos;

	/**
	 * Set once for the whole batch. Otherwise one caller could leave, and wake another
	 * that does not yet know that it was served. That one would sleep again, and nobody
	 * would wake it.
	 */
	volatile boolean done;

	Caller(long from, long to) {
		this.from = from;
		this.to = to;
	}

	/**
	 * Sets which callers each one wakes, from this one down the stack: the n-th wakes the
	 * 2n-th and the one after that.
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

	/**
	 * Returns the newest caller of the batch, or {@code null} if the batch was not served
	 * yet.
	 */
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
