package dev.yammap.internal.file;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.LongSupplier;

/**
 * Knows, without asking the operating system, whether anything was written through an
 * {@link dev.yammap.Mmap} that no sync has covered yet. A load and a branch behind each
 * write keep it up to date. Only the first write after a sync stores: if each did,
 * threads that write would take the cache line from each other.
 * <p>
 * That load may overtake the store of its own write. The thread then finds the mark of an
 * earlier write, and sets none. If a sync removes that mark before the store arrives,
 * nothing says that the store is not synced. A fence behind each write would keep the
 * order, but costs 20 times as much. So the first sync after a write leaves a weaker
 * mark, which asks for one more sync. By then such a store has arrived: it cannot be
 * later than the processor's store buffer allows.
 * <p>
 * It also knows whether the file's time of modification is older than the last write: the
 * kernel sets the time when a clean page is written to, and not again while the page is
 * dirty. So the engine sets it after a sync, when late stores have arrived, and before
 * the file is closed.
 */
public final class DirtyFlag {

	private static final int NOTHING = 0;

	private static final int LATECOMERS = 1;

	/** There is something to sync, but the time of modification is up to date. */
	private static final int STAMPED = 2;

	private static final int SOMETHING = 3;

	/**
	 * How often the time is set at most. On some kernels the clock of files is not more
	 * exact. Once the time was set, the kernel sets it again at the next write, and the
	 * sync after that takes half as long again. So a sync that follows sooner leaves the
	 * time to a later sync, or to the end.
	 */
	private static final long STAMP_NANOS = 10_000_000;

	/** The clock of the virtual machine, in nanoseconds. */
	public static final LongSupplier CLOCK = new SystemClock();

	private static final VarHandle MARK = mark();

	/** Whether a view that is handed out can be written to. */
	private final boolean viewsAreWritable;

	/** Whether a store changes the file, which the kernel may not notice. */
	private final boolean stampable;

	private final LongSupplier clock;

	// A field instead of an object, as every write asks for it.
	private volatile int mark;

	private volatile boolean lent;

	/** When the time of modification was last set. */
	private volatile long stamped;

	/** Whether a sync has left the time of modification to a later one. */
	private volatile boolean postponed;

	public DirtyFlag(MappedFile file) {
		this(file, CLOCK);
	}

	public DirtyFlag(MappedFile file, LongSupplier clock) {
		this.viewsAreWritable = file.isWritable() && !file.isAppend();
		this.stampable = this.viewsAreWritable && !file.isPrivate();
		this.clock = clock;
		this.stamped = clock.getAsLong() - STAMP_NANOS;
		// A file just opened may hold what its last user did not sync, but no store is
		// on its way to it: one sync will do.
		this.mark = file.isWritable() ? LATECOMERS : NOTHING;
	}

	/** Called after each write, however it was done. */
	public void wrote() {
		if ((int) MARK.getOpaque(this) != SOMETHING) {
			MARK.setRelease(this, SOMETHING);
		}
	}

	/** Called before a view is handed out, which may be written to later. */
	public void lend() {
		if (this.viewsAreWritable) {
			this.lent = true;
		}
	}

	/** Called after a view was lent for a moment, which may have been written to. */
	public void accessed() {
		if (this.viewsAreWritable) {
			wrote();
		}
	}

	/**
	 * Called before the operating system syncs the whole file.
	 * @return whether the time of modification is to be set after that
	 */
	public boolean syncing() {
		int before;
		do {
			before = this.mark;
		}
		while (!MARK.compareAndSet(this, before, (before >= STAMPED) ? LATECOMERS : NOTHING));
		return isDue(isUnstamped(before));
	}

	/**
	 * Called before the operating system syncs a part of the file.
	 * @return whether the time of modification is to be set after that
	 */
	public boolean syncingPart() {
		return isDue(stamp());
	}

	/**
	 * Called before the end.
	 * @return whether the time of modification is to be set
	 */
	public boolean closing() {
		return stamp() || this.postponed;
	}

	private boolean stamp() {
		return isUnstamped(MARK.compareAndSet(this, SOMETHING, STAMPED) ? SOMETHING : NOTHING);
	}

	/** Called by one sync at a time. */
	private boolean isDue(boolean unstamped) {
		if (!unstamped && !this.postponed) {
			return false;
		}
		long now = this.clock.getAsLong();
		boolean due = now - this.stamped >= STAMP_NANOS;
		if (due) {
			this.stamped = now;
		}
		this.postponed = !due;
		return due;
	}

	/**
	 * Tells whether the time of modification is older than the last write. The kernel
	 * sets it for what is appended. A view that was lent does not tell of its writes.
	 */
	private boolean isUnstamped(int before) {
		return this.stampable && (this.lent || before == SOMETHING);
	}

	public boolean isAnything() {
		return this.lent || this.mark != NOTHING;
	}

	/**
	 * A class where a method reference would do costs the start of an application less.
	 */
	private static final class SystemClock implements LongSupplier {

		@Override
		public long getAsLong() {
			return System.nanoTime();
		}

	}

	private static VarHandle mark() {
		try {
			return MethodHandles.lookup().findVarHandle(DirtyFlag.class, "mark", int.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

}
