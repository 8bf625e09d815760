package dev.yammap.journal.internal.write;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;

import dev.yammap.journal.JournalFailedException;
import org.jspecify.annotations.Nullable;

/**
 * Whether a journal takes records. It does until it is closed, or until something fails
 * after which nobody knows what is on the disk. The first failure is kept.
 */
public final class WriterState {

	private final Path journal;

	/**
	 * Set behind the failure if there is one. Both are also assigned where there may be
	 * no stack left for a call.
	 */
	volatile boolean ended;

	volatile @Nullable Throwable failure;

	private volatile boolean closed;

	public WriterState(Path journal) {
		this.journal = journal;
	}

	/**
	 * Returns if the journal takes records.
	 * @throws ClosedChannelException if it is closed
	 * @throws JournalFailedException if it failed
	 */
	public void check() throws IOException {
		if (this.ended) {
			throw reason();
		}
	}

	private synchronized IOException reason() {
		return this.closed ? new ClosedChannelException() : failed();
	}

	private JournalFailedException failed() {
		return new JournalFailedException("The journal " + this.journal
				+ " takes no more records and no syncs, as one of them failed: " + this.failure
				+ ". Remove the cause, close the journal, and open it again: that finds out which records are left",
				this.failure);
	}

	/**
	 * Returns if nothing failed, even if the journal is closed: for calls that began
	 * before the close.
	 * @throws JournalFailedException if something did
	 */
	public void requireNotFailed() throws JournalFailedException {
		if (this.ended && failure() != null) {
			throw failed();
		}
	}

	/**
	 * Returns if the journal is open, even if it failed.
	 * @throws ClosedChannelException if it is closed
	 */
	public void requireOpen() throws ClosedChannelException {
		if (this.closed) {
			throw new ClosedChannelException();
		}
	}

	public boolean isClosed() {
		return this.closed;
	}

	/** Ends all appends and syncs because of a failure. */
	public synchronized void fail(Throwable cause) {
		if (this.failure == null) {
			this.failure = cause;
		}
		this.ended = true;
	}

	/**
	 * Records that the journal is closed.
	 * @return whether it was open
	 */
	public synchronized boolean close() {
		boolean wasOpen = !this.closed;
		this.closed = true;
		this.ended = true;
		return wasOpen;
	}

	/** Returns the first failure, or null. */
	public @Nullable Throwable failure() {
		return this.failure;
	}

}
