package dev.yammap.internal.file;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import dev.yammap.internal.os.BackendFile;
import dev.yammap.internal.os.CallThreads;
import dev.yammap.internal.os.EngineLogger;
import dev.yammap.internal.os.NativeResources;
import dev.yammap.internal.os.Printable;
import dev.yammap.internal.os.ProcessLimits;

/**
 * Finds files that are lost: nobody can reach them any more, so nobody can close them. It
 * logs that, and gives back what such a file holds of the system.
 * <p>
 * Views refer to the scope of the mappings, not to the file. So the scope is watched: it
 * can be reached as long as the file, a channel or a view can. What must be given back is
 * therefore known without the scope. If the backend cannot unmap without it, the file
 * itself is watched until the first view is handed out, and is then closed as by its
 * user. After that the scope is watched, and nobody can unmap the mappings any more.
 * <p>
 * An object may become unreachable while one of its methods still runs
 * ({@link Reference#reachabilityFence}). The descriptor could be closed, and the mappings
 * removed, during the last call of a file. So each such call ends with a fence that keeps
 * what is watched: calls of the operating system in {@link Lifecycle} and
 * {@link SizeLock}, loads and stores in the
 * {@link dev.yammap.internal.fault.FaultBarrier} behind them. A fence is no instruction:
 * it only makes the compiler keep a reference for longer.
 */
public final class LeakDetector {

	/** The system property that makes the log say where each lost file was opened. */
	private static final String TRACKING = "yammap.leak-tracking";

	/** Made when the first file is opened, as it starts a thread. */
	private static @Nullable Cleaner shared;

	private final Cleaner cleaner;

	private final BackendFile file;

	private Lost lost;

	private Cleaner.Cleanable cleanable;

	/** Whether the scope is watched. Only then may views be handed out. */
	private volatile boolean lent;

	/**
	 * Begins to watch.
	 * @param user an object that can be reached as long as the file can be used, other
	 * than through views
	 * @throws IOException if the thread that this takes cannot be started
	 */
	public LeakDetector(Path path, BackendFile file, Object user) throws IOException {
		this.cleaner = cleaner(path);
		this.file = file;
		Throwable opening = Boolean.getBoolean(TRACKING)
				? new Throwable("The file was opened here, by " + Thread.currentThread()) : null;
		NativeResources remains = file.remains();
		this.lent = remains.canUnmap();
		this.lost = new Lost(path, opening, this.lent ? remains : file);
		this.cleanable = this.cleaner.register(this.lent ? file.scope() : user, this.lost);
	}

	/**
	 * Starts the thread ahead of time; if it cannot be started, opening a file says so.
	 */
	public static void prepare() {
		try {
			cleaner();
		}
		catch (OutOfMemoryError error) {
			EngineLogger.get().log(Level.DEBUG, "No thread can be started to find lost files", error);
		}
	}

	private static Cleaner cleaner(Path path) throws IOException {
		try {
			return cleaner();
		}
		catch (OutOfMemoryError error) {
			throw new IOException("Cannot open " + Printable.of(path) + ": no thread can be started to find lost files"
					+ ProcessLimits.OF_THIS_PROCESS.ofThreads(), error);
		}
	}

	/** No class initializer does this: after a failure a later call tries again. */
	private static synchronized Cleaner cleaner() {
		Cleaner started = shared;
		if (started == null) {
			started = Cleaner.create((task) -> CallThreads.newThread(task, "yammap-cleaner"));
			shared = started;
		}
		return started;
	}

	/**
	 * Called before a view is handed out. The caller must keep what is watched reachable.
	 */
	public void lend() {
		if (!this.lent) {
			watchScope();
		}
	}

	private synchronized void watchScope() {
		if (!this.lent && this.lost.left == Left.EVERYTHING) {
			Lost before = this.lost;
			Cleaner.Cleanable registered = this.cleanable;
			Lost watched = new Lost(before.path, before.opening, this.file.remains());
			// If memory is short, this fails, and what is watched stays.
			this.cleanable = this.cleaner.register(this.file.scope(), watched);
			this.lost = watched;
			before.left = Left.NOTHING;
			registered.clean();
			this.lent = true;
		}
	}

	/** Called before the owner of the descriptor closes it. */
	public synchronized void closing() {
		this.lost.left = Left.MEMORY;
	}

	/** Called once nothing is left to give back. */
	public synchronized void ended() {
		this.lost.left = Left.NOTHING;
		this.cleanable.clean();
	}

	/** What a file still holds of the system. */
	private enum Left {

		EVERYTHING, MEMORY, NOTHING

	}

	/**
	 * What is done once the file cannot be reached. It must not refer to what is watched.
	 */
	private static final class Lost implements Runnable {

		private final Path path;

		private final @Nullable Throwable opening;

		private final NativeResources remains;

		private volatile Left left = Left.EVERYTHING;

		Lost(Path path, @Nullable Throwable opening, NativeResources remains) {
			this.path = path;
			this.opening = opening;
			this.remains = remains;
		}

		@Override
		public void run() {
			Left found = this.left;
			this.left = Left.NOTHING;
			try {
				giveBack(found);
			}
			catch (IOException | RuntimeException ex) {
				EngineLogger.get()
					.log(Level.WARNING, "Cannot release all that the lost file " + Printable.of(this.path) + " held",
							ex);
			}
			if (found == Left.EVERYTHING) {
				report();
			}
		}

		private void giveBack(Left found) throws IOException {
			try {
				if (found == Left.EVERYTHING) {
					this.remains.close();
				}
			}
			finally {
				if (found != Left.NOTHING) {
					this.remains.unmap();
				}
			}
		}

		private void report() {
			String memory = this.remains.canUnmap() ? ""
					: ", except its memory, which stays mapped because a view of it was handed out";
			String hint = (this.opening != null) ? "It was opened here"
					: "To see where it was opened, start Java with -D" + TRACKING + "=true";
			EngineLogger.get()
				.log(Level.WARNING, Printable.of(this.path) + " was lost without being closed, and is closed now"
						+ memory + ". Close every Mmap, for example by try-with-resources. " + hint, this.opening);
		}

	}

}
