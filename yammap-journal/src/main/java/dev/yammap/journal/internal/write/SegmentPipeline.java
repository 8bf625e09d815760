package dev.yammap.journal.internal.write;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.ReentrantLock;

import dev.yammap.internal.fault.StackReserve;
import dev.yammap.journal.JournalFullException;
import dev.yammap.journal.internal.file.ControlFile;
import dev.yammap.journal.internal.file.JournalDirectory;
import dev.yammap.journal.internal.file.SegmentFile;
import org.jspecify.annotations.Nullable;

/**
 * Makes the next segment on a thread of its own, before it is needed. If that fails, the
 * next caller who needs the segment tries again.
 */
public final class SegmentPipeline {

	/** Enough to start a thread. */
	private static final int STACK_LEVELS = 32;

	private final JournalDirectory directory;

	private final ControlFile control;

	private final Retention retention;

	private final long segmentSize;

	private final ReentrantLock lock = new ReentrantLock();

	private volatile @Nullable FutureTask<SegmentFile> next;

	private long nextIndex;

	/**
	 * The next segment, once its file is durable. If a later step fails, it is not made
	 * anew: the control file may say that it is ready, and then it must be there.
	 */
	private volatile @Nullable SegmentFile made;

	private boolean closed;

	/**
	 * Creates a pipeline.
	 * @param spare a segment that is ready already, or null
	 * @param nextIndex the index of the next segment
	 */
	public SegmentPipeline(JournalDirectory directory, ControlFile control, Retention retention, long segmentSize,
			@Nullable SegmentFile spare, long nextIndex) {
		this.directory = directory;
		this.control = control;
		this.retention = retention;
		this.segmentSize = segmentSize;
		this.nextIndex = nextIndex;
		this.made = spare;
		if (spare != null) {
			FutureTask<SegmentFile> ready = new FutureTask<>(() -> hold(spare));
			ready.run();
			this.next = ready;
		}
	}

	/**
	 * Begins to make the next segment, unless that has begun. An append calls this after
	 * it has succeeded, so nothing is thrown if no thread can be started: whoever needs
	 * the segment meets that again.
	 */
	void prepare() {
		StackReserve.require(STACK_LEVELS);
		this.lock.lock();
		try {
			if (!this.closed) {
				FutureTask<SegmentFile> _ = start();
			}
		}
		catch (OutOfMemoryError error) {
			// No segment is being made then.
		}
		finally {
			this.lock.unlock();
		}
	}

	private FutureTask<SegmentFile> start() {
		this.lock.lock();
		try {
			FutureTask<SegmentFile> task = this.next;
			if (task == null) {
				long index = this.nextIndex;
				task = new FutureTask<>(() -> make(index));
				Thread.ofPlatform().daemon().name("yammap-journal-segment-" + index).start(task);
				// Only now: nobody may wait for a task that has no thread.
				this.next = task;
			}
			return task;
		}
		finally {
			this.lock.unlock();
		}
	}

	private SegmentFile make(long index) throws IOException {
		this.retention.makeRoom(this.segmentSize);
		SegmentFile segment = this.made;
		if (segment == null) {
			segment = SegmentFile.create(this.directory, this.control.journalId(), index, this.segmentSize);
			this.made = segment;
		}
		this.control.change((state) -> state.withReady(index));
		return hold(segment);
	}

	private static SegmentFile hold(SegmentFile segment) throws IOException {
		segment.acquire();
		return segment;
	}

	/**
	 * Returns the next segment, which is mapped. Waits for it if need be.
	 * @throws IOException if it cannot be made
	 */
	SegmentFile await() throws IOException {
		FutureTask<SegmentFile> before = this.next;
		if (before != null && before.state() == Future.State.FAILED) {
			// What was in the way then may be gone.
			forget(before);
		}
		return get(start());
	}

	/** Waits on after an interrupt: the segment is made all the same. */
	private static SegmentFile get(FutureTask<SegmentFile> task) throws IOException {
		boolean interrupted = false;
		try {
			while (true) {
				try {
					return task.get();
				}
				catch (InterruptedException ex) {
					interrupted = true;
				}
				catch (ExecutionException ex) {
					throw failure(Objects.requireNonNull(ex.getCause()));
				}
			}
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private static IOException failure(Throwable cause) {
		if (cause instanceof JournalFullException full) {
			return full;
		}
		return new IOException("The next segment cannot be made, so nothing was appended: " + cause.getMessage(),
				cause);
	}

	/** Forgets a task that failed, so that the next caller tries again. */
	private void forget(FutureTask<SegmentFile> task) {
		this.lock.lock();
		try {
			if (task.equals(this.next)) {
				this.next = null;
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Records that the segment is in use, so that the next one can be made. */
	void used() {
		this.lock.lock();
		try {
			this.next = null;
			this.made = null;
			this.nextIndex++;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Waits for the segment that is being made, and releases it. No segment is made from
	 * now on, as another process may have the journal.
	 */
	public void close() throws IOException {
		FutureTask<SegmentFile> task;
		this.lock.lock();
		try {
			this.closed = true;
			task = this.next;
			this.next = null;
		}
		finally {
			this.lock.unlock();
		}
		if (task != null) {
			SegmentFile unused = null;
			try {
				unused = get(task);
			}
			catch (IOException ex) {
				// It could not be made, and nobody needs it any more.
			}
			if (unused != null) {
				unused.release();
			}
		}
	}

}
