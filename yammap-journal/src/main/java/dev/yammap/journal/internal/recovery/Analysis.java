package dev.yammap.journal.internal.recovery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

import dev.yammap.Mmap;
import dev.yammap.journal.DamageAction;
import dev.yammap.journal.JournalDamagedException;
import dev.yammap.journal.internal.file.ControlState;
import dev.yammap.journal.internal.file.JournalDirectory;
import dev.yammap.journal.internal.file.SegmentFile;
import dev.yammap.journal.internal.file.SegmentHead;
import dev.yammap.journal.internal.read.Chunk;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what is left of a journal, and changes nothing: which segments belong to it,
 * where its records end, and whether what is behind is torn or damaged. The states it
 * meets are those of {@code docs/journal-format.md}.
 */
public final class Analysis {

	private static final String REMEDY = "Restore the journal from a backup; or open it with"
			+ " whenDamaged(KEEP_WHOLE_PREFIX), which puts aside what follows, or whenDamaged(SKIP), which passes it over";

	/** So many bytes behind a close are looked at. */
	private static final int LOOK = 1 << 16;

	private static final DamageAction[] WAYS = { DamageAction.KEEP_WHOLE_PREFIX, DamageAction.SKIP };

	private final JournalDirectory directory;

	private final long journalId;

	private final ControlState control;

	private final DamageAction action;

	private final boolean everything;

	private final boolean writable;

	private final Chunk chunk = new Chunk();

	private final Findings found = new Findings();

	/**
	 * Creates an analysis.
	 * @param control what the control file says
	 * @param action what to do about damage
	 * @param everything whether records are checked that are known to be durable
	 * @param writable whether the segments are to be written to afterwards
	 */
	public Analysis(JournalDirectory directory, long journalId, ControlState control, DamageAction action,
			boolean everything, boolean writable) {
		this.directory = directory;
		this.journalId = journalId;
		this.control = control;
		this.action = action;
		this.everything = everything;
		this.writable = writable;
	}

	/**
	 * Does it.
	 * @throws JournalDamagedException if the journal is damaged, and that is to be
	 * refused
	 */
	public Findings run() throws IOException {
		collect();
		if (!this.found.chain.isEmpty()) {
			findDurable();
			if (!endAsClosed()) {
				walk();
			}
		}
		return this.found;
	}

	/** Finds the segments that belong to the journal. */
	private void collect() throws IOException {
		NavigableMap<Long, Path> files = this.directory.segments();
		for (Map.Entry<Long, Path> entry : files.headMap(this.control.firstSegment()).entrySet()) {
			// What is no segment of this journal was not left by it, and is in nobody's
			// way.
			if (head(entry.getValue(), entry.getKey()) != null) {
				this.found.leftOver.add(entry.getValue());
			}
		}
		this.found.highest = this.control.ready();
		this.found.durable = this.control.firstNumber();
		this.found.next = this.control.firstNumber();
		boolean broken = false;
		for (long index = this.control.firstSegment(); index <= this.control.ready(); index++) {
			SegmentHead head = head(files.get(index), index);
			if (head == null) {
				damaged(new JournalDamagedException(this.directory.segment(index), 0, -1,
						"the segment is missing, cut short, or has no valid header, though it was ready for use",
						REMEDY, WAYS));
				broken |= this.action == DamageAction.KEEP_WHOLE_PREFIX;
			}
			if (broken) {
				putAside(files, index);
			}
			else if (head != null) {
				take(new SegmentFile(this.directory, head, this.writable), head, index);
			}
		}
		for (Map.Entry<Long, Path> entry : files.tailMap(this.found.highest, false).entrySet()) {
			collectBeyondReady(entry.getValue(), entry.getKey(), broken);
		}
	}

	/**
	 * A segment that is not ready was being made, is left of a recovery that was not
	 * finished, or was put there by somebody. Where a file system does not write in order
	 * one that was being made may hold what its blocks held before.
	 */
	private void collectBeyondReady(Path file, long index, boolean broken) throws IOException {
		SegmentHead head = head(file, index);
		if (head != null) {
			this.found.highest = index;
			if (broken) {
				this.found.behind.add(file);
			}
			else {
				take(new SegmentFile(this.directory, head, this.writable), head, index);
			}
		}
		else if (JournalDirectory.isBlank(file)) {
			this.found.leftOver.add(file);
		}
		else {
			this.found.foreign.add(file);
		}
	}

