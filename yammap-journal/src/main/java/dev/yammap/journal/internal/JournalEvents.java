package dev.yammap.journal.internal;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.function.Consumer;

import dev.yammap.Mmap;
import dev.yammap.MmapListener;
import dev.yammap.journal.Journal;
import dev.yammap.journal.JournalDamagedException;
import dev.yammap.journal.JournalListener;
import org.jspecify.annotations.Nullable;

/**
 * Tells the listener of a journal what happens to it, once it is open: what recovery
 * flushes is no event.
 */
final class JournalEvents implements MmapListener {

	private static final System.Logger logger = System.getLogger("dev.yammap.journal");

	private final JournalListener listener;

	private volatile @Nullable Journal journal;

	JournalEvents(JournalListener listener) {
		this.listener = listener;
	}

	/** Sets whom the events are about. */
	void opened(Journal journal) {
		this.journal = journal;
	}

	@Override
	public void synced(Mmap segment, Duration duration, @Nullable IOException failure) {
		tell((journal) -> this.listener.synced(journal, duration, failure));
	}

	@Override
	public void coalesced(Mmap segment, int callers) {
		tell((journal) -> this.listener.coalesced(journal, callers));
	}

	/** An append to a journal that is closed is no failure of the journal. */
	IOException appendFailed(IOException failure) {
		if (!(failure instanceof ClosedChannelException)) {
			tell((journal) -> this.listener.appendFailed(journal, failure));
		}
		return failure;
	}

	void damaged(JournalDamagedException damage) {
		tell((journal) -> this.listener.damaged(journal, damage));
	}

	void readerOpened(String name) {
		tell((journal) -> this.listener.readerOpened(journal, name));
	}

	void closed() {
		tell(this.listener::closed);
	}

	private void tell(Consumer<Journal> event) {
		Journal journal = this.journal;
		if (journal != null) {
			try {
				event.accept(journal);
			}
			catch (RuntimeException | Error failure) {
				logger.log(System.Logger.Level.WARNING, "A listener of the journal " + journal.directory() + " failed",
						failure);
			}
		}
	}

}
