package dev.yammap.journal.internal.recovery;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.yammap.journal.DamageAction;
import dev.yammap.journal.JournalDamagedException;
import dev.yammap.journal.internal.file.ControlState;
import dev.yammap.journal.internal.file.JournalDirectory;
import dev.yammap.journal.internal.file.ReaderPosition;
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

	static final String RESTORE_OR_OPEN = " the journal from a backup; or open it with"
			+ " whenDamaged(KEEP_WHOLE_PREFIX), which puts aside what follows, or whenDamaged(SKIP), which passes it over";

	static final String REMEDY = "Restore" + RESTORE_OR_OPEN;

	/** So many bytes behind a close are looked at. */
	static final int LOOK = 1 << 16;

	/** A segment of 8 GiB has room for fewer. */
	static final long MOST_RECORDS = 1L << 29;

	static final DamageAction[] WAYS = { DamageAction.KEEP_WHOLE_PREFIX, DamageAction.SKIP };

	private final JournalDirectory directory;

	private final long journalId;

	private final ControlState control;

	private final DamageAction action;

	private final boolean everything;

	private final boolean writable;

	private final Chunk chunk = new Chunk();

	/** By the index of the segment: where the last byte ends that is not zero. */
	private final Map<Long, Long> contentEnds = new HashMap<>();

	private final Findings found;

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
		this.found = new Findings(action, control.firstNumber());
	}

	/**
	 * Does it.
	 * @throws JournalDamagedException if the journal is damaged, and that is to be
	 * refused
	 */
	public Findings run() throws IOException {
		new SegmentScan(this.directory, this.journalId, this.control, this.found, isClosed(), this.writable).run();
		if (!this.found.chain.isEmpty()) {
			findDurable();
		}
		if (!this.found.chain.isEmpty() && !endAsClosed()) {
			walk();
		}
		if (this.action == DamageAction.SKIP) {
			goOnBehindLostEnd();
		}
		return this.found;
	}

	private boolean isClosed() {
		return this.control.isClosed() && this.action == DamageAction.REFUSE && !this.everything;
	}

	/**
	 * Finds the greatest number that something says is durable, and the segments' first
	 * numbers.
	 */
	private void findDurable() throws IOException {
		List<SegmentFile> chain = this.found.chain;
		boolean anyNumber = chain.getFirst().index() == this.control.firstSegment();
		if (anyNumber) {
			chain.getFirst().adoptFirst(this.control.firstNumber());
		}
		for (int i = 0; i < chain.size(); i++) {
			SegmentFile segment = chain.get(i);
			SegmentHead head = SegmentHead.read(segment.path(), this.journalId, segment.index());
			if (segment.first() < 0) {
				segment.adoptFirst(this.chunk.firstNumber(segment));
			}
			if (head != null && head.durable() > this.found.durable) {
				durable(head.durable(), i, head.durableOffset());
			}
			if (segment.index() == this.control.durableSegment() && this.control.durable() > this.found.durable) {
				durable(this.control.durable(), i, this.control.durableOffset());
			}
			anyNumber |= segment.first() >= 0 || (head != null && head.durable() >= 0)
					|| segment.index() == this.control.durableSegment();
		}
		if (anyNumber) {
			passLostBeginning();
		}
		else {
			giveUpAll();
		}
	}

	/**
	 * Where the first segments are lost and no other one knows a number, those numbers
	 * are lost as well.
	 */
	private void giveUpAll() {
		for (SegmentFile segment : this.found.chain) {
			this.found.behind.add(segment.path());
		}
		this.found.chain.clear();
	}

	/** Where the first segments are lost, records begin behind what is known durable. */
	private void passLostBeginning() {
		List<SegmentFile> chain = this.found.chain;
		for (int i = 0; i < chain.size() && chain.getFirst().index() > this.control.firstSegment(); i++) {
			long first = chain.get(i).first();
			if (first >= 0) {
				if (first > this.found.durable) {
					this.found.skipped += first - this.found.durable;
					durable(first, i, SegmentFile.DATA);
				}
				return;
			}
		}
	}

	private void durable(long number, int index, long offset) {
		this.found.durable = number;
		this.found.durableIndex = index;
		this.found.durableOffset = offset;
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
		if (this.chunk.look(last, (file) -> this.chunk.endOfContent(file, last, offset, end)) != offset) {
			return false;
		}
		last.adoptFirst((last.first() >= 0) ? last.first() : this.control.durable());
		this.found.isClosed = true;
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
		last.adoptFirst((last.first() >= 0) ? last.first() : place.number);
		end(place, contentEnd(last, place.offset));
	}

	/**
	 * Returns where the last byte of a segment ends that is not zero, or the given offset
	 * if that is behind it. Looks only once, as most of a segment may be zeros.
	 */
	private long contentEnd(SegmentFile segment, long from) throws IOException {
		Long known = this.contentEnds.get(segment.index());
		if (known == null) {
			known = this.chunk.look(segment, (file) -> this.chunk.endOfContent(file, segment, from, segment.size()));
			this.contentEnds.put(segment.index(), known);
		}
		return Math.max(known, from);
	}

	/** Walks to the end of a segment's whole records. */
	private void walk(Place place) throws IOException {
		SegmentFile segment = this.found.chain.get(place.index);
		this.chunk.look(segment, (file) -> {
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
		return firstBehind(place) == place.number || this.chunk.look(next,
				(file) -> this.chunk.hasHeader(file, next, SegmentFile.DATA)
						&& this.chunk.number(SegmentFile.DATA) == place.number
						&& this.chunk.isWhole(file, next, SegmentFile.DATA) ? 1 : 0) == 1;
	}

	/**
	 * Returns the first number of the next segment that has one, or -1: a segment without
	 * one holds no record.
	 */
	private long firstBehind(Place place) {
		for (SegmentFile segment : this.found.chain.subList(place.index + 1, this.found.chain.size())) {
			if (segment.first() >= 0) {
				return segment.first();
			}
		}
		return -1;
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
		this.found.damaged(new JournalDamagedException(segment.path(), place.offset, place.number,
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
			long at = (contentEnd(segment, (i == place.index) ? place.offset : begin) > begin) ? this.chunk
				.look(segment, (file) -> this.chunk.find(file, segment, begin, place.number + 1, leastMark)) : -1;
			if (at >= 0) {
				return new Place(i, at, this.chunk.number(at));
			}
			from = SegmentFile.DATA;
		}
		return null;
	}

	/**
	 * Where the last segments are missing or cut short, or a named reader has read
	 * further than records go: finds a number that no record can have had that was
	 * durable. How many a segment had is not known; none has had more than fit the
	 * greatest.
	 */
	private void goOnBehindLostEnd() throws IOException {
		long last = this.found.chain.isEmpty() ? this.control.firstSegment() - 1 : this.found.chain.getLast().index();
		boolean anyLost = !this.found.cutShort.tailSet(last, true).isEmpty()
				|| this.found.missing.stream().anyMatch((index) -> index > last);
		long known = Math.max(Math.max(this.found.next, this.control.durable()),
				ReaderPosition.greatest(this.directory, this.journalId));
		if (anyLost || known > this.found.next) {
			// Those that are put aside count too: a recovery that was cut off finds them
			// missing.
			long lost = this.control.ready() - last - ((this.found.spare != null) ? 1 : 0)
					+ (this.found.cutShort.contains(last) ? 1 : 0);
			this.found.restart = known + Math.max(1, lost) * MOST_RECORDS;
		}
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
		for (int i = chain.size() - 2; i >= 0; i--) {
			SegmentFile segment = chain.get(i);
			long next = chain.get(i + 1).first();
			if (segment.first() < 0) {
				// It holds no record, and its life was lost.
				segment.adoptFirst(next);
			}
			segment.adoptEnd(next);
		}
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
