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

}
