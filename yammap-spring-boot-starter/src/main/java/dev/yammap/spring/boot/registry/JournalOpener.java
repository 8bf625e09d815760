package dev.yammap.spring.boot.registry;

import java.io.IOException;
import java.util.List;
import java.util.Objects;

import dev.yammap.journal.Journal;
import dev.yammap.spring.boot.JournalBuilderCustomizer;
import dev.yammap.spring.boot.path.DirectoryCreator;
import dev.yammap.spring.boot.settings.JournalSettings;
import dev.yammap.spring.boot.tracking.TrackedJournal;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.metrics.ApplicationStartup;

/**
 * Opens journals for the registry, as their settings and the customizers say.
 */
public final class JournalOpener extends ResourceOpener<TrackedJournal> {

	private final ObjectProvider<JournalBuilderCustomizer> customizers;

	private final @Nullable SyncObserverFactory observers;

	/**
	 * Creates an opener.
	 * @param customizers get each builder before its journal is opened
	 * @param startup records the opening of each journal as a step
	 * @param observers returns the observer for the syncs of a journal, or {@code null}
	 * if they are not observed
	 * @param directories creates directories
	 */
	public JournalOpener(ObjectProvider<JournalBuilderCustomizer> customizers, ApplicationStartup startup,
			@Nullable SyncObserverFactory observers, DirectoryCreator directories) {
		super(startup, directories);
		this.customizers = customizers;
		this.observers = observers;
	}

	@Override
	Opening begin(TrackedJournal journal) {
		return new JournalOpening(journal, this.customizers.orderedStream().toList());
	}

	/**
	 * Wraps the journal if its syncs are observed. A journal that is only read is never
	 * synced.
	 */
	private Journal observed(JournalSettings settings, Journal journal) {
		return (this.observers != null && settings.isWritten())
				? new ObservedJournal(journal, settings.syncOnAppend(), this.observers.observerOf(settings)) : journal;
	}

	/**
	 * The opening of one journal. The customizers get its builder.
	 */
	private final class JournalOpening implements Opening {

		private final TrackedJournal journal;

		private final List<JournalBuilderCustomizer> customizers;

		private Journal.@Nullable Builder builder;

		JournalOpening(TrackedJournal journal, List<JournalBuilderCustomizer> customizers) {
			this.journal = journal;
			this.customizers = customizers;
		}

		@Override
		public void prepare() throws IOException {
			JournalSettings settings = this.journal.requiredSettings();
			Journal.Builder builder = settings.builder().listener(this.journal);
			for (JournalBuilderCustomizer customizer : this.customizers) {
				customize(settings, () -> customizer.customize(settings.name(), settings.path(), builder));
			}
			this.builder = builder;
		}

		@Override
		public void open() throws IOException {
			Journal opened = Objects.requireNonNull(this.builder).open();
			try {
				this.journal.opened(observed(this.journal.requiredSettings(), opened));
			}
			catch (RuntimeException | Error failure) {
				// Nobody else closes it, and until then its lock refuses the next
				// attempt.
				closeAfter(failure, opened);
				throw failure;
			}
		}

		private static void closeAfter(Throwable failure, Journal opened) {
			try {
				opened.close();
			}
			catch (IOException | RuntimeException ex) {
				failure.addSuppressed(ex);
			}
		}

	}

}
