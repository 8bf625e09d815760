package dev.yammap.journal;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A thread whose stack ends somewhere in a call. Others must not wait for it for ever.
 */
class EndOfStackTests extends AbstractJournalTests {

	private static final long STACK = 256 << 10;

	private static final int ROUNDS = 24;

	private static final int CALLS = 60;

	private int left;

	private long done;

	/** Goes to the end of the stack, and calls on the way back. */
	private long descend(int wide, Call call, long a) {
		long deeper = 0;
		try {
			deeper = (wide > 0) ? descendWide(wide - 1, call, a, deeper, 1, 2) : descend(0, call, a + 1);
		}
		catch (StackOverflowError error) {
			// This is the end.
		}
		callOnce(call);
		return deeper + a;
	}

	/** A frame that is wider shifts all that follow. */
	private long descendWide(int wide, Call call, long a, long b, long c, long d) {
		return descend(wide, call, a + 1) + a + b + c + d;
	}

	private void callOnce(Call call) {
		if (this.left > 0) {
			this.left--;
			try {
				call.run();
				this.done++;
			}
			catch (StackOverflowError | IOException ex) {
				// The stack ends here, or has ended for good.
			}
		}
	}

	private void callAtTheEndOfTheStack(Call call) throws InterruptedException {
		for (int i = 0; i < ROUNDS; i++) {
			int wide = i;
			this.left = CALLS;
			Thread thread = new Thread(null, () -> {
				try {
					descend(wide, call, 1);
				}
				catch (StackOverflowError error) {
					// The same.
				}
			}, "deep", STACK);
			thread.start();
			thread.join();
		}
	}

	@Test
	void appendAtTheEndOfTheStackLeavesNoHoleThatNobodyKnowsOf() throws Exception {
		Journal journal = open(builder().segmentSize(1 << 20));
		journal.append(content(0));
		callAtTheEndOfTheStack(() -> journal.append(content(0)));
		FutureTask<Long> sync = new FutureTask<>(() -> journal.appendAndSync(content(0)));
		Thread.ofVirtual().start(sync);
		try {
			assertThat(sync.get(30, TimeUnit.SECONDS)).isEqualTo(this.done + 1);
			assertThat(journal.durableSequence()).isEqualTo(journal.nextSequence());
			assertThat(journal.failure()).isEmpty();
		}
		catch (ExecutionException ex) {
			assertThat(ex).hasCauseInstanceOf(JournalFailedException.class)
				.hasRootCauseInstanceOf(StackOverflowError.class);
			assertThat(journal.failure()).isPresent();
		}
	}

	private interface Call {

		void run() throws IOException;

	}

}
