package dev.yammap.journal.internal.recovery;

import java.util.List;

import dev.yammap.journal.RecoveryReport;
import dev.yammap.journal.internal.file.SegmentFile;
import org.jspecify.annotations.Nullable;

/**
 * A journal in order.
 *
 * @param segments its segments; the last one is appended to
 * @param offset where in that one the next record goes
 * @param next the number of that record; all before it are durable
 * @param spare a segment that is ready for use, or null
 * @param nextIndex the index of the next segment
 * @param report what was found and done
 */
public record Recovered(List<SegmentFile> segments, long offset, long next, @Nullable SegmentFile spare, long nextIndex,
		RecoveryReport report) {

}
