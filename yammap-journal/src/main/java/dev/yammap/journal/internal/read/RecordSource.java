package dev.yammap.journal.internal.read;

import java.io.IOException;

import dev.yammap.journal.JournalDamagedException;
import dev.yammap.journal.internal.file.SegmentFile;
import org.jspecify.annotations.Nullable;

/**
 * What a cursor needs to know of a journal.
 */
public interface RecordSource {

	/** The end of what is whole, where nobody knows. */
	long UNKNOWN = Long.MAX_VALUE;

	/**
	 * Returns the first number whose record is not whole, or {@link #UNKNOWN}: then each
	 * record tells itself.
	 */
	long whole() throws IOException;

	/** Returns the first number that is not known to be durable. */
	long durable() throws IOException;

	/**
	 * Returns the segment where the record with the given number is, or would be.
	 * @return null if no segment begins at or before it; where damage is passed over, the
	 * first one then
	 */
	@Nullable SegmentFile segment(long number) throws IOException;

	/** Returns the first number that was not removed. */
	long first() throws IOException;

	/** Returns what this process locks while it removes records. */
	default Object removalLock() {
		return this;
	}

	/** Waits, for so many nanoseconds at the most, until there may be more to read. */
	void await(long number, boolean durableOnly, long nanos) throws IOException, InterruptedException;

	/** Tells whether records that are not whole are passed over. */
	boolean skipsDamage();

	/** Tells whoever wants to know that a record is not whole which was. */
	default void damaged(JournalDamagedException damage) {
	}

	/** Fails if the journal is closed. */
	void requireOpen() throws IOException;

}