	private void putAside(Map<Long, Path> files, long index) {
		Path file = files.get(index);
		if (file != null) {
			this.found.behind.add(file);
		}
	}

	/** Returns null if the file is not a whole segment of this journal. */
	private @Nullable SegmentHead head(@Nullable Path file, long index) throws IOException {
		if (file == null) {
			return null;
		}
		SegmentHead head = SegmentHead.read(file);
		return (head != null && head.journalId() == this.journalId && head.index() == index
				&& head.size() == Files.size(file)) ? head : null;
	}

	private void take(SegmentFile segment, SegmentHead head, long index) throws IOException {
		if (head.life() == null && head.progress() == null && isEmpty(segment, index)) {
			if (index > this.control.ready()) {
				this.found.leftOver.add(segment.path());
			}
			else if (index == this.control.ready() && !this.found.chain.isEmpty()) {
				this.found.spare = segment;
			}
			else {
				this.found.chain.add(segment);
			}
			return;
		}
		this.found.chain.add(segment);
	}

	private boolean isClosed() {
		return this.control.isClosed() && this.action == DamageAction.REFUSE && !this.everything;
	}

	/**
	 * Behind a close a short look is enough: it finds an older control file that was put
	 * back.
	 */
	private boolean isEmpty(SegmentFile segment, long index) throws IOException {
		long end = (isClosed() && index > this.control.durableSegment()) ? SegmentFile.DATA + LOOK : segment.size();
		return with(segment, (file) -> this.chunk.endOfContent(file, segment, SegmentFile.DATA,
				Math.min(end, segment.size()))) == SegmentFile.DATA;
	}

	/**
	 * Finds the greatest number that something says is durable, and the segments' first
	 * numbers.
	 */
	private void findDurable() throws IOException {
		List<SegmentFile> chain = this.found.chain;
		chain.getFirst().adoptFirst(this.control.firstNumber());
		for (int i = 0; i < chain.size(); i++) {
			SegmentFile segment = chain.get(i);
			SegmentHead head = head(segment.path(), segment.index());
			if (segment.first() < 0) {
				segment.adoptFirst(firstRecord(segment));
			}
			if (head != null && head.durable() > this.found.durable) {
				durable(head.durable(), i, head.durableOffset());
			}
			if (segment.index() == this.control.durableSegment() && this.control.durable() > this.found.durable) {
				durable(this.control.durable(), i, this.control.durableOffset());
			}
		}
	}

	private void durable(long number, int index, long offset) {
		this.found.durable = number;
		this.found.durableIndex = index;
		this.found.durableOffset = offset;
	}

	/** Returns the number of the first record of a segment that is whole, or -1. */
	private long firstRecord(SegmentFile segment) throws IOException {
		return with(segment, (file) -> {
			long at = this.chunk.find(file, segment, SegmentFile.DATA, 0, 0);
			return (at >= 0) ? this.chunk.number(at) : -1;
		});
	}

	/**
	 * After a close in good order nothing need be walked: that says where records end. A
	 * look at what follows finds out whether somebody put an older control file back.
	 * @return whether that is so
	 */
	private boolean endAsClosed() throws IOException {
		SegmentFile last = this.found.chain.getLast();
		long offset = this.control.durableOffset();
		if (!isClosed() || last.index() != this.control.durableSegment()
				|| this.found.durable != this.control.durable()) {
			return false;
		}
		long end = Math.min(last.size(), offset + LOOK);
		if (with(last, (file) -> this.chunk.endOfContent(file, last, offset, end)) != offset) {
			return false;
		}
		last.adoptFirst((last.first() >= 0) ? last.first() : this.control.durable());
		end(new Place(this.found.chain.size() - 1, offset, this.control.durable()), offset);
		return true;
	}

	/** Checks records, from what is known to be durable to the end. */
	private void walk() throws IOException {
		boolean all = this.everything || this.action == DamageAction.KEEP_WHOLE_PREFIX;
		int index = all ? 0 : this.found.durableIndex;
		long offset = all ? SegmentFile.DATA : this.found.durableOffset;
		long number = all ? this.control.firstNumber() : this.found.durable;
		Place place = new Place(index, offset, number);
		while (place.index < this.found.chain.size()) {
			walk(place);
			if (goesOn(place)) {
				place.index++;
				place.offset = SegmentFile.DATA;
				this.found.chain.get(place.index).adoptFirst(place.number);
			}
			else if (!jump(place)) {
				break;
			}
		}
		SegmentFile last = this.found.chain.get(place.index);
		end(place, with(last, (file) -> this.chunk.endOfContent(file, last, place.offset, last.size())));
	}

