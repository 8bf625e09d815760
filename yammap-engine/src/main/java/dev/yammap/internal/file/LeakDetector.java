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
 * Watches that a file is not lost: if nobody can use it any more, and so nobody can close
 * it, that is logged, and what it holds of the system is given back.
 * <p>
 * Views refer to the scope of the mappings, not to the file. So it is the scope that is
 * watched, which can be reached as long as the file, a channel or a view can, and what is
 * given back then must be known without it. Where the backend cannot unmap so, the file
 * itself is watched until the first view is handed out, and is closed as by its user;
 * after that the scope is watched, and the mappings are beyond everybody's reach.
 * <p>
 * To be within a method of an object does not keep that object
 * ({@link Reference#reachabilityFence}): the descriptor could be closed, and the mappings
 * removed, under the last call of a file. So each such call ends with a fence that keeps
 * what is watched: those of the operating system in {@link Lifecycle} and
 * {@link SizeLock}, loads and stores in {@link dev.yammap.internal.io.Transfers},
 * {@link dev.yammap.internal.io.Values} and {@link dev.yammap.internal.io.SlowPath}. A
 * fence is no instruction; it only has the compiler remember a reference for longer.
 */
public final class LeakDetector {

	/** Whether it is remembered where each file was opened, for the log. */
	private static final String TRACKING = "yammap.leak-tracking";

	/** Made when the first file is opened, as it has a thread. */
	private static @Nullable Cleaner shared;

	private final Cleaner cleaner;

	private final BackendFile file;

	private Lost lost;

	private Cleaner.Cleanable cleanable;

	/** Whether the scope is watched, so that views may be handed out. */
	private volatile boolean lent;

	/**
	 * Begins to watch.
	 * @param path the file
	 * @param file the file as the backend has it
	 * @param user what can be reached as long as the file can be used, but by views
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
			throw new IOException(
					"Cannot open " + path + ": no thread can be started to find lost files" + ProcessLimits.ofThreads(),
					error);
		}
	}

	/** A failure may be tried again, so this is no class that holds a constant. */
	private static synchronized Cleaner cleaner() {
		Cleaner started = shared;
		if (started == null) {
			started = Cleaner.create((task) -> CallThreads.newThread(task, "yammap-cleaner"));
			shared = started;
		}
		return started;
	}

	/**
	 * Ends a load or store: what is given here can be reached until then. One that threw
	 * is over, so this need not be in a {@code finally} block; and it stands before the
	 * {@link dev.yammap.internal.fault.FaultBarrier}, across which nothing need be kept.
	 */
	@SuppressWarnings("ReachabilityFenceUsage")
	public static void keep(Object user) {
		Reference.reachabilityFence(user);
	}

	/** Called before a view is handed out, by who keeps what is watched. */
	public void lend() {
		if (!this.lent) {
			watchScope();
		}
	}

	private synchronized void watchScope() {
		if (!this.lent && this.lost.left == Left.EVERYTHING) {
			Lost before = this.lost;
			Cleaner.Cleanable registered = this.cleanable;
			this.lost = new Lost(before.path, before.opening, this.file.remains());
			this.cleanable = this.cleaner.register(this.file.scope(), this.lost);
			before.left = Left.NOTHING;
			registered.clean();
			this.lent = true;
		}
	}

	/** Called before the descriptor is closed by whom it belongs to. */
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
	 * What is done when the file cannot be reached. Nothing in it leads to what is
	 * watched.
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
				.log(Level.WARNING, Printable.of(this.path) + " was lost without having been closed, and is closed now"
						+ memory + ". Close every Mmap, for example by try-with-resources. " + hint, this.opening);
		}

	}

}
