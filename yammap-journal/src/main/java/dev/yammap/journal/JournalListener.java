package dev.yammap.journal;

import java.io.IOException;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Told what happens to a journal, such as for metrics. No call is made for an append that
 * succeeds, so that one costs nothing. Calls come from any thread, also from several at a
 * time, and should return at once: whoever caused the event waits for them. What they
 * throw is logged.
 */
public interface JournalListener {

	/**
	 * A flush ended: records that were appended before are durable, or the journal has
	 * failed. Threads that sync at the same time share flushes, and one sync that covers
	 * several segments has a flush for each.
	 * @param journal the journal
	 * @param duration how long it took
	 * @param failure why it failed, or {@code null} if it succeeded
	 */
	default void synced(Journal journal, Duration duration, @Nullable IOException failure) {
	}

	/**
	 * A flush served more than one caller.
	 * @param journal the journal
	 * @param callers how many, less the one that made it
	 */
	default void coalesced(Journal journal, int callers) {
	}

	/**
	 * A record could not be appended: there was no space for another segment, a named
	 * reader {@linkplain HeldUpAction#REFUSE_APPENDS held the journal up}, or the journal
	 * had failed before.
	 * @param journal the journal
	 * @param failure what the caller is told
	 */
	default void appendFailed(Journal journal, IOException failure) {
	}

	/**
	 * A reader met a record that is not whole, though it was. What recovery finds before
	 * the journal is open is told by whoever opens it, and by {@link Journal#recovery()}.
	 * @param journal the journal
	 * @param damage where it is; thrown, unless it is {@linkplain DamageAction#SKIP
	 * passed over}
	 */
	default void damaged(Journal journal, JournalDamagedException damage) {
	}

	/**
	 * A named reader was opened.
	 * @param journal the journal
	 * @param name the name of the reader
	 */
	default void readerOpened(Journal journal, String name) {
	}

	/**
	 * The journal was closed. Called once.
	 * @param journal the journal
	 */
	default void closed(Journal journal) {
	}

}
