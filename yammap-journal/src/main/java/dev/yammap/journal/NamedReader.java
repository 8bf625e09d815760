package dev.yammap.journal;

import java.io.IOException;

/**
 * A reader whose position lasts. It begins where it was moved to the last time it was
 * used, and what it still needs is not removed. It reads durable records alone: what it
 * handed on is never taken back by a power cut.
 *
 * {@snippet :
 * try (NamedReader reader = journal.reader("billing")) {
 * 	while (reader.next(Duration.ofSeconds(1))) {
 * 		bill(reader.record());
 * 		reader.moveTo(reader.record().sequence() + 1);
 * 	}
 * }
 * }
 *
 * A crash between {@code bill} and {@code moveTo} has the record read again. Each move is
 * a flush: move once for many records where that is too slow.
 */
public interface NamedReader extends JournalReader {

	/**
	 * Returns the name.
	 * @return the name
	 */
	String name();

	/**
	 * Returns the position: the number of the first record that is still needed.
	 * @return a sequence number
	 */
	long position();

	/**
	 * Moves the position. It is durable when this returns. What is read next stays as it
	 * is.
	 * @param sequence the number of the first record that is still needed
	 * @throws IllegalArgumentException if it is greater than {@link #nextSequence()}
	 * @throws RecordsRemovedException if that record was removed
	 * @throws IOException if it cannot be made durable
	 */
	void moveTo(long sequence) throws IOException;

}
