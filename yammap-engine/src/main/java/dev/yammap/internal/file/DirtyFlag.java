package dev.yammap.internal.file;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.LongSupplier;

/**
 * Knows, without asking the operating system, whether anything was written through an
 * {@link dev.yammap.Mmap} that no sync has covered yet. A load and a branch behind each
 * write keep it up to date; a store only behind the first write after a sync, or else
 * threads that write would take the cache line from each other.
 * <p>
 * That load may pass the store of its own write, whose thread then finds the mark of an
 * earlier write and sets none, while a sync that removes the mark is too early for the
 * store. Keeping them in order would take a fence behind each write, 20 times as dear. So
 * the first sync after a write leaves a weaker mark, which asks for one sync more; by
 * then such a store, which cannot be later than the processor's store buffer is long, has
 * arrived.
 * <p>
 * It also knows whether the file's time of modification is older than what was written:
 * the kernel sets it when a page is written to that was clean, and not again while the
 * page is dirty. So it is set behind a sync, when latecomers have arrived, and before the
 * end.
 */
public final class DirtyFlag {

	private static final int NOTHING = 0;

	private static final int LATECOMERS = 1;

	/** There is something to sync, but the time of modification is that of it. */
	private static final int STAMPED = 2;

	private static final int SOMETHING = 3;

	/**
	 * The clock of files is no more exact on every kernel. Whoever sets the time has the
	 * kernel set it again at the next write, which makes the sync after that half as slow
	 * again. So syncs that follow closer leave it to a later one, or to the end.
	 */
	private static final long STAMP_NANOS = 10_000_000;

	private static final VarHandle MARK = mark();

	private final MappedFile file;

	private final LongSupplier clock;

	// Not an object of its own, whose way every write would have to go.
	private volatile int mark;

	private volatile boolean lent;

	/** When the time of modification was set last. */
	private volatile long stamped;

	/** Whether a sync left that to a later one. */
	private volatile boolean postponed;

	public DirtyFlag(MappedFile file) {
		this(file, SystemClock.INSTANCE);
	}

	public DirtyFlag(MappedFile file, LongSupplier clock) {
		this.file = file;
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
		if (viewsAreWritable()) {
			this.lent = true;
		}
	}

	/** Called after a view was lent for a moment, which may have been written to. */
	public void accessed() {
		if (viewsAreWritable()) {
			wrote();
		}
	}

	private boolean viewsAreWritable() {
		return this.file.isWritable() && !this.file.isAppend();
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

	/** The kernel sees to the time of what is appended; a lent view tells of nothing. */
	private boolean isUnstamped(int before) {
		return viewsAreWritable() && !this.file.isPrivate() && (this.lent || before == SOMETHING);
	}

	public boolean isAnything() {
		return this.lent || this.mark != NOTHING;
	}

	/**
	 * A class where a method reference would do costs the start of an application less.
	 */
	private static final class SystemClock implements LongSupplier {

		static final LongSupplier INSTANCE = new SystemClock();

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
