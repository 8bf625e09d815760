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
 * A reader is not for use by several threads at a time; a journal may have any number of
 * readers. A reader keeps the segment mapped that it is in, until it is closed.
 */
public interface JournalReader extends AutoCloseable {

	/**
	 * Moves to the next record, if there is one.
	 * @return whether there is; if not the reader stays where it is, and may be asked
	 * again
	 * @throws RecordsRemovedException if the record was removed
	 * @throws JournalDamagedException if the record is not whole, though it was when it
	 * was written; unless the journal was opened with {@link DamageAction#SKIP}
	 * @throws java.nio.channels.ClosedChannelException if the reader is closed, or the
	 * journal; of the latter it may hand out up to 16 KiB that it has read ahead
	 * @throws IOException if the file cannot be read
	 */
	boolean next() throws IOException;

	/**
	 * Moves to the next record, and waits for it if need be. A reader of the process that
	 * writes is woken; one of another process looks again after 10 ms at the most.
	 * @param timeout how long to wait at the most
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
	 * @return a view, which holds until {@link #next()} is called again
	 * @throws IllegalStateException if the reader was not moved to a record yet
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
