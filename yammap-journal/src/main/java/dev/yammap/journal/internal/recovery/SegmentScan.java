package dev.yammap.journal.internal.recovery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.NavigableMap;

import dev.yammap.journal.DamageAction;
import dev.yammap.journal.JournalDamagedException;
import dev.yammap.journal.internal.file.ControlState;
import dev.yammap.journal.internal.file.JournalDirectory;
import dev.yammap.journal.internal.file.SegmentFile;
import dev.yammap.journal.internal.file.SegmentHead;
import dev.yammap.journal.internal.read.Chunk;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which segments belong to a journal, and which are missing.
 */
final class SegmentScan {

	private final JournalDirectory directory;

	private final long journalId;

	private final ControlState control;

	private final Findings found;

	private final boolean isClosed;

	private final boolean writable;

	private final Chunk chunk = new Chunk();

	/**
	 * Creates a scan.
	 * @param found where what is found goes
	 * @param isClosed whether the journal was closed in good order, and is not checked
	 * otherwise
	 * @param writable whether the segments are to be written to afterwards
	 */
	SegmentScan(JournalDirectory directory, long journalId, ControlState control, Findings found, boolean isClosed,
			boolean writable) {
		this.directory = directory;
		this.journalId = journalId;
		this.control = control;
		this.found = found;
		this.isClosed = isClosed;
		this.writable = writable;
	}

	/**
	 * Does it.
	 * @throws JournalDamagedException if one is missing or not whole, and that is to be
	 * refused
	 */
	void run() throws IOException {
		NavigableMap<Long, Path> files = this.directory.segments();
		for (Map.Entry<Long, Path> entry : files.headMap(this.control.firstSegment()).entrySet()) {
			// What is no segment of this journal was not left by it, and is in nobody's
			// way.
			if (isWhole(entry.getValue(), head(entry.getValue(), entry.getKey()))) {
				this.found.leftOver.add(entry.getValue());
			}
		}
		this.found.highest = this.control.ready();
		boolean broken = false;
		for (long index = this.control.firstSegment(); index <= this.control.ready(); index++) {
			Path file = files.get(index);
			SegmentHead head = head(file, index);
			if (!isWhole(file, head)) {
				head = damaged(file, head, index);
				broken |= head == null && this.found.action == DamageAction.KEEP_WHOLE_PREFIX;
			}
			if (broken) {
				putAside(file);
			}
			else if (head != null) {
				take(new SegmentFile(this.directory, head, this.writable), head);
			}
			else {
				this.found.missing.add(index);
			}
		}
		for (Map.Entry<Long, Path> entry : files.tailMap(this.found.highest, false).entrySet()) {
			collectBeyondReady(entry.getValue(), entry.getKey(), broken);
		}
		useSpareInTheMiddle();
	}

	private @Nullable SegmentHead head(@Nullable Path file, long index) throws IOException {
		return SegmentHead.read(file, this.journalId, index);
	}

	private static boolean isWhole(@Nullable Path file, @Nullable SegmentHead head) throws IOException {
		return file != null && head != null && Files.size(file) == head.size();
	}

	/**
	 * Of a segment that was cut short, what is left is used, if damage is not refused.
	 * @return null if nothing is
	 */
	private @Nullable SegmentHead damaged(@Nullable Path file, @Nullable SegmentHead head, long index)
			throws IOException {
		if (file == null || head == null) {
			met(index, 0, "the segment " + ((file == null) ? "is missing" : "has no valid header")
					+ ", though it was ready for use", Analysis.REMEDY);
			return null;
		}
		long size = Files.size(file);
		String lengths = size + " bytes long, and was made with " + head.size();
		if (size < head.size()) {
			met(index, size, "the segment was cut short: it is " + lengths, Analysis.REMEDY);
			this.found.cutShort.add(index);
			return head;
		}
		met(index, head.size(), "the segment is too long: it is " + lengths,
				"Cut off what is behind its first " + head.size()
						+ " bytes, which the journal did not write. If that does not help, restore"
						+ Analysis.RESTORE_OR_OPEN);
		return null;
	}

	private void met(long index, long offset, String what, String remedy) throws JournalDamagedException {
		this.found.damaged(
				new JournalDamagedException(this.directory.segment(index), offset, -1, what, remedy, Analysis.WAYS));
	}

	/**
	 * A segment that is not ready was being made, is left of a recovery that was not
	 * finished, or was put there by somebody. Where a file system does not write in order
	 * one that was being made may hold what its blocks held before.
	 */
	private void collectBeyondReady(Path file, long index, boolean broken) throws IOException {
		SegmentHead head = head(file, index);
		if (head != null && isWhole(file, head)) {
			if (broken) {
				this.found.behind.add(file);
			}
			else {
				take(new SegmentFile(this.directory, head, this.writable), head);
			}
			if (!this.found.leftOver.contains(file)) {
				this.found.highest = index;
			}
		}
		else if (SegmentFile.isBlank(file)) {
			this.found.leftOver.add(file);
		}
		else {
			this.found.foreign.add(file);
		}
	}

	private void putAside(@Nullable Path file) {
		if (file != null) {
			this.found.behind.add(file);
		}
	}

	private void take(SegmentFile segment, SegmentHead head) throws IOException {
		long index = segment.index();
		if (head.life() == null && head.progress() == null && isEmpty(segment)) {
			if (index > this.control.ready()) {
				this.found.leftOver.add(segment.path());
			}
			else if (index == this.control.ready() && index != this.control.durableSegment()
					&& !(this.found.chain.isEmpty() && this.found.missing.isEmpty())) {
				this.found.spare = segment;
			}
			else {
				this.found.chain.add(segment);
			}
			return;
		}
		this.found.chain.add(segment);
	}

	/**
	 * Behind a close a short look is enough: it finds an older control file that was put
	 * back.
	 */
	private boolean isEmpty(SegmentFile segment) throws IOException {
		long end = (this.isClosed && segment.index() > this.control.durableSegment()) ? SegmentFile.DATA + Analysis.LOOK
				: segment.size();
		return this.chunk.look(segment, (file) -> this.chunk.endOfContent(file, segment, SegmentFile.DATA,
				Math.min(end, segment.size()))) == SegmentFile.DATA;
	}

	/** A segment that others follow was used, whatever became of its content. */
	private void useSpareInTheMiddle() {
		SegmentFile spare = this.found.spare;
		if (spare != null && !this.found.chain.isEmpty() && this.found.chain.getLast().index() > spare.index()) {
			int at = 0;
			while (this.found.chain.get(at).index() < spare.index()) {
				at++;
			}
			this.found.chain.add(at, spare);
			this.found.spare = null;
		}
	}

}
