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

	@Test
	void appendAtTheEndOfTheStackLeavesNoHoleThatNobodyKnowsOf() throws Exception {
		Journal journal = open(builder().segmentSize(1 << 20));
		journal.append(content(0));
		long done = EndOfStack.call(() -> journal.append(content(0)));
		FutureTask<Long> sync = new FutureTask<>(() -> journal.appendAndSync(content(0)));
		Thread.ofVirtual().start(sync);
		try {
			assertThat(sync.get(30, TimeUnit.SECONDS)).isEqualTo(done + 1);
			assertThat(journal.durableSequence()).isEqualTo(journal.nextSequence());
			assertThat(journal.failure()).isEmpty();
		}
		catch (ExecutionException ex) {
			assertThat(ex).hasCauseInstanceOf(JournalFailedException.class)
				.hasRootCauseInstanceOf(StackOverflowError.class);
			assertThat(journal.failure()).isPresent();
		}
	}

	/** Who has more stack can close it, and the next one can open it. */
	@Test
	void closeAtTheEndOfTheStackClosesAllOrNothing() throws Exception {
		open().close();
		for (int i = 0; i < EndOfStack.ROUNDS; i++) {
			Journal journal = open();
			journal.append(content(i));
			int closed = EndOfStack.call(i, () -> {
				journal.close();
				assertThat(journal.durableSequence()).isEqualTo(journal.nextSequence());
			});
			assertThat(closed).isPositive();
		}
		assertHolds(open(), 0, EndOfStack.ROUNDS);
	}

}
