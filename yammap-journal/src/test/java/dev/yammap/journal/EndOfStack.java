package dev.yammap.journal;

import java.io.IOException;
import java.time.Duration;

/**
 * Goes to the end of a stack, and calls something on the way back: with ever more stack,
 * from too little for any call until there is enough. Each round shifts all frames by
 * some bytes.
 */
public final class EndOfStack {

	private static final long STACK = 256 << 10;

	/** So many rounds differ. */
	static final int ROUNDS = 8;

	/**
	 * A round is over once so many calls had enough, or one failed for another reason.
	 */
	private static final int ENOUGH = 5;

	private static final Duration PATIENCE = Duration.ofMinutes(10);

	private final Call call;

	private int done;

	private boolean over;

	private EndOfStack(Call call) {
		this.call = call;
	}

	/**
	 * Calls in each round. Before that, the caller has called once, so that no class is
	 * loaded here.
	 * @return how many calls succeeded
	 */
	public static int call(Call call) throws InterruptedException {
		int done = 0;
		for (int i = 0; i < ROUNDS; i++) {
			done += call(i, call);
		}
		return done;
	}

	/**
	 * Calls in one round.
	 * @return how many calls succeeded
	 */
	static int call(int round, Call call) throws InterruptedException {
		// What the JDK needs to make a stack trace is loaded here, too.
		StackTraceElement[] _ = new Throwable().getStackTrace();
		EndOfStack end = new EndOfStack(call);
		Thread thread = new Thread(null, () -> end.start(round), "deep", STACK);
		thread.setDaemon(true);
		thread.start();
		if (!thread.join(PATIENCE)) {
			throw new AssertionError("A call waits for what an earlier one left locked");
		}
		return end.done;
	}

	private void start(int wide) {
		try {
			descend(wide, 1);
		}
		catch (StackOverflowError error) {
			// All calls are made.
		}
	}

	private long descend(int wide, long a) {
		long deeper = 0;
		try {
			deeper = (wide > 0) ? descendWide(wide - 1, a, deeper, 1, 2) : descend(0, a + 1);
		}
		catch (StackOverflowError error) {
			// This is the end.
		}
		callOnce();
		return deeper + a;
	}

	/** A frame that is wider shifts all that follow. */
	private long descendWide(int wide, long a, long b, long c, long d) {
		return descend(wide, a + 1) + a + b + c + d;
	}

	private void callOnce() {
		if (!this.over) {
			try {
				this.call.run();
				this.done++;
				this.over = this.done == ENOUGH;
			}
			catch (StackOverflowError error) {
				// The stack ends here.
			}
			catch (IOException ex) {
				this.over = true;
			}
		}
	}

	/** What is called. */
	@FunctionalInterface
	public interface Call {

		void run() throws IOException;

	}

}
