package dev.yammap.internal.os;

import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Makes calls of the operating system on threads of its own, for callers that must not
 * make them on theirs. There are two reasons:
 * <ul>
 * <li>A {@link java.nio.channels.FileChannel} closes itself for everyone if the thread
 * within it is interrupted, or was interrupted before. Nothing that a caller does to its
 * own thread prevents that. The threads of this class ignore interrupts.</li>
 * <li>A virtual thread within a downcall keeps its carrier, and so every other virtual
 * thread that could run there, until the call returns. A caller of this class is parked
 * instead, which frees the carrier. (The JDK adds a carrier for the time of such a call,
 * but only for itself.)</li>
 * </ul>
 * The first call starts the first thread. A thread that has nothing to do for a second
 * ends. There are as many threads as calls under way, so a device that does not answer
 * holds up only its own callers.
 */
public final class CallThreads {

	private static final ExecutorService THREADS = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 1, TimeUnit.SECONDS,
			new SynchronousQueue<>(), (task) -> prepared(new Worker(task)));

	private CallThreads() {
	}

	/**
	 * As {@link #call}, for an action that returns nothing.
	 */
	public static void run(IoCall.Action action) throws IOException {
		call(IoCall.of(action));
	}

	/**
	 * Makes a call and waits for its end. An interrupt in the meantime only sets the
	 * status of this thread.
	 * @throws IOException if the call throws it, or no thread can be started
	 */
	public static <T extends @Nullable Object> T call(Callable<T> call) throws IOException {
		Future<T> result;
		try {
			result = THREADS.submit(call);
		}
		catch (OutOfMemoryError error) {
			throw new NoThreadException(error);
		}
		return await(result);
	}

	/**
	 * Waits until a call has ended, whatever happens to this thread meanwhile. While the
	 * call is under way it uses memory and descriptors of its caller, which nobody else
	 * may use then.
	 */
	static <T extends @Nullable Object> T await(Future<T> result) throws IOException {
		boolean interrupted = false;
		try {
			while (true) {
				try {
					return result.get();
				}
				catch (InterruptedException ex) {
					interrupted = true;
				}
				catch (OutOfMemoryError | StackOverflowError error) {
					if (!result.isDone()) {
						// A thread that cannot sleep waits awake.
						Thread.onSpinWait();
					}
					else if (result.state() == Future.State.SUCCESS) {
						// It may be a descriptor, which nobody else would close.
						return result.resultNow();
					}
					else {
						throw error;
					}
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

	/**
	 * Makes a call that may wait for a device. If the caller is a virtual thread, a
	 * thread of this class makes the call; otherwise, or if no thread can be started, the
	 * caller's own does.
	 */
	public static <T extends @Nullable Object> T callFreeingCarrier(IoCall<T> call) throws IOException {
		if (Thread.currentThread().isVirtual()) {
			try {
				return call(call);
			}
			catch (NoThreadException ex) {
				// It is better to hold the carrier for a while than to fail.
			}
		}
		return call.call();
	}

	/**
	 * Makes a thread that is to be started at once. Every thread of the engine is made
	 * here. It inherits nothing from the thread that happens to need it first, as the
	 * application of that thread may end before.
	 * @throws OutOfMemoryError, like {@link Thread#start()}, if the process has nearly as
	 * many mappings as it may have: without enough mappings for the thread the virtual
	 * machine would end, see {@link ProcessLimits}
	 */
	public static Thread newThread(Runnable task, String name) {
		// This is a plain Thread: a class of the engine would never be unloaded while its
		// thread lives.
		return prepared(new Thread(rootGroup(), task, name, 0, false));
	}

	/**
	 * Returns the thread group of the virtual machine, which outlives each application.
	 */
	private static ThreadGroup rootGroup() {
		ThreadGroup group = Thread.currentThread().getThreadGroup();
		for (ThreadGroup parent = group.getParent(); parent != null; parent = group.getParent()) {
			group = parent;
		}
		return group;
	}

	/**
	 * Starts something, and does not wait for it.
	 * @return whether it was started; if not, no thread can be started
	 */
	public static boolean start(Runnable task) {
		try {
			THREADS.execute(task);
			return true;
		}
		catch (OutOfMemoryError | StackOverflowError error) {
			return false;
		}
	}

	@SuppressWarnings("ThreadPriorityCheck")
	private static Thread prepared(Thread thread) {
		if (!ProcessLimits.OF_THIS_PROCESS.allowThread()) {
			throw new OutOfMemoryError("No thread is started at the limit of mappings (vm.max_map_count)");
		}
		thread.setDaemon(true);
		thread.setPriority(Thread.NORM_PRIORITY);
		thread.setContextClassLoader(null);
		return thread;
	}

	/**
	 * Adds the stack of this thread to a failure on another thread. Otherwise nobody
	 * would know who asked for what.
	 */
	public static void addOwnStack(Throwable failure) {
		StackTraceElement[] there = failure.getStackTrace();
		StackTraceElement[] here = Thread.currentThread().getStackTrace();
		StackTraceElement[] both = Arrays.copyOf(there, there.length + here.length);
		System.arraycopy(here, 0, both, there.length, here.length);
		failure.setStackTrace(both);
	}

	private static IOException failure(Throwable cause) throws IOException {
		addOwnStack(cause);
		return switch (cause) {
			case IOException failure -> failure;
			case RuntimeException failure -> throw failure;
			case Error error -> throw error;
			default -> new IOException(cause);
		};
	}

	/** The call was not made, as no thread could be started for it. */
	public static final class NoThreadException extends IOException {

		private static final long serialVersionUID = 1L;

		NoThreadException(OutOfMemoryError cause) {
			super("No thread can be started for the call" + ProcessLimits.OF_THIS_PROCESS.ofThreads(), cause);
		}

	}

	/** A thread that waits for calls, and ends soon without them. */
	private static final class Worker extends Thread {

		Worker(Runnable task) {
			super(rootGroup(), task, "yammap-call", 0, false);
		}

		/** Does nothing. (A thread group can interrupt its threads, too.) */
		@Override
		public void interrupt() {
		}

	}

}
