package dev.yammap.internal.sync;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * A program whose flush leaves not a byte of the heap free. The flush must be over all
 * the same, for those who wait for it and for those who come later.
 */
@NullMarked
final class ShortOfMemoryProgram {

	/** What fills the heap; kept, not read. */
	@SuppressWarnings("UnusedVariable")
	private volatile Object @Nullable [] hoard;

	private final CountDownLatch flushing = new CountDownLatch(1);

	private final CountDownLatch mayFill = new CountDownLatch(1);

	private final GroupCommit group = new GroupCommit(Path.of("journal"), new Device());

	private int flushes;

	public static void main(String[] arguments) throws Exception {
		new ShortOfMemoryProgram().run();
	}

	private void run() throws Exception {
		// Loads what a commit needs.
		this.group.commit(0, 1);
		Thread[] callers = new Thread[4];
		callers[0] = start();
		this.flushing.await();
		for (int i = 1; i < callers.length; i++) {
			callers[i] = start();
		}
		while (this.group.waiting() < callers.length - 1) {
			Thread.onSpinWait();
		}
		this.mayFill.countDown();
		while (isAnyAlive(callers)) {
			Thread.onSpinWait();
		}
		this.hoard = null;
		commit();
	}

	private static boolean isAnyAlive(Thread[] threads) {
		for (int i = 0; i < threads.length; i++) {
			if (threads[i].isAlive()) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Does not mind that a flush failed for lack of memory: what counts is that it ends.
	 */
	private void commit() {
		try {
			this.group.commit(0, 1);
		}
		catch (IOException | OutOfMemoryError ex) {
			// It ended.
		}
	}

	private Thread start() {
		Thread thread = new Thread(this::commit);
		thread.start();
		return thread;
	}

	/** Each array refers to the one before, so that nothing else need be allocated. */
	private void fill() {
		Object[] newest = new Object[1];
		this.hoard = newest;
		for (int length = 1 << 20; length >= 1; length /= 2) {
			newest = fill(newest, length);
		}
	}

	private static Object[] fill(Object[] first, int length) {
		Object[] newest = first;
		try {
			while (true) {
				Object[] next = new Object[length];
				newest[0] = next;
				newest = next;
			}
		}
		catch (OutOfMemoryError error) {
			return newest;
		}
	}

	/**
	 * Leaves no memory behind in its second flush, for which others wait, until the
	 * third.
	 */
	private final class Device implements GroupCommit.Target {

		@Override
		public void flush(long from, long to, int callers) throws IOException {
			ShortOfMemoryProgram program = ShortOfMemoryProgram.this;
			program.flushes++;
			if (program.flushes == 2) {
				program.flushing.countDown();
				try {
					program.mayFill.await();
				}
				catch (InterruptedException ex) {
					throw new InterruptedIOException();
				}
				fill();
			}
			else {
				program.hoard = null;
			}
		}

		@Override
		public void flushed(long nanos, int callers, @Nullable Throwable failure) {
		}

	}

}
