package dev.yammap.internal.backend.linux;

import java.util.ArrayDeque;
import java.util.Deque;

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

	private static boolean isDue(Range oldest) {
		return RANGES.size() > MOST || System.nanoTime() - oldest.since > PATIENCE_NANOS;
	}

	private record Range(Libc libc, long address, long length, long since) {

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
