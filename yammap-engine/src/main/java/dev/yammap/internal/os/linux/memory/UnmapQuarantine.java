package dev.yammap.internal.os.linux.memory;

import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

import dev.yammap.internal.os.CallThreads;
import dev.yammap.internal.os.linux.call.CallMemory;
import dev.yammap.internal.os.linux.call.CallState;
import dev.yammap.internal.os.linux.call.Libc;
import dev.yammap.internal.os.linux.call.SystemCallException;
import dev.yammap.internal.os.linux.call.SystemCalls;

/**
 * Address space of closed files that is not given back at once. JDK 25 has a bug
 * (JDK-8364167): when an arena is closed, a thread that is in the middle of an access may
 * do it all the same, and would end the virtual machine if there were nothing at the
 * address. So the file goes, and empty memory comes in its place for a while: what such
 * an access reads nobody sees, as its thread is about to throw; what it writes is lost.
 * <p>
 * Nothing is charged for the empty memory before a page of it is touched. If the file was
 * only read, it is memory of no file that can only be read, which is quickest to get.
 * Memory that can be written to belongs to a file in memory: memory of no file would be
 * charged at once where the kernel promises no more than it has
 * ({@code vm.overcommit_memory=2}), and the heap could not grow meanwhile.
 * <p>
 * Once more every thread is made to stop, which ends such accesses: where the file could
 * be written to before it goes, as a store should reach it, else only before the memory
 * goes, for all that goes then. So who closes a file that was only read does not wait for
 * that.
 * <p>
 * A thread gives back what is due. It starts with the first file and not when one is
 * closed, as that may be where a process has all the mappings it may have, and a thread
 * needs some. It ends when no file is open and nothing is left: it must not keep the
 * classes of an application that was undeployed.
 */
public final class UnmapQuarantine {

	/**
	 * No thread is held up for longer in the middle of an access, unless the whole
	 * process is.
	 */
	private static final long PATIENCE_NANOS = 2_000_000_000L;

	/** How long a thread takes to end that has nothing to do. */
	private static final Duration MOMENT = Duration.ofMillis(500);

	/**
	 * Whatever the time, so that mappings and address space do not run out. Many, as on a
	 * busy machine an interpreted access may be held up longer than it takes to close
	 * some files, and goes on after every stop.
	 */
	private static final int MOST = 1_024;

	/** How many are given back when there are more: one stop of all threads will do. */
	private static final int BATCH = MOST / 2;

	private static final int NO_FILE = -1;

	private static final RunningTime TIME = new RunningTime(System::nanoTime);

	/** Of all files, the oldest first. */
	private static final Deque<Range> RANGES = new ArrayDeque<>();

	/** The last one that was started; guarded by {@link #RANGES}, as the next one. */
	private static @Nullable Thread unmapper;

	private static boolean running;

	/** How many files are mapped; guarded by {@link #RANGES}. */
	private static int files;

	private UnmapQuarantine() {
	}

	/** Called when a file gets its first mapping. */
	static void enter() {
		synchronized (RANGES) {
			files++;
			if (!running) {
				start();
			}
		}
	}

	/** Called when nothing of a file is mapped any more. */
	static void leave() {
		synchronized (RANGES) {
			files--;
			RANGES.notifyAll();
		}
	}

	/**
	 * Takes a file out of its mapping. Empty memory stays where it was accessed. Where
	 * that cannot be had the file stays there, and goes when the memory would.
	 * @param used how much of the mapping may have been accessed, in bytes, whole pages
	 * @param writable whether such an access may be a store
	 * @throws SystemCallException if nothing was accessed, and the mapping cannot be
	 * removed
	 */
	static void cover(Libc libc, CallMemory memory, long address, long length, long used, boolean writable)
			throws SystemCallException {
		long kept = removeUnused(libc, memory, address, length, used);
		if (kept > 0) {
			try {
				putMemory(libc, memory, address, used, writable);
			}
			catch (SystemCallException ex) {
				// The mapping is as it was.
			}
			add(new Range(libc, address, kept, TIME.nanos()));
		}
	}

	/** Nobody accessed it, so nothing need be there. Returns the length of the rest. */
	private static long removeUnused(Libc libc, CallState state, long address, long length, long used)
			throws SystemCallException {
		if (used == length) {
			return length;
		}
		try {
			libc.munmap(state, address + used, length - used);
			return used;
		}
		catch (SystemCallException ex) {
			if (used == 0) {
				throw ex;
			}
			// There is no room for one more mapping, as two halves would be.
			return length;
		}
	}

	/**
	 * The memory is had elsewhere first: a mapping that is made where another one is
	 * takes that away even if it fails then.
	 */
	private static void putMemory(Libc libc, CallMemory memory, long address, long length, boolean writable)
			throws SystemCallException {
		long empty = writable ? mapMemoryFile(libc, memory, length)
				: libc.mmap(memory, length, Libc.PROT_READ, Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS, NO_FILE);
		try {
			libc.mremap(memory, empty, length, address);
		}
		catch (SystemCallException ex) {
			libc.munmap(memory, empty, length);
			throw ex;
		}
	}

