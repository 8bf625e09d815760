package dev.yammap.internal.backend.linux;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;

/**
 * Address space of closed files that is not given back at once. JDK 25 has a bug
 * (JDK-8364167): when an arena is closed, a thread that is in the middle of an access may
 * do it all the same, and would end the virtual machine if there were nothing at the
 * address. So the file goes, and empty memory comes in its place for a while: what such
 * an access reads nobody sees, as its thread is about to throw; what it writes is lost.
 */
final class CoveredRanges {

	/** No thread is held up for longer in the middle of an access. */
	private static final long PATIENCE_NANOS = 2_000_000_000L;

	/** Whatever the time, so that address space does not run out. */
	private static final int MOST = 64;

	/** Of all files, the oldest first. */
	private static final Deque<Range> RANGES = new ArrayDeque<>();

	private CoveredRanges() {
	}

	/**
	 * Takes a file out of its mapping and leaves empty memory there.
	 * @throws SystemCallException if that cannot be had; the mapping is as it was
	 */
	static void cover(Libc libc, CallState state, long address, long length) throws SystemCallException {
		libc.mapEmpty(state, address, length);
		synchronized (RANGES) {
			RANGES.add(new Range(libc, address, length, System.nanoTime()));
			while (!RANGES.isEmpty() && isDue(RANGES.getFirst())) {
				RANGES.removeFirst().unmap(state);
			}
		}
	}

	/**
	 * Waits until address space that is still kept may be given back, which is soon, and
	 * gives it back.
	 * @return whether there was any
	 */
	static boolean giveBack(CallState state) {
		Range newest;
		synchronized (RANGES) {
			if (RANGES.isEmpty()) {
				return false;
			}
			newest = RANGES.getLast();
		}
		newest.awaitDue();
		synchronized (RANGES) {
			while (!RANGES.isEmpty() && isDue(RANGES.getFirst())) {
				RANGES.removeFirst().unmap(state);
			}
		}
		return true;
	}

	private static boolean isDue(Range oldest) {
		return RANGES.size() > MOST || oldest.nanosLeft() <= 0;
	}

	private record Range(Libc libc, long address, long length, long since) {

		long nanosLeft() {
			return PATIENCE_NANOS - (System.nanoTime() - this.since);
		}

		/** An interrupt changes nothing but the status of this thread. */
		void awaitDue() {
			boolean interrupted = false;
			for (long left = nanosLeft(); left > 0; left = nanosLeft()) {
				LockSupport.parkNanos(this, left);
				interrupted |= Thread.interrupted();
			}
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}

		void unmap(CallState state) {
			try {
				this.libc.munmap(state, this.address, this.length);
			}
			catch (SystemCallException ex) {
				// Address space is lost, and nothing else.
			}
		}

	}

}
