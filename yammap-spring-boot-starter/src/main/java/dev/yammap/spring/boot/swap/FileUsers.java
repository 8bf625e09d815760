package dev.yammap.spring.boot.swap;

import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * Knows who still uses a {@link FileVersion}. It counts the calls that run a function
 * over the version, and remembers the channels and views that were taken from it. The
 * counters are striped, so that readers on many processors do not share one place.
 */
final class FileUsers {

	private final LongAdder entered = new LongAdder();

	private final LongAdder left = new LongAdder();

	/** The channels, held weakly: they may be closed, but need not be. */
	private final List<WeakReference<FileChannel>> channels = new ArrayList<>();

	private volatile boolean lent;

	/**
	 * Begins a call. If the version is still the current one afterwards, it stays open
	 * until the call has {@linkplain #leave() ended}.
	 */
	void enter() {
		this.entered.increment();
		// The caller looks next whether the version is the current one. Others must see
		// this call before that, and an adder does not promise that order.
		VarHandle.fullFence();
	}

	/** Ends a call. */
	void leave() {
		this.left.increment();
	}

	/**
	 * Remembers a channel that is handed out. The call must be inside.
	 */
	FileChannel using(FileChannel channel) {
		synchronized (this.channels) {
			this.channels.removeIf(FileUsers::isUnused);
			this.channels.add(new WeakReference<>(channel));
		}
		return channel;
	}

	/**
	 * Tells whether there is a channel that is open and can be reached. No call may be
	 * inside.
	 */
	boolean hasChannel() {
		synchronized (this.channels) {
			this.channels.removeIf(FileUsers::isUnused);
			return !this.channels.isEmpty();
		}
	}

	private static boolean isUnused(WeakReference<FileChannel> reference) {
		FileChannel channel = reference.get();
		return channel == null || !channel.isOpen();
	}

	/**
	 * Notes that a view is handed out, if the version is still the current one
	 * afterwards.
	 */
	void lend() {
		this.lent = true;
	}

	/**
	 * Tells whether a view was handed out of a version that is no longer the current one.
	 * Nobody gives it back.
	 */
	boolean isLent() {
		return this.lent;
	}

	/**
	 * Tells whether no call is inside a version that is no longer the current one. Calls
	 * that left are counted first. Each of them also entered, so equal numbers mean that
	 * no call was inside when the second count began.
	 */
	boolean isNobodyInside() {
		long left = this.left.sum();
		return this.entered.sum() == left;
	}

}
