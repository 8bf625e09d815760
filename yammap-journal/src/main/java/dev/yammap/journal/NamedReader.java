package dev.yammap.journal;

import java.io.IOException;

/**
 * A reader with a name, whose position is stored on the disk. It begins at the position
 * that {@link #moveTo(long)} stored last, and the journal does not remove what it still
 * needs. It sees a record only when the record is durable, so a power cut never takes
 * back what it has handed on.
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
 * After a crash between {@code bill} and {@code moveTo} the record is read again. Each
 * move is a flush of the disk: if that is too slow, move once for many records.
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
	 * Moves the position. The new one is durable when this returns. This does not change
	 * which record is read next.
	 * <p>
	 * The position may also move back, to records that were not removed yet. In the
	 * process that writes the journal, none of them is removed once this has returned. In
	 * another process the writer may be about to remove them, as it has read the position
	 * before. Then the reader throws a {@link RecordsRemovedException} when it is opened
	 * again.
	 * @param sequence the number of the first record that is still needed
	 * @throws IllegalArgumentException if it is greater than {@link #nextSequence()}
	 * @throws RecordsRemovedException if that record was removed; the position stays
	 * @throws IOException if the position cannot be made durable
	 */
	void moveTo(long sequence) throws IOException;

}
