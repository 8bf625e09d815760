package dev.yammap.spring.boot.metrics;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Brings one thing into the state that it should have, step by step. Only one thread at a
 * time takes steps. Another one that comes meanwhile does not wait, as a step may call
 * the application, and that may wait for this other thread: the first thread takes the
 * steps for it.
 */
final class Steps {

	private final Supplier<@Nullable Runnable> next;

	/** How often somebody asked for steps since a thread began to take them. */
	private final AtomicInteger asked = new AtomicInteger();

	/**
	 * Creates the steps, and takes none.
	 * @param next returns the next step, or {@code null} if nothing is left to do
	 */
	Steps(Supplier<@Nullable Runnable> next) {
		this.next = next;
	}

	/**
	 * Takes all steps that are left, unless another thread is taking some: then it takes
	 * these, too. If a step fails, the others are still taken.
	 */
	void take() {
		if (this.asked.getAndIncrement() > 0) {
			return;
		}
		Throwable failure = null;
		int seen = 1;
		do {
			for (Runnable step = this.next.get(); step != null; step = this.next.get()) {
				failure = run(step, failure);
			}
			seen = this.asked.addAndGet(-seen);
		}
		while (seen > 0);
		switch (failure) {
			case RuntimeException ex -> throw ex;
			case Error error -> throw error;
			case null, default -> {
			}
		}
	}

	private static @Nullable Throwable run(Runnable step, @Nullable Throwable before) {
		try {
			step.run();
			return before;
		}
		catch (RuntimeException | Error ex) {
			if (before == null) {
				return ex;
			}
			before.addSuppressed(ex);
			return before;
		}
	}

}
