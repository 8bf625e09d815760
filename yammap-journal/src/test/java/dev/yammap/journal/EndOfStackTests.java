package dev.yammap.journal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
			assertThat(sync.get(1, TimeUnit.MINUTES)).isEqualTo(done + 1);
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

	@Test
	void openingAtTheEndOfTheStackLeavesNothingOpen() throws Exception {
		try (Journal journal = builder().open()) {
			// The last segment is more than half full, so the next one is made at once.
			appendTo(journal, 100);
		}
		builder().open().close();
		assertThat(EndOfStack.call(() -> builder().open().close())).isPositive();
		assertNothingIsMapped();
		assertHolds(open(), 0, 100);
	}

	@Test
	void readingJournalAtTheEndOfTheStackLeavesNothingOpen() throws Exception {
		appendTo(open(), 100);
		Journal.Builder reading = builder().options(StandardOpenOption.READ);
		reading.open().close();
		assertThat(EndOfStack.call(() -> reading.open().close())).isPositive();
		closeAll();
		assertNothingIsMapped();
	}

	@Test
	void readingJournalFindsItsEndAfterTheEndOfTheStack() throws Exception {
		Journal journal = open();
		appendTo(journal, 300);
		Journal reading = open(builder().options(StandardOpenOption.READ));
		assertThat(reading.nextSequence()).isEqualTo(300);
		for (int i = 0; i < EndOfStack.ROUNDS; i++) {
			// The end is in another segment each time.
			appendTo(journal, journal.nextSequence() + 150);
			assertThat(EndOfStack.call(i, reading::nextSequence)).isPositive();
			assertThat(reading.nextSequence()).isEqualTo(journal.nextSequence());
		}
		closeAll();
		assertNothingIsMapped();
	}

	private void assertNothingIsMapped() throws IOException {
		String mappings = Files.readString(Path.of("/proc/self/maps"), StandardCharsets.ISO_8859_1);
		assertThat(mappings.lines().filter((line) -> line.contains(directory().toString()))).isEmpty();
	}

}
