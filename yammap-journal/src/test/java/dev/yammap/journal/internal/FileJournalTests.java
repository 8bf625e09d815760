package dev.yammap.journal.internal;

import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import dev.yammap.journal.JournalFailedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What a journal makes of a file that is closed while it is open itself.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class FileJournalTests {

	/** Nobody may ever close the journal. */
	@Test
	void appendThatFindsASegmentClosedDoesNotWaitForACloseOfTheJournal(@TempDir Path directory) throws Exception {
		try (AbstractJournal journal = (AbstractJournal) new JournalOpener(directory).segmentSize(8192).open()) {
			journal.append(new byte[1]);
			journal.roll();
			journal.files().getFirst().unmap();
			assertThatExceptionOfType(JournalFailedException.class).isThrownBy(() -> journal.appendAndSync(new byte[1]))
				.withCauseInstanceOf(ClosedChannelException.class);
			assertThat(journal.isOpen()).isTrue();
			assertThat(journal.failure()).containsInstanceOf(ClosedChannelException.class);
		}
	}

}