	/** Walks to the end of a segment's whole records. */
	private void walk(Place place) throws IOException {
		SegmentFile segment = this.found.chain.get(place.index);
		with(segment, (file) -> {
			while (this.chunk.hasHeader(file, segment, place.offset) && this.chunk.number(place.offset) == place.number
					&& this.chunk.isWhole(file, segment, place.offset)) {
				place.offset = this.chunk.behind(place.offset);
				place.number++;
			}
			return 0;
		});
	}

	/** Tells whether the next segment begins with the next number. */
	private boolean goesOn(Place place) throws IOException {
		if (place.index + 1 == this.found.chain.size()) {
			return false;
		}
		SegmentFile next = this.found.chain.get(place.index + 1);
		return next.first() == place.number || with(next,
				(file) -> this.chunk.hasHeader(file, next, SegmentFile.DATA)
						&& this.chunk.number(SegmentFile.DATA) == place.number
						&& this.chunk.isWhole(file, next, SegmentFile.DATA) ? 1 : 0) == 1;
	}

	/**
	 * Where a record is not whole: finds out whether it was durable, and if so goes on
	 * behind it, stops, or refuses.
	 * @return whether to go on
	 */
	private boolean jump(Place place) throws IOException {
		Place witness = find(place, place.number + 1);
		if (witness == null && place.number >= this.found.durable) {
			return false;
		}
		SegmentFile segment = this.found.chain.get(place.index);
		damaged(new JournalDamagedException(segment.path(), place.offset, place.number,
				"record " + place.number + " is not whole, though it was durable: "
						+ ((witness != null)
								? "record " + witness.number + " says so, at offset " + witness.offset + " of "
										+ this.found.chain.get(witness.index).path().getFileName()
								: "all records before " + this.found.durable + " were"),
				REMEDY, WAYS));
		if (this.action != DamageAction.SKIP) {
			return false;
		}
		Place behind = find(place, 0);
		if (behind == null) {
			// There is no witness among the records, so a slot says what was durable.
			behind = new Place(this.found.durableIndex, this.found.durableOffset, this.found.durable);
		}
		this.found.skipped += behind.number - place.number;
		place.index = behind.index;
		place.offset = behind.offset;
		place.number = behind.number;
		return true;
	}

	/** Finds the next whole record behind a place, in this segment and all later ones. */
	private @Nullable Place find(Place place, long leastMark) throws IOException {
		long from = place.offset + Long.BYTES;
		for (int i = place.index; i < this.found.chain.size(); i++) {
			SegmentFile segment = this.found.chain.get(i);
			long begin = from;
			long at = with(segment, (file) -> this.chunk.find(file, segment, begin, place.number + 1, leastMark));
			if (at >= 0) {
				return new Place(i, at, this.chunk.number(at));
			}
			from = SegmentFile.DATA;
		}
		return null;
	}

	/** Says where records end, and what is behind. */
	private void end(Place place, long contentEnd) {
		List<SegmentFile> chain = this.found.chain;
		this.found.next = place.number;
		this.found.offset = place.offset;
		this.found.contentEnd = contentEnd;
		List<SegmentFile> behind = new ArrayList<>(chain.subList(place.index + 1, chain.size()));
		for (int i = behind.size() - 1; i >= 0; i--) {
			this.found.behind.addFirst(behind.get(i).path());
		}
		chain.removeAll(behind);
		for (int i = 0; i + 1 < chain.size(); i++) {
			chain.get(i).adoptEnd(chain.get(i + 1).first());
		}
	}

	private void damaged(JournalDamagedException damage) throws JournalDamagedException {
		if (this.action == DamageAction.REFUSE) {
			throw damage;
		}
		this.found.damage.add(damage);
	}

	private long with(SegmentFile segment, Look look) throws IOException {
		Mmap file = segment.acquire();
		try {
			this.chunk.clear();
			return look.at(file);
		}
		finally {
			segment.release();
		}
	}

	/** Looks at a segment. */
	private interface Look {

		long at(Mmap file) throws IOException;

	}

	/** A place in the journal. */
	private static final class Place {

		private int index;

		private long offset;

		private long number;

		Place(int index, long offset, long number) {
			this.index = index;
			this.offset = offset;
			this.number = number;
		}

	}

}
