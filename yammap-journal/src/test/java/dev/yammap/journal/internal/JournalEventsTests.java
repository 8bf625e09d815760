package dev.yammap.journal.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.yammap.Mmap;
import dev.yammap.journal.Journal;
import dev.yammap.journal.JournalListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the engine reports of segments, as listeners of the journal hear it.
 */
class JournalEventsTests {

	@TempDir
	private Path temporary;

	@Test
	void listenersHearOfSharedFlushesOnceTheJournalIsOpen() throws IOException {
		List<String> heard = new ArrayList<>();
		JournalEvents events = new JournalEvents(List.of(new JournalListener() {

			@Override
			public void coalesced(Journal journal, int callers) {
				heard.add(journal.directory().getFileName() + " " + callers);
			}

		}));
		try (Mmap segment = Mmap.create(this.temporary.resolve("segment"), 1);
				Journal journal = Journal.open(this.temporary.resolve("journal"))) {
			events.coalesced(segment, 1);
			assertThat(heard).isEmpty();
			events.opened(journal);
			events.coalesced(segment, 3);
			assertThat(heard).containsExactly("journal 3");
		}
	}

}
