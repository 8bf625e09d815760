package dev.yammap.internal.os;

import java.lang.System.Logger.Level;
import java.nio.file.Path;

/**
 * What a growth writes behind the end of a file, and how that is taken back if the growth
 * fails.
 * <p>
 * Cutting a file puts its old size back, but no call cuts only what we wrote: another
 * process may have written behind it since anybody asked. So a file is cut only under an
 * exclusive lock of ours. Without one, what a failed call wrote stays, and its exception
 * says so. Used by one thread at a time.
 *
 * @param <X> how the calls of the operating system fail
 */
public abstract class UndoableGrowth<X extends Exception> {

	protected final Path path;

	/** Whether our lock says that nobody else writes. */
	protected final boolean alone;

	/** Where the current call began to write. */
	protected long start;

	/** How much it wrote there. */
	protected long written;

	/** Whether that is exact, or the most that it can be. */
	private boolean exact;

	/** Whether there may be blocks behind the end. */
	private boolean allocated;

	protected UndoableGrowth(Path path, boolean alone) {
		this.path = path;
		this.alone = alone;
	}

	/** Asks the operating system where the file ends. */
	protected abstract long end() throws X;

	/** Sets the size, which may cut off what is behind it. */
	protected abstract void setSize(long size) throws X;

	/** Called before anything is written. */
	protected final void begin() {
		this.written = 0;
		this.allocated = false;
	}

	/**
	 * Notes that the current call has blocks allocated behind the end: setting the size
	 * frees them, even to what it is.
	 */
	protected final void allocating() {
		this.allocated = true;
	}

	/** Notes what the current call has written so far. */
	protected final void wrote(long offset, long length) {
		this.start = offset;
		this.written = length;
		this.exact = true;
	}

	/** The same, where nobody tells exactly how much that is. */
	protected final void wroteAtMost(long offset, long length) {
		wrote(offset, length);
		this.exact = false;
	}

	/**
	 * Cuts off what was written last, if nobody else can have written since.
	 * @return whether it did
	 */
	public final boolean cut(long from, long to) throws X {
		boolean last = this.alone && end() == to;
		if (last) {
			setSize(from);
		}
		return last;
	}

	/**
	 * Puts the old size back, if nobody else can have written behind it.
	 * @param newSize the greatest size that this call can have made
	 * @return what stays in the file, for the message
	 */
	protected final String undo(long size, long newSize) {
		try {
			long end = this.alone ? end() : Long.MAX_VALUE;
			if (size <= end && end <= newSize) {
				if (end > size || this.allocated) {
					setSize(size);
				}
				return "";
			}
		}
		catch (Exception ex) {
			EngineLogger.get()
				.log(Level.WARNING, "The size of {0} could not be put back to {1} after a failed growth: {2}",
						Printable.of(this.path), size, ex.getMessage());
		}
		if (this.written == 0) {
			return "";
		}
		return this.exact ? Remedies.staying(this.written, this.start)
				: Remedies.stayingAtMost(this.written, this.start);
	}

}
