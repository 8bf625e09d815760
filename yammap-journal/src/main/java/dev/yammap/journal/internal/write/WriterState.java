package dev.yammap.journal.internal.write;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;

import dev.yammap.journal.JournalFailedException;
import org.jspecify.annotations.Nullable;

/**
 * Whether a journal takes records: until it is closed, or something failed after which
 * nobody knows what is on the disk. The first failure stays.
 */
public final class WriterState {

	private final Path journal;

	private volatile boolean ended;

	private @Nullable Throwable failure;

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
	 * Returns if nothing failed, whether the journal is closed or not: for calls that
	 * began before it was closed.
	 * @throws JournalFailedException if something did
	 */
	public void requireNotFailed() throws JournalFailedException {
		if (this.ended && failure() != null) {
			throw failed();
		}
	}

	/**
	 * Returns if the journal is open, failed or not.
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

	/** Records that something failed. */
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

	/** Returns what failed, or null. */
	public synchronized @Nullable Throwable failure() {
		return this.failure;
	}

}