	private static long mapMemoryFile(Libc libc, CallMemory memory, long length) throws SystemCallException {
		int fd = SystemCalls.createMemory(libc, memory, memory.allocateFrom("yammap"));
		try {
			libc.ftruncate(memory, fd, length);
			return libc.mmap(memory, length, Libc.PROT_READ | Libc.PROT_WRITE, Libc.MAP_SHARED | Libc.MAP_NORESERVE,
					fd);
		}
		finally {
			close(libc, memory, fd);
		}
	}

	private static void close(Libc libc, CallState state, int fd) {
		try {
			libc.close(state, fd);
		}
		catch (SystemCallException ex) {
			// It is closed all the same, as close(2) says.
		}
	}

	private static void add(Range range) {
		synchronized (RANGES) {
			RANGES.add(range);
			if (RANGES.size() > MOST) {
				unmapOldest(BATCH);
			}
			RANGES.notifyAll();
		}
	}

	/**
	 * Starts the thread. Where none can be started the next one that opens a file tries
	 * again.
	 */
	private static void start() {
		try {
			Thread thread = CallThreads.newThread(UnmapQuarantine::giveBackInTime, "yammap-unmapper");
			thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
			thread.start();
			unmapper = thread;
			running = true;
		}
		catch (OutOfMemoryError error) {
			// So it is done as soon as somebody else can do it.
		}
	}

	private static void giveBackInTime() {
		try {
			for (Range oldest = awaitOldest(); oldest != null; oldest = awaitOldest()) {
				oldest.awaitDue();
				unmapDue();
			}
		}
		finally {
			synchronized (RANGES) {
				if (unmapper == Thread.currentThread()) {
					running = false;
				}
			}
		}
	}

	/** Returns the range that is due next, or ends the thread. */
	private static @Nullable Range awaitOldest() {
		synchronized (RANGES) {
			while (RANGES.isEmpty() && files > 0) {
				try {
					RANGES.wait();
				}
				catch (InterruptedException ex) {
					// Nobody has a reason to, and there is still something to do.
				}
			}
			Range oldest = RANGES.peekFirst();
			running = (oldest != null);
			return oldest;
		}
	}

	private static void unmapDue() {
		synchronized (RANGES) {
			unmapOldest((int) RANGES.stream().filter(Range::isDue).count());
		}
	}

	/** Called with the lock. */
	private static void unmapOldest(int count) {
		if (count > 0) {
			stopEveryThreadOnce();
		}
		for (int i = 0; i < count; i++) {
			RANGES.removeFirst().unmap();
		}
	}

	/**
	 * Which closing an arena does. A thread that was held up in the middle of an access
	 * has done it by then.
	 */
	static void stopEveryThreadOnce() {
		try (Arena _ = Arena.ofShared()) {
			// Nothing is needed of it, not even memory, which might be short.
		}
	}

	/**
	 * Waits until address space that is still kept may be given back, which is soon, and
	 * gives it back.
	 * @return whether there was any
	 */
	static boolean giveBack() {
		Range newest;
		synchronized (RANGES) {
			if (RANGES.isEmpty()) {
				return false;
			}
			newest = RANGES.getLast();
		}
		newest.awaitDue();
		unmapDue();
		return true;
	}

	/**
	 * Waits until what is kept now is given back, two seconds at most, and the thread
	 * that does so has ended, unless other files are open. An interrupt ends that no
	 * sooner, and is not lost.
	 */
	public static void awaitGivenBack() {
		giveBack();
		Thread last;
		synchronized (RANGES) {
			last = (files > 0) ? null : unmapper;
		}
		boolean interrupted = Thread.interrupted();
		try {
			if (last != null) {
				last.join(MOMENT);
			}
		}
		catch (InterruptedException ex) {
			interrupted = true;
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	private record Range(Libc libc, long address, long length, long since) {

		boolean isDue() {
			return TIME.nanos() - this.since >= PATIENCE_NANOS;
		}

		/** An interrupt changes nothing but the status of this thread. */
		void awaitDue() {
			AtomicBoolean interrupted = new AtomicBoolean();
			TIME.sleepUntil(this.since + PATIENCE_NANOS, (nanos) -> {
				LockSupport.parkNanos(this, nanos);
				interrupted.compareAndSet(false, Thread.interrupted());
			});
			if (interrupted.get()) {
				Thread.currentThread().interrupt();
			}
		}

		void unmap() {
			try (CallMemory memory = this.libc.memory()) {
				this.libc.munmap(memory, this.address, this.length);
			}
			catch (SystemCallException ex) {
				// Address space is lost, and nothing else.
			}
		}

	}

}
