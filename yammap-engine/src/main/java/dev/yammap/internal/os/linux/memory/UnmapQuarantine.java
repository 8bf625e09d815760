package dev.yammap.internal.os.linux.memory;

import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

import dev.yammap.internal.os.CallThreads;
import dev.yammap.internal.os.linux.call.CallMemory;
import dev.yammap.internal.os.linux.call.CallState;
import dev.yammap.internal.os.linux.call.Libc;
import dev.yammap.internal.os.linux.call.SystemCallException;

/**
 * Keeps address space of closed files for a while. JDK 25 has a bug (JDK-8364167): when
 * an arena is closed, a thread that is in the middle of an access may make that access
 * all the same. If nothing were mapped at the address, that would end the virtual
 * machine. So the file is unmapped, and empty memory takes its place for a while. What
 * such an access reads, nobody sees, as its thread is about to throw. What it writes is
 * lost.
 * <p>
 * The empty memory is charged only by the page that is touched. If the file was only
 * read, it is anonymous memory that can only be read, which is quickest to get. Memory
 * that can be written to belongs to a file in memory ({@code memfd_create(2)}). Anonymous
 * memory would be charged as a whole if the kernel promises no more than it has
 * ({@code vm.overcommit_memory=2}), and the heap could not grow meanwhile.
 * <p>
 * Such accesses end when every thread is made to stop once more. If the file could be
 * written to, that is done before the file is unmapped, so that a late store still
 * reaches it. Otherwise it is done only before the empty memory is unmapped, once for all
 * that goes then. So whoever closes a file that was only read does not wait for it.
 * <p>
 * A thread unmaps what is due. It starts with the first file, not when a file is closed:
 * by then the process may have all the mappings it may have, and a thread needs some. It
 * ends when no file is open and nothing is left, as it must not keep the classes of an
 * application that was undeployed.
 */
public final class UnmapQuarantine {

	/**
	 * No thread stays longer in the middle of an access, unless the whole process is held
	 * up.
	 */
	private static final long PATIENCE_NANOS = 2_000_000_000L;

	/** How long a thread with nothing left to do takes to end. */
	private static final Duration MOMENT = Duration.ofMillis(500);

	/**
	 * The most ranges that are kept, even before their time, so that mappings and address
	 * space do not run out. There may be many: on a busy machine an interpreted access
	 * may be held up for longer than it takes to close some files, and goes on after
	 * every stop.
	 */
	private static final int MOST = 1_024;

	/**
	 * How many are unmapped together when there are more. One stop of all threads is
	 * enough for them.
	 */
	private static final int BATCH = MOST / 2;

	static final RunningTime TIME = new RunningTime(System::nanoTime);

	/**
	 * Of all files, the oldest first. There is room for all from the start: when a
	 * mapping has been covered, there may be no memory for more.
	 */
	private static final Deque<Range> RANGES = new ArrayDeque<>(MOST + 1);

	/**
	 * The last thread that was started. Guarded by {@link #RANGES}, as is the next field.
	 */
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
	 * Takes a file out of its mapping. Empty memory takes its place where the file was
	 * accessed. If there is no memory left, the file stays there, and is unmapped when
	 * the memory would be.
	 * @param used how much of the mapping may have been accessed, in bytes, whole pages
	 * @param writable whether such an access may be a store
	 * @throws SystemCallException if nothing was accessed, and the mapping cannot be
	 * removed
	 */
	static void cover(Libc libc, CallMemory memory, long address, long length, long used, boolean writable)
			throws SystemCallException {
		long left = removeUnused(libc, memory, address, length, used);
		if (left > 0) {
			Range range = new Range(libc, address, left, TIME.nanos());
			try {
				putMemory(libc, memory, address, used, writable);
			}
			catch (SystemCallException | OutOfMemoryError ex) {
				// The mapping stays as it was.
			}
			add(range);
		}
	}

	/**
	 * Unmaps what nobody accessed: nothing need be there. Returns the length of the rest.
	 */
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
			// To split the mapping takes one more, and there is no room for it.
			return length;
		}
	}

	/**
	 * Maps the memory elsewhere first, and then moves it. A new mapping in the place of
	 * another one removes that, even if it then fails itself.
	 */
	private static void putMemory(Libc libc, CallMemory memory, long address, long length, boolean writable)
			throws SystemCallException {
		long empty = writable ? mapMemoryFile(libc, memory, length)
				: libc.mmap(memory, length, Libc.PROT_READ, Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS, -1);
		try {
			libc.mremap(memory, empty, length, address);
		}
		catch (SystemCallException ex) {
			libc.munmap(memory, empty, length);
			throw ex;
		}
	}

	private static long mapMemoryFile(Libc libc, CallMemory memory, long length) throws SystemCallException {
		int fd = libc.createMemory(memory, memory.allocateFrom("yammap"));
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

	private static void start() {
		try {
			Thread thread = CallThreads.newThread(UnmapQuarantine::giveBackInTime, "yammap-unmapper");
			thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
			thread.start();
			unmapper = thread;
			running = true;
		}
		catch (OutOfMemoryError error) {
			// It is tried again with the next file.
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

	/** Returns the range that is due next, or {@code null} to end the thread. */
	private static @Nullable Range awaitOldest() {
		synchronized (RANGES) {
			while (RANGES.isEmpty() && files > 0) {
				try {
					RANGES.wait();
				}
				catch (InterruptedException ex) {
					// Nobody has a reason to interrupt this thread, and it still has
					// something to do.
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
			try (CallMemory memory = RANGES.getFirst().libc.memory()) {
				RANGES.removeFirst().unmap(memory);
			}
		}
	}

	/**
	 * Stops every thread once, as closing any arena does. A thread that was held up in
	 * the middle of an access has made the access by then.
	 */
	static void stopEveryThreadOnce() {
		try (Arena _ = Arena.ofShared()) {
			// The arena allocates nothing: memory might be short.
		}
	}

	/**
	 * Waits until all address space that is kept now is due, which is soon, and unmaps
	 * it.
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
	 * Waits until everything that is kept now has been unmapped, two seconds at most. If
	 * no other file is open, it also waits until the thread has ended. An interrupt does
	 * not end the wait, and is not lost.
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

		void awaitDue() {
			TIME.sleepUntil(this.since + PATIENCE_NANOS, (nanos) -> LockSupport.parkNanos(this, nanos));
		}

		void unmap(CallState state) {
			try {
				this.libc.munmap(state, this.address, this.length);
			}
			catch (SystemCallException ex) {
				// This loses some address space, and nothing else.
			}
		}

	}

}
