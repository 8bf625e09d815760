package dev.yammap.journal;

import java.io.IOException;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Receives the events of a journal, for example for metrics. Appends that succeed are not
 * reported, so they cost nothing. The journal calls each method on the thread that caused
 * the event. That thread waits, so a method should return at once. Several threads may
 * call at the same time. If a method throws, the journal logs that.
 */
public interface JournalListener {

	/**
	 * A flush has ended: records that were appended before are durable, or the journal
	 * has failed. Threads that sync at the same time share flushes. A sync that covers
	 * several segments makes a flush for each.
	 * @param journal the journal
	 * @param duration how long the flush took
	 * @param failure why it failed, or {@code null} if it succeeded
	 */
	default void synced(Journal journal, Duration duration, @Nullable IOException failure) {
	}

	/**
	 * A flush served more than one caller.
	 * @param journal the journal
	 * @param callers how many other callers it served, 1 or more
	 */
	default void coalesced(Journal journal, int callers) {
	}

	/**
	 * A record could not be appended. There was no space for another segment, the journal
	 * had reached its {@linkplain Journal.Builder#sizeLimit(long) size limit}, a named
	 * reader {@linkplain HeldUpAction#REFUSE_APPENDS held the journal up}, or the journal
	 * had failed before.
	 * @param journal the journal
	 * @param failure the exception that the caller gets
	 */
	default void appendFailed(Journal journal, IOException failure) {
	}

	/**
	 * A reader met a record that is not whole any more. Damage that is found while the
	 * journal is opened is not reported here: {@link Journal.Builder#open()} throws it,
	 * or {@link Journal#recovery()} tells of it.
	 * @param journal the journal
	 * @param damage which record, and where. The reader throws it, unless it
	 * {@linkplain DamageAction#SKIP passes over} damage
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
