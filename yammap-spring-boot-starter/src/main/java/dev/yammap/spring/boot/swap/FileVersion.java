package dev.yammap.spring.boot.swap;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.LockSupport;

import dev.yammap.Mmap;
import org.jspecify.annotations.Nullable;

/**
 * One opening of the file behind a {@link SwappableMmap}.
 * <p>
 * A version that was replaced may be closed once no view that was handed out of it can be
 * reached any more. Views refer only to their arena. So they get an arena of their own,
 * which refers to the version: then the garbage collector finds out when the last view,
 * and everything that was made from it, is gone. That takes a restricted method. Without
 * native access, which is also when files are mapped by the portable backend, a version
 * keeps the memory of its views until it is closed.
 */
final class FileVersion {

	private static final long CLOSE_PATIENCE_NANOS = 10_000_000_000L;

	private static final long CLOSE_RETRY_NANOS = 1_000_000L;

	private final Mmap file;

	private final FileUsers users = new FileUsers();

	private @Nullable Arena views;

	private boolean ended;

	FileVersion(Mmap file) {
		this.file = file;
	}

	Mmap file() {
		return this.file;
	}

	FileUsers users() {
		return this.users;
	}

	/**
	 * Tells whether the garbage collector can find out that a view is gone.
	 * @param view a view of the file
	 */
	static boolean isTraceable(MemorySegment view) {
		return !view.isMapped() && FileVersion.class.getModule().isNativeAccessEnabled();
	}

	/**
	 * Makes a view keep this version alive.
	 * @param view a view of the file that is {@linkplain #isTraceable traceable}
	 * @return the same view
	 * @throws IllegalStateException if the file is closed
	 */
	synchronized MemorySegment keptAliveBy(MemorySegment view) {
		if (this.ended) {
			throw new IllegalStateException(this.file.path() + " is closed");
		}
		return view.reinterpret(views(), null);
	}

	@SuppressWarnings("MustBeClosedChecker")
	private Arena views() {
		if (this.views == null) {
			this.views = Arena.ofShared();
			// The arena refers to the action at its end, and so to this version.
			MemorySegment.NULL.reinterpret(this.views, (_) -> this.ended = true);
		}
		return this.views;
	}

	/**
	 * Ends every view, then the file.
	 * @throws IOException if a native call held on to a view for longer than ten seconds,
	 * or as {@link Mmap#close()}; the call may be repeated
	 */
	void close() throws IOException {
		endViews();
		this.file.close();
	}

	/**
	 * Waits for native calls that use a view. After that there is no view, so no memory
	 * goes away under one.
	 */
	private synchronized void endViews() throws IOException {
		this.ended = true;
		long start = System.nanoTime();
		boolean interrupted = false;
		try {
			while (!tryToEndViews(System.nanoTime() - start > CLOSE_PATIENCE_NANOS)) {
				LockSupport.parkNanos(CLOSE_RETRY_NANOS);
				// A thread whose interrupt status is set cannot be parked.
				interrupted |= Thread.interrupted();
			}
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private boolean tryToEndViews(boolean last) throws IOException {
		try {
			if (this.views != null && this.views.scope().isAlive()) {
				this.views.close();
			}
			return true;
		}
		catch (IllegalStateException ex) {
			if (last) {
				throw new IOException("Cannot close " + this.file.path() + ": a native call still uses a view of"
						+ " it. Call close again when the call has ended", ex);
			}
			return false;
		}
	}

}
