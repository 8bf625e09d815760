package dev.yammap.journal.internal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.yammap.Mmap;
import dev.yammap.journal.internal.file.ControlFile;
import dev.yammap.journal.internal.file.ControlState;
import dev.yammap.journal.internal.file.JournalDirectory;
import dev.yammap.journal.internal.file.SegmentFile;
import dev.yammap.journal.internal.file.Segments;
import dev.yammap.journal.internal.write.Rolling;

/**
 * Copies a journal up to a place. The copy is in the state after a close in good order.
 * The control file is made last: without it the copy is not a journal.
 */
final class JournalCopy {

	private final JournalDirectory source;

	private final long journalId;

	private final Segments segments;

	private final Rolling.HeldEnd end;

	/**
	 * Creates a copy.
	 * @param end where it ends. All records before are durable, and the segment stays
	 * readable, whatever is removed meanwhile
	 */
	JournalCopy(JournalDirectory source, long journalId, Segments segments, Rolling.HeldEnd end) {
		this.source = source;
		this.journalId = journalId;
		this.segments = segments;
		this.end = end;
	}

	/** Returns the number of the first record that is not in the copy. */
	long to(Path path) throws IOException {
		JournalDirectory target = this.source.createSibling(path);
		SegmentFile last = this.end.segment();
		List<SegmentFile> copied = new ArrayList<>();
		for (SegmentFile segment : this.segments.list()) {
			if (segment.index() < last.index()) {
				if (copy(segment, target)) {
					copied.add(segment);
				}
				else {
					// It was removed meanwhile, and so were all before it.
					for (SegmentFile before : copied) {
						Files.delete(target.segment(before.index()));
					}
					copied.clear();
				}
			}
		}
		copy(last, target, this.end.offset(), this.end.number());
		copied.add(last);
		SegmentFile first = copied.getFirst();
		ControlFile.createCopy(target, this.journalId, new ControlState(first.index(), first.first(), last.index(),
				this.end.number(), last.index(), this.end.offset(), true));
		return this.end.number();
	}

	/** Returns whether the segment was still there. */
	private boolean copy(SegmentFile segment, JournalDirectory target) throws IOException {
		try {
			copy(segment, target, segment.size(), segment.end());
			return true;
		}
		catch (NoSuchFileException ex) {
			if (segment.index() >= this.segments.first().index()) {
				throw ex;
			}
			return false;
		}
	}

	private static void copy(SegmentFile segment, JournalDirectory target, long offset, long number)
			throws IOException {
		Mmap from = segment.acquire();
		try (Closeable _ = segment::release) {
			segment.copyTo(target, from, offset, number);
		}
	}

}
