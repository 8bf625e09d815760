package dev.yammap.journal.internal.write;

import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import dev.yammap.Advice;
import dev.yammap.Mmap;
import dev.yammap.internal.fault.StackReserve;
import org.jspecify.annotations.Nullable;

/**
 * Has the kernel make pages ready before records are written to them. The first store to
 * a page takes as long as some ten appends, and now and then a millisecond. So if records
 * come fast, another thread touches the pages ahead of them.
 * <p>
 * Touched pages are dirty, and the next sync writes them back as zeros. So nothing is
 * touched if records come slowly, or if somebody syncs often: after a sync each page has
 * to be made ready again.
 * <p>
 * If somebody syncs, the kernel should read pages in one by one instead. It takes the
 * records for sequential access, and reads in pieces that grow up to 2 MiB. When one page
 * of a piece is written to, ext4 marks all of the piece dirty (Linux 6.18). So each sync
 * would write 2 MiB.
 */
final class Pretoucher {

	/**
	 * Pages are touched so many bytes at a time, and no further ahead than twice that.
	 */
	static final int WINDOW = 1 << 20;

	/** Records come fast if they fill a window in less than this time. */
	static final long FAST = TimeUnit.MILLISECONDS.toNanos(50);

	private static final long IDLE_SECONDS = 1;

	/** Enough to start a thread: the executor has a lock. */
	private static final int STACK_LEVELS = 32;

	private final Executor executor;

	/** When the last window was filled, and the first number not durable at that time. */
	private volatile long lastTime = System.nanoTime() - FAST;

	private volatile long lastDurable = -1;

	/** The file whose pages are read in one by one. */
	private volatile @Nullable Mmap onePageAtATime;

	Pretoucher() {
		// There is one thread, while there is something to do. If it is busy, the next
		// window is left out: the thread is behind the appends, and would stay there.
		this(new ThreadPoolExecutor(0, 1, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(),
				Thread.ofPlatform()
					.daemon()
					.inheritInheritableThreadLocals(false)
					.name("yammap-journal-pretouch-", 0)
					.factory(),
				new ThreadPoolExecutor.DiscardPolicy()));
	}

	Pretoucher(Executor executor) {
		this.executor = executor;
	}

	/** Tells whether a record is the first one in a window. */
	static boolean isFirst(long offset, long behind) {
		return ((offset ^ behind) & -WINDOW) != 0;
	}

	/**
	 * Called by an append that filled a window. The append has succeeded, so this does
	 * not fail. If several threads call at a time, one of them counts.
	 * @param behind where the next record goes
	 * @param durable the first number that is not durable
	 * @param time the time of {@link System#nanoTime()}
	 */
	void filled(Mmap file, long behind, long durable, long time) {
		long before = this.lastDurable;
		boolean isFast = time - this.lastTime < FAST && durable == before;
		boolean isSynced = durable != before && before >= 0;
		this.lastTime = time;
		this.lastDurable = durable;
		long begin = (behind & -WINDOW) + WINDOW;
		long length = Math.min(WINDOW, file.size() - begin);
		if (isFast && length > 0) {
			execute(() -> touch(file, begin, length));
		}
		else if (isSynced && !isReadOneByOne(file)) {
			execute(() -> advise(file, Advice.RANDOM, file));
		}
	}

	private void execute(Runnable task) {
		StackReserve.require(STACK_LEVELS);
		try {
			this.executor.execute(task);
		}
		catch (OutOfMemoryError error) {
			// No thread can be started. The appends make the pages ready one by one.
		}
	}

	private void touch(Mmap file, long offset, long length) {
		if (isReadOneByOne(file)) {
			advise(file, Advice.NORMAL, null);
		}
		try {
			file.advise(Advice.POPULATE_WRITE, offset, length);
		}
		catch (IOException | UnsupportedOperationException ex) {
			// The segment is closed, there is no space, or the kernel cannot do this. An
			// append finds out.
		}
	}

	@SuppressWarnings("ReferenceEquality") // Each file equals itself alone.
	private boolean isReadOneByOne(Mmap file) {
		return file == this.onePageAtATime;
	}

	private void advise(Mmap file, Advice advice, @Nullable Mmap advised) {
		try {
			file.advise(advice);
			this.onePageAtATime = advised;
		}
		catch (IOException | UnsupportedOperationException ex) {
			// The same. Syncs are slower then, nothing else.
		}
	}

}
