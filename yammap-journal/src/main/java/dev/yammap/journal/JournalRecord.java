package dev.yammap.journal;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * A record of a journal. {@link JournalReader#record()} returns a view, which shows
 * another record once the reader moves. {@link #copy()} makes a record that stays.
 */
public interface JournalRecord {

	/**
	 * Returns the number of the record: 0 for the first that was ever appended, then one
	 * more for each.
	 * @return the sequence number, 0 or more
	 */
	long sequence();

	/**
	 * Returns how long the content is.
	 * @return the length in bytes, 0 or more
	 */
	int length();

	/**
	 * Returns a byte of the content.
	 * @param offset which, 0 or more
	 * @return the byte
	 * @throws IndexOutOfBoundsException if {@code offset} is not within the content
	 */
	byte get(int offset);

	/**
	 * Returns the content, from the buffer's position to its limit. This makes no object:
	 * each call returns the same buffer with position and limit set anew. Its byte order
	 * is big-endian unless you change it.
	 * @return a read-only buffer
	 */
	ByteBuffer buffer();

	/**
	 * Returns the content as a memory segment.
	 * @return a read-only segment in the heap
	 */
	MemorySegment segment();

	/**
	 * Returns a copy of the content.
	 * @return a new array
	 */
	byte[] toByteArray();

	/**
	 * Returns a record that stays as it is.
	 * @return a copy
	 */
	JournalRecord copy();

}
