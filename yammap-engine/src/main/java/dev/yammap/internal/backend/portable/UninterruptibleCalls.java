package dev.yammap.internal.backend.portable;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import dev.yammap.internal.backend.ProcessLimits;

/**
 * Runs calls of a {@link java.nio.channels.FileChannel} where nobody can interrupt them.
 * A channel closes itself for everyone if the thread within it is interrupted, or was
 * before; nothing that a caller does to its own thread prevents that. So such calls,
 * which are rare and slow anyway, run on threads of this class, which ignore interrupts.
 * A thread that has nothing to do for a second ends.
 */
final class UninterruptibleCalls {

	private static final ExecutorService THREADS = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 1, TimeUnit.SECONDS,
			new SynchronousQueue<>(), Worker::new);

	private UninterruptibleCalls() {
	}

	/** As {@link #call}, where there is nothing to return. */
	static void run(Action action) throws IOException {
		call(() -> {
			action.run();
			return null;
		});
	}

	/**
	 * Makes a call and waits for its end; an interrupt meanwhile changes nothing but the
	 * status of this thread.
	 */
	static <T extends @Nullable Object> T call(Callable<T> call) throws IOException {
		Future<T> result = submit(call);
		boolean interrupted = false;
		try {
			while (true) {
				try {
					return result.get();
				}
				catch (InterruptedException ex) {
					interrupted = true;
				}
			}
		}
		catch (ExecutionException ex) {
			throw failure(Objects.requireNonNullElse(ex.getCause(), ex));
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private static <T extends @Nullable Object> Future<T> submit(Callable<T> call) throws IOException {
		try {
			return THREADS.submit(call);
		}
		catch (OutOfMemoryError error) {
			throw new IOException("No thread can be started for it" + ProcessLimits.ofThreads(), error);
		}
	}

	private static IOException failure(Throwable cause) throws IOException {
		return switch (cause) {
			case IOException failure -> failure;
			case RuntimeException failure -> throw failure;
			case Error error -> throw error;
			default -> new IOException(cause);
		};
	}

	/** What is done there. */
	@FunctionalInterface
	interface Action {

		void run() throws IOException;

	}

	private static final class Worker extends Thread {

		Worker(Runnable task) {
			super(null, task, "yammap-call", 0, false);
			setDaemon(true);
			setContextClassLoader(null);
		}

		/** Also a thread group can interrupt its threads. */
		@Override
		public void interrupt() {
		}

	}

}
