package dev.yammap.journal;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * A segment of a journal: one of its files.
 *
 * @param file the file
 * @param firstSequence the number of its first record
 * @param nextSequence the first number behind it
 * @param size how many bytes the file has, used or not
 * @param sealed when the next segment was begun, if it was and the time is known
 */
public record JournalSegment(Path file, long firstSequence, long nextSequence, long size, Optional<Instant> sealed) {

	/** Where the first record begins; see {@code docs/journal-format.md}. */
	private static final long HEAD = 4096;

	/** How much room a record takes that has no content. */
	private static final long LEAST_RECORD = 24;

	/**
	 * Returns how many records this segment has from a number on. If records behind this
	 * segment are lost, nobody may know how many of its numbers have one, see
	 * {@link DamageAction#SKIP}: then the result is as many as it has room for at most.
	 * @param sequence a sequence number
	 * @return the number of records, 0 if all have lower numbers
	 */
	public long recordsFrom(long sequence) {
		long numbers = this.nextSequence - Math.max(sequence, this.firstSequence);
		return Math.clamp(numbers, 0, Math.max(0, (this.size - HEAD) / LEAST_RECORD));
	}

}
