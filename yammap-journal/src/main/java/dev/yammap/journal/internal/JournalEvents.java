package dev.yammap.journal.internal;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;

import dev.yammap.Mmap;
import dev.yammap.MmapListener;
import dev.yammap.journal.Journal;
import dev.yammap.journal.JournalDamagedException;
import dev.yammap.journal.JournalListener;
import org.jspecify.annotations.Nullable;

/**
 * Tells the listeners of a journal what happens to it once it is open. Flushes of
 * recovery are not reported.
 */
final class JournalEvents implements MmapListener {

	private static final System.Logger logger = System.getLogger("dev.yammap.journal");

	private final List<JournalListener> listeners;

	private volatile @Nullable Journal journal;

	JournalEvents(List<JournalListener> listeners) {
		this.listeners = List.copyOf(listeners);
	}

	/** Sets the journal; from now on its events are reported. */
	void opened(Journal journal) {
		this.journal = journal;
	}

	@Override
	public void synced(Mmap segment, Duration duration, @Nullable IOException failure) {
		tell((listener, journal) -> listener.synced(journal, duration, failure));
	}

	@Override
	public void coalesced(Mmap segment, int callers) {
		tell((listener, journal) -> listener.coalesced(journal, callers));
	}

	/** Reports a failed append, unless the journal was closed. */
	IOException appendFailed(IOException failure) {
		if (!(failure instanceof ClosedChannelException)) {
			tell((listener, journal) -> listener.appendFailed(journal, failure));
		}
		return failure;
	}

	void damaged(JournalDamagedException damage) {
		tell((listener, journal) -> listener.damaged(journal, damage));
	}

	void readerOpened(String name) {
		tell((listener, journal) -> listener.readerOpened(journal, name));
	}

	void closed() {
		tell(JournalListener::closed);
	}

	private void tell(BiConsumer<JournalListener, Journal> event) {
		Journal journal = this.journal;
		if (journal != null) {
			this.listeners.forEach((listener) -> tell(event, listener, journal));
		}
	}

	private static void tell(BiConsumer<JournalListener, Journal> event, JournalListener listener, Journal journal) {
		try {
			event.accept(listener, journal);
		}
		catch (RuntimeException | Error failure) {
			logger.log(System.Logger.Level.WARNING, "A listener of the journal " + journal.directory() + " failed",
					failure);
		}
	}

}
