package dev.yammap.internal.file;

import java.io.Closeable;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;

import org.jspecify.annotations.Nullable;

import dev.yammap.internal.fault.FaultBarrier;
import dev.yammap.internal.fault.StackReserve;
import dev.yammap.internal.os.BackendFile;
import dev.yammap.internal.os.IoCall;
import dev.yammap.internal.os.Printable;

/**
 * The life of a file, and its end. Calls of the operating system share a lock, and the
 * end takes it exclusively: so no call meets a descriptor or an address that already
 * belongs to somebody else. Nor is a lost file ended while a call is under way, see
 * {@link LeakDetector}.
 */
public final class Lifecycle {

	private static final long UNMAP_PATIENCE_NANOS = 10_000_000_000L;

	private static final long UNMAP_RETRY_NANOS = 1_000_000L;

	/**
	 * Enough to take the lock of calls, and to release it, which must not fail half-way.
	 */
	private static final int STACK_LEVELS = 16;

	private final BackendFile file;

	private final long patienceNanos;

	/** Once the end waits for this lock, no further call gets it. */
	private final ReentrantReadWriteLock calls = new ReentrantReadWriteLock();

	private volatile @Nullable LeakDetector watch;

	private volatile boolean closed;

	private boolean unmapped;

	public Lifecycle(BackendFile file) {
		this(file, UNMAP_PATIENCE_NANOS);
	}

	/**
	 * Creates the life of a file.
	 * @param patienceNanos how long to wait for a native call that uses a view
	 */
	public Lifecycle(BackendFile file, long patienceNanos) {
		this.file = file;
		this.patienceNanos = patienceNanos;
	}

	/**
	 * Ends opening: from now on the file is closed by its user, or found to be lost.
	 * @throws IOException if the file cannot be watched; then it counts as not opened
	 */
	public void watch(Path path) throws IOException {
		this.watch = new LeakDetector(path, this.file, this);
	}

	/**
	 * Called before a view is handed out, which may be the last thing that refers to the
	 * file.
	 */
	public void lend() {
		LeakDetector watching = this.watch;
		if (watching != null) {
			try {
				watching.lend();
			}
			finally {
				Reference.reachabilityFence(this);
			}
		}
	}

	private void requireOpen() throws ClosedChannelException {
		if (this.closed) {
			throw new ClosedChannelException();
		}
	}

	/**
	 * Makes the exception for a file that was closed while a call was under way. A call
	 * that changes the file may have done so by then. Whoever gets a plain
	 * {@link ClosedChannelException} instead may repeat the call elsewhere.
	 */
	public static AsynchronousCloseException closedMeanwhile(Exception cause) {
		if (cause instanceof AsynchronousCloseException known) {
			return known;
		}
		AsynchronousCloseException closed = new AsynchronousCloseException();
		closed.initCause(cause);
		return closed;
	}

	/**
	 * Returns or throws what an I/O call throws for a closed arena. If the file was
	 * closed, that is the exception of channels. Otherwise it was the arena of the
	 * caller's own buffer.
	 */
	public static IllegalStateException closedMeanwhile(MappedFile file, IllegalStateException ex)
			throws ClosedChannelException {
		if (file.isOpen()) {
			return ex;
		}
		throw closedMeanwhile(ex);
	}

	/**
	 * Runs something, and keeps the file from ending until it returns.
	 * @throws StackOverflowError before that, if there is too little stack
	 */
	public <T extends @Nullable Object> T whileOpen(IoCall<T> body) throws IOException {
		FaultBarrier.await();
		StackReserve.require(STACK_LEVELS);
		this.calls.readLock().lock();
		try {
			requireOpen();
			return body.call();
		}
		finally {
			this.calls.readLock().unlock();
			Reference.reachabilityFence(this);
		}
	}

	/**
	 * Ends the file. If one step fails, the others are still done, and no failure hides
	 * another.
	 * @see dev.yammap.Mmap#close()
	 */
	@SuppressWarnings("try")
	public void close(MappedFile state, FileGrowth growth) throws IOException {
		try (Closeable unmapping = this::unmap) {
			SizeLock lock = growth.lock();
			lock.lock();
			try (Closeable unlocking = lock::unlock; Closeable closing = this::closeDescriptor) {
				if (state.isOpen()) {
					growth.close();
				}
			}
		}
	}

	/** Closes the descriptor, once, when no call is under way. */
	public void closeDescriptor() throws IOException {
		this.calls.writeLock().lock();
		try {
			if (!this.closed) {
				this.closed = true;
				if (this.watch != null) {
					this.watch.closing();
				}
				this.file.close();
			}
		}
		finally {
			this.calls.writeLock().unlock();
			Reference.reachabilityFence(this);
		}
	}

	/** Removes the mappings, once. After a failure the call may be repeated. */
	public synchronized void unmap() throws IOException {
		try {
			if (!this.unmapped) {
				unmapPatiently();
				this.unmapped = true;
				if (this.watch != null) {
					this.watch.ended();
				}
			}
		}
		finally {
			Reference.reachabilityFence(this);
		}
	}

	/**
	 * Waits for native calls that use a view. An interrupt neither ends that nor is lost.
	 */
	private void unmapPatiently() throws IOException {
		long start = System.nanoTime();
		boolean interrupted = false;
		try {
			while (!tryToUnmap(System.nanoTime() - start > this.patienceNanos)) {
				LockSupport.parkNanos(UNMAP_RETRY_NANOS);
				// A thread that is interrupted cannot be parked.
				interrupted |= Thread.interrupted();
			}
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/**
	 * Tries to unmap. That fails while a native call uses a view; most such calls are
	 * short.
	 */
	private boolean tryToUnmap(boolean last) throws IOException {
		try {
			this.file.unmap();
			return true;
		}
		catch (IllegalStateException ex) {
			if (last) {
				throw new IOException(
						"Cannot unmap " + Printable.of(this.file) + ": a native call still uses a view of it."
								+ " Its memory stays mapped; call close again when the call has ended",
						ex);
			}
			return false;
		}
	}

}
