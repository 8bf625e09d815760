package dev.yammap.spring.boot.support;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Other threads of a test. Nothing waits for them for ever: if they wait for each other,
 * the test fails.
 */
public final class Threads {

	private static final long PATIENCE_MINUTES = 5;

	private Threads() {
	}

	public static <T> FutureTask<T> start(Callable<T> call) {
		FutureTask<T> task = new FutureTask<>(call);
		Thread.ofPlatform().daemon().start(task);
		return task;
	}

	public static <T> T result(FutureTask<T> task) throws Exception {
		return task.get(PATIENCE_MINUTES, TimeUnit.MINUTES);
	}

	/** Waits until something holds that other threads bring about. */
	public static void await(Callable<Boolean> condition) {
		Awaitility.await().atMost(PATIENCE_MINUTES, TimeUnit.MINUTES).until(condition);
	}

	/** Calls in another thread, and waits for that. */
	public static <T> T inThread(Callable<T> call) throws Exception {
		return result(start(call));
	}

	public static @Nullable Throwable failure(FutureTask<?> task) {
		try {
			result(task);
			return null;
		}
		catch (ExecutionException ex) {
			return ex.getCause();
		}
		catch (Exception ex) {
			return ex;
		}
	}

	public static void await(CountDownLatch latch) throws InterruptedException {
		assertThat(latch.await(PATIENCE_MINUTES, TimeUnit.MINUTES)).isTrue();
	}

	/** Calls where nothing checked may be thrown. */
	public static <T> T get(Callable<T> call) {
		try {
			return call.call();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

}
