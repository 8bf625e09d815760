package dev.yammap.spring.boot.registry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.yammap.journal.Journal;
import dev.yammap.spring.boot.JournalBuilderCustomizer;
import dev.yammap.spring.boot.path.DirectoryCreator;
import dev.yammap.spring.boot.tracking.TrackedJournal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.core.metrics.ApplicationStartup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the life of journals in {@link DefaultJournals}.
 */
class DefaultJournalsTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	private DefaultJournals journals(SyncObserverFactory observers) {
		JournalOpener opener = new JournalOpener(
				new StaticListableBeanFactory().getBeanProvider(JournalBuilderCustomizer.class),
				ApplicationStartup.DEFAULT, observers, new DirectoryCreator(true));
		return new DefaultJournals(List.of(), this.directory, StubRegistry.of(false), opener, null);
	}

	@Test
	void journalWhoseOpeningFailsLateIsClosed() throws IOException {
		DefaultJournals journals = journals((_) -> {
			throw new IllegalArgumentException("no observer");
		});
		assertThatExceptionOfType(UncheckedIOException.class)
			.isThrownBy(() -> journals.open("orders", (orders) -> orders.setPath("orders")))
			.withStackTraceContaining("no observer");
		assertThat(journals.names()).isEmpty();
		try (Journal orders = Journal.open(this.directory.resolve("orders"))) {
			assertThat(orders.append(new byte[1])).isZero();
		}
	}

	/** As another thread may do between the two. */
	@Test
	void listenerThatHearsOfTheEndFirstHearsOfItAgain() throws IOException {
		List<TrackedJournal> known = new ArrayList<>();
		DefaultJournals journals = journals((_) -> (call) -> call.sync());
		journals.addListener((TrackedJournal added) -> {
			try {
				journals.close(added.requiredSettings().name());
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		});
		journals.addListener(new RegistryListener<TrackedJournal>() {

			@Override
			public void added(TrackedJournal journal) {
				known.add(journal);
			}

			@Override
			public void removed(TrackedJournal journal) {
				known.remove(journal);
			}

		});
		journals.open("orders", (orders) -> orders.setPath("orders"));
		assertThat(known).isEmpty();
		assertThat(journals.names()).isEmpty();
	}

}
