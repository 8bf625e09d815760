package dev.yammap.internal.io;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

import dev.yammap.internal.file.Lifecycle;

/**
 * A lock of a range, for a channel; see {@link ChannelGroup}.
 * <p>
 * A thread that waits for the lock tries again and again. It must not wait in a system
 * call: neither an interrupt nor closing the channel could end that call, and the file
 * could not be closed meanwhile.
 */
final class RangeLock extends FileLock {

	private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

	private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

	private final ChannelGroup group;

	/**
	 * What releases the lock, while it is held. Written only by a thread that holds the
	 * monitor of this object.
	 */
	private volatile @Nullable Closeable held;

	RangeLock(FileChannel channel, ChannelGroup group, long position, long size, boolean shared) {
		super(channel, position, size, shared);
		this.group = group;
	}

	/**
	 * Takes the lock.
	 * @param waits whether to wait for it as long as necessary, or to try once
	 * @return {@code false} if another process, or another opening of the file, holds one
	 * that excludes it
	 * @throws FileLockInterruptionException if the thread that waits is interrupted;
	 * nothing is closed
	 * @throws AsynchronousCloseException if the channel or the file is closed meanwhile
	 */
	boolean take(boolean waits) throws IOException {
		boolean taken = false;
		try {
			long pause = 0;
			do {
				LockSupport.parkNanos(pause);
				if (waits && Thread.currentThread().isInterrupted()) {
					throw new FileLockInterruptionException();
				}
				taken = tryToTake();
				pause = Math.clamp(2 * pause, FIRST_PAUSE_NANOS, LONGEST_PAUSE_NANOS);
			}
			while (waits && !taken);
			return taken;
		}
		finally {
			if (!taken) {
				this.group.remove(this);
			}
		}
	}

	private boolean tryToTake() throws IOException {
		Closeable lock = tryToLock();
		synchronized (this) {
			if (acquiredBy().isOpen()) {
				this.held = lock;
				return lock != null;
			}
		}
		// The channel was closed before the lock was noted as held, so nobody else
		// releases it.
		if (lock != null) {
			this.group.unlock(lock);
		}
		throw new AsynchronousCloseException();
	}

	private @Nullable Closeable tryToLock() throws IOException {
		try {
			return this.group.tryLock(this);
		}
		catch (ClosedChannelException ex) {
			throw Lifecycle.closedMeanwhile(ex);
		}
	}

	@Override
	public boolean isValid() {
		return this.held != null && acquiredBy().isOpen();
	}

	@Override
	public void release() throws IOException {
		if (!acquiredBy().isOpen()) {
			throw new ClosedChannelException();
		}
		end();
	}

	/**
	 * Releases the lock if it is held: first in the operating system, then in the group.
	 * In the other order, another channel could lock the range in between, and lose it.
	 */
	synchronized void end() throws IOException {
		Closeable lock = this.held;
		if (lock != null) {
			this.group.unlock(lock);
			this.held = null;
			this.group.remove(this);
		}
	}

}
