package dev.yammap.spring.boot.registry;

import java.io.IOException;

import dev.yammap.spring.boot.path.DirectoryCreator;
import dev.yammap.spring.boot.tracking.TrackedJournal;

import org.springframework.core.metrics.ApplicationStartup;

/**
 * Opens journals for the registry, as their settings say.
 */
public final class JournalOpener extends ResourceOpener<TrackedJournal> {

	/**
	 * Creates an opener.
	 * @param startup what the opening of each journal is a step of
	 * @param directories what creates directories
	 */
	public JournalOpener(ApplicationStartup startup, DirectoryCreator directories) {
		super(startup, directories);
	}

	@Override
	Opening begin(TrackedJournal journal) {
		return new JournalOpening(journal);
	}

	private record JournalOpening(TrackedJournal journal) implements Opening {

		@Override
		public void prepare() {
			// A journal makes its own directory.
		}

		@Override
		public void open() throws IOException {
			this.journal.opened(this.journal.requiredSettings().builder().listener(this.journal).open());
		}

	}

}
