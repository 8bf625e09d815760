package dev.yammap.journal;

import java.io.IOException;
import java.time.Duration;

/**
 * Reads the records of a journal in their order, and checks each one. It follows a
 * journal that is appended to, by this process or another one, from segment to segment.
 *
 * {@snippet :
 * try (JournalReader reader = journal.reader(0)) {
 * 	while (reader.next()) {
 * 		handle(reader.record());
 * 	}
 * }
 * }
 *
 * A journal may have any number of readers, but only one thread at a time may use a
 * reader. A reader keeps the segment mapped that it reads, until it is closed.
 */
public interface JournalReader extends AutoCloseable {

	/**
	 * Moves to the next record, if there is one.
	 * @return whether there is one; if not, the reader stays where it is, and can be
	 * asked again
	 * @throws RecordsRemovedException if the record was removed
	 * @throws JournalDamagedException if the record is not whole, although it was when it
	 * was written; unless the journal was opened with {@link DamageAction#SKIP}
	 * @throws java.nio.channels.ClosedChannelException if the reader or the journal is
	 * closed; after the journal was closed, the reader may first hand out up to 16 KiB
	 * that it has read ahead
	 * @throws IOException if the file cannot be read
	 */
	boolean next() throws IOException;

	/**
	 * Moves to the next record, and waits for it if necessary. In the process that writes
	 * the reader is woken; in another process it looks again after 10 ms at most.
	 * @param timeout how long to wait at most
	 * @return whether there is a record
	 * @throws InterruptedException if the thread is interrupted while it waits
	 * @throws RecordsRemovedException as {@link #next()}
	 * @throws JournalDamagedException as {@link #next()}
	 * @throws java.nio.channels.ClosedChannelException as {@link #next()}, or if the
	 * journal is closed meanwhile
	 * @throws IOException if the file cannot be read
	 */
	boolean next(Duration timeout) throws IOException, InterruptedException;

	/**
	 * Returns the record that {@link #next()} moved to.
	 * @return a view, which is valid until {@link #next()} is called again
	 * @throws IllegalStateException if the reader has not moved to a record yet
	 */
	JournalRecord record();

	/**
	 * Returns the number of the record that is read next.
	 * @return a sequence number
	 */
	long nextSequence();

	/**
	 * Closes the reader. Closing it again does nothing.
	 * @throws IOException if the operating system could not unmap the file
	 */
	@Override
	void close() throws IOException;

}
