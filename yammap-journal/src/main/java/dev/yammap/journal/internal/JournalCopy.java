package dev.yammap.journal.internal;

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
 * Copies a journal up to a place, in a state as after a close in good order. The control
 * file comes last: without it the copy is no journal.
 */
final class JournalCopy {

	private final JournalDirectory source;

	private final long journalId;

	private final Segments segments;

	private final Rolling.End end;

	JournalCopy(JournalDirectory source, long journalId, Segments segments, Rolling.End end) {
		this.source = source;
		this.journalId = journalId;
		this.segments = segments;
		this.end = end;
	}

	long to(Path path) throws IOException {
		JournalDirectory target = this.source.createSibling(path);
		List<SegmentFile> copied = new ArrayList<>();
		for (SegmentFile segment : this.segments.list()) {
			if (segment.index() <= this.end.segment()) {
				if (!copy(segment, target)) {
					// It was removed meanwhile, and so were all before it.
					for (SegmentFile before : copied) {
						Files.delete(target.segment(before.index()));
					}
					copied.clear();
				}
				else {
					copied.add(segment);
				}
			}
		}
		SegmentFile first = copied.getFirst();
		ControlFile.createCopy(target, this.journalId, new ControlState(first.index(), first.first(),
				this.end.segment(), this.end.number(), this.end.segment(), this.end.offset(), true));
		return this.end.number();
	}

	/** Returns whether the segment was still there. */
	private boolean copy(SegmentFile segment, JournalDirectory target) throws IOException {
		boolean isLast = segment.index() == this.end.segment();
		Mmap from;
		try {
			from = segment.acquire();
		}
		catch (NoSuchFileException ex) {
			if (isLast || segment.index() >= this.segments.first().index()) {
				throw ex;
			}
			return false;
		}
		try {
			segment.copyTo(target, from, isLast ? this.end.offset() : segment.size(),
					isLast ? this.end.number() : segment.end());
		}
		finally {
			segment.release();
		}
		return true;
	}

}
