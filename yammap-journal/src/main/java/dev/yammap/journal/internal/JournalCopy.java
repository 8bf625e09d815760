package dev.yammap.journal.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import dev.yammap.Mmap;
import dev.yammap.journal.internal.file.ControlFile;
import dev.yammap.journal.internal.file.ControlState;
import dev.yammap.journal.internal.file.JournalDirectory;
import dev.yammap.journal.internal.file.SegmentFile;
import dev.yammap.journal.internal.write.Rolling;

/**
 * Copies a journal up to a place, in a state as after a close in good order. The control
 * file comes last: without it the copy is no journal.
 */
final class JournalCopy {

	private final JournalDirectory source;

	private final long journalId;

	private final List<SegmentFile> segments;

	private final Rolling.End end;

	JournalCopy(JournalDirectory source, long journalId, List<SegmentFile> segments, Rolling.End end) {
		this.source = source;
		this.journalId = journalId;
		this.segments = segments;
		this.end = end;
	}

	long to(Path path) throws IOException {
		JournalDirectory target = this.source.createSibling(path);
		SegmentFile first = this.segments.getFirst();
		for (SegmentFile segment : this.segments) {
			if (segment.index() <= this.end.segment()) {
				copy(segment, target);
			}
		}
		ControlFile.createCopy(target, this.journalId, new ControlState(first.index(), first.first(),
				this.end.segment(), this.end.number(), this.end.segment(), this.end.offset()));
		return this.end.number();
	}

	private void copy(SegmentFile segment, JournalDirectory target) throws IOException {
		boolean isLast = segment.index() == this.end.segment();
		Mmap from = segment.acquire();
		try {
			segment.copyTo(target, from, isLast ? this.end.offset() : segment.size(),
					isLast ? this.end.number() : segment.end());
		}
		finally {
			segment.release();
		}
	}

}
