package dev.yammap.spring.boot.swap;

import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * Who still uses a {@link FileVersion}: counts the calls that run a function over it, and
 * remembers the channels and views that were handed out of it. The counters are striped,
 * so that readers on many processors do not meet in one place.
 */
final class FileUsers {

	private final LongAdder entered = new LongAdder();

	private final LongAdder left = new LongAdder();

	/** A channel may be closed, but need not be. */
	private final List<WeakReference<FileChannel>> channels = new ArrayList<>();

	private volatile boolean lent;

	/**
	 * Begins a call. A version that is still the current one afterwards stays open until
	 * the call has {@linkplain #leave() ended}.
	 */
	void enter() {
		this.entered.increment();
		// What comes next is to look whether the version is the current one, and not
		// before others can see this call: an adder promises no such order.
		VarHandle.fullFence();
	}

	/** Ends a call. */
	void leave() {
		this.left.increment();
	}

	/**
	 * Remembers a channel that is handed out, by a call that is inside.
	 */
	FileChannel using(FileChannel channel) {
		synchronized (this.channels) {
			this.channels.removeIf(FileUsers::isUnused);
			this.channels.add(new WeakReference<>(channel));
		}
		return channel;
	}

	/**
	 * Tells whether there is a channel that is open and can be reached, where nobody is
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
	 * Tells whether no call is inside a version that is no longer the current one. Who
	 * left is counted first: each of them is among those who entered, so equal numbers
	 * mean that nobody was inside when the second count began.
	 */
	boolean isNobodyInside() {
		long left = this.left.sum();
		return this.entered.sum() == left;
	}

}
