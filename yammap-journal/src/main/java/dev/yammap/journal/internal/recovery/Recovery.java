package dev.yammap.journal.internal.recovery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.yammap.journal.DamageAction;
import dev.yammap.journal.JournalDamagedException;
import dev.yammap.journal.RecoveryReport;
import dev.yammap.journal.internal.file.ControlFile;
import dev.yammap.journal.internal.file.ControlState;
import dev.yammap.journal.internal.file.JournalDirectory;
import dev.yammap.journal.internal.file.Rewriting;
import dev.yammap.journal.internal.file.SegmentFile;
import dev.yammap.journal.internal.read.Chunk;

/**
 * Brings a journal into order before its writer appends: puts aside what is torn, and
 * makes durable what is kept. Each step is durable before the next one that depends on
 * it, so a power cut in between leaves a state that is recovered to the same.
 */
public final class Recovery {

	/** What stands in for a segment that is lost has no room for a record. */
	private static final long PLACEHOLDER = SegmentFile.DATA;

	private static final System.Logger logger = System.getLogger("dev.yammap.journal");

	private final JournalDirectory directory;

	private final ControlFile control;

	private final DamageAction action;

	private final long segmentSize;

	private final List<Path> putAside = new ArrayList<>();

	public Recovery(JournalDirectory directory, ControlFile control, DamageAction action, long segmentSize) {
		this.directory = directory;
		this.control = control;
		this.action = action;
		this.segmentSize = segmentSize;
	}

	/**
	 * Does it.
	 * @throws JournalDamagedException if the journal is damaged, and that is to be
	 * refused
	 */
	public Recovered run() throws IOException {
		warnOfControl();
		Findings found = new Analysis(this.directory, this.control.journalId(), this.control.state(), this.action,
				false, true)
			.run();
		warnOfDamage(found);
		try (ReadersAhead ahead = ReadersAhead.of(this.directory, this.control.journalId(), found)) {
			return run(found, ahead);
		}
	}

	private Recovered run(Findings found, ReadersAhead ahead) throws IOException {
		// Before a step that depends on what it says, and before its next state goes over
		// the one before.
		this.control.writeAnew();
		for (Path file : found.leftOver) {
			Files.deleteIfExists(file);
		}
		putAsideForeign(found.foreign);
		long torn = found.tornBytes();
		boolean isCut = torn > 0 || !found.behind.isEmpty()
				|| (this.action == DamageAction.KEEP_WHOLE_PREFIX && !found.damage.isEmpty());
		if (isCut) {
			cut(found);
		}
		else if (!found.leftOver.isEmpty()) {
			this.directory.sync();
		}
		if (found.restart >= 0) {
			restart(found);
		}
		else if (found.chain.isEmpty()) {
			begin(found);
		}
		SegmentFile last = found.chain.getLast();
		if (!last.hasLife() || last.sealedAt() != 0) {
			// Its life is lost, or it was never begun. Or it is appended to again, as
			// what followed it was put aside.
			last.begin((last.first() >= 0) ? last.first() : found.next);
		}
		keep(found, last);
		ahead.moveBack();
		// Only now: until then each opening finds the damage, whatever it knows of
		// the end.
		restoreSizes(found);
		if (this.action == DamageAction.SKIP) {
			fillGaps(found);
		}
		if (this.control.state().isClosed()) {
			this.control.change(ControlState::opened);
		}
		return new Recovered(found.chain, found.offset, found.next, found.spare,
				(found.spare != null) ? found.spare.index() : last.index() + 1,
				new RecoveryReport(found.durable, found.next, torn, List.copyOf(this.putAside), found.skipped));
	}

	/** Makes the first segment of a journal that has none. */
	private void begin(Findings found) throws IOException {
		long index = found.highest + 1;
		SegmentFile segment = SegmentFile.create(this.directory, this.control.journalId(), index, this.segmentSize);
		long number = found.next;
		this.control.change((
				state) -> state.withFirst(index, number).withReady(index).withDurable(number, index, SegmentFile.DATA));
		found.chain.add(segment);
	}

	/**
	 * Goes on in a segment of its own, behind those that are missing at the end. It is
	 * durable before they are replaced: until then each opening finds that they are
	 * missing.
	 */
	private void restart(Findings found) throws IOException {
		long number = found.restart;
		SegmentFile spare = found.spare;
		SegmentFile segment = (spare != null) ? spare
				: SegmentFile.create(this.directory, this.control.journalId(), found.highest + 1, this.segmentSize);
		this.control
			.change((state) -> state.withReady(segment.index()).withDurable(number, segment.index(), SegmentFile.DATA));
		segment.begin(number);
		segment.sync();
		if (!found.chain.isEmpty()) {
			found.chain.getLast().adoptEnd(number);
		}
		found.chain.add(segment);
		found.spare = null;
		found.skipped += number - found.next;
		found.lostFrom = found.next;
		logger.log(System.Logger.Level.WARNING,
				"Records at the end of the journal " + this.directory.path() + " are lost, from record " + found.next
						+ " on, and nobody knows how many. The next one gets the number " + number
						+ ", so that no number is given twice");
		found.next = number;
		found.offset = SegmentFile.DATA;
	}

	/** Gives segments that were cut short their size back, where they are still used. */
	private void restoreSizes(Findings found) throws IOException {
		List<SegmentFile> used = new ArrayList<>(found.chain);
		if (found.spare != null) {
			used.add(found.spare);
		}
		for (SegmentFile segment : used) {
			if (found.cutShort.contains(segment.index())) {
				segment.restoreSize();
			}
		}
	}

	/**
	 * Puts an empty segment in the place of each that is missing, so that the journal can
	 * be opened from now on, and readers meet the damage where it is.
	 */
	private void fillGaps(Findings found) throws IOException {
		ControlState state = this.control.state();
		List<SegmentFile> chain = found.chain;
		long lostFrom = found.lostFrom;
		for (int i = 0; i < chain.size(); i++) {
			long index = state.firstSegment() + i;
			if (chain.get(i).index() > index) {
				long next = chain.get(i).first();
				long first = (i == 0) ? state.firstNumber() : next;
				if (i > 0 && i == chain.size() - 1 && lostFrom >= 0) {
					// It is known how far the segment before has records.
					first = lostFrom;
					chain.get(i - 1).adoptEnd(first);
					lostFrom = -1;
				}
				chain.add(i, placeholder(index, first, next));
			}
		}
	}

	private SegmentFile placeholder(long index, long first, long next) throws IOException {
		Path file = this.directory.segment(index);
		if (Files.exists(file)) {
			putAside(List.of(file), "is not one");
		}
		SegmentFile segment = SegmentFile.create(this.directory, this.control.journalId(), index, PLACEHOLDER);
		segment.begin(first);
		segment.adoptEnd(next);
		segment.sync();
		return segment;
	}

	/** Makes durable what is kept, and says so. */
	private void keep(Findings found, SegmentFile last) throws IOException {
		long now = System.currentTimeMillis();
		for (int i = 0; i < found.chain.size(); i++) {
			SegmentFile segment = found.chain.get(i);
			if (segment != last && segment.sealedAt() == 0) {
				// When it was sealed was lost: no later than now.
				segment.seal(now);
			}
			if (segment.end() > found.durable) {
				keep(found, i);
			}
		}
		last.writeProgress(found.next, found.offset);
		if (this.action == DamageAction.SKIP && !found.damage.isEmpty()) {
			// Once nothing is missing any more, this alone tells damage from a torn end.
			last.sync();
		}
	}

	private static void keep(Findings found, int index) throws IOException {
		SegmentFile segment = found.chain.get(index);
		if (found.isClosed) {
			segment.sync();
			return;
		}
		Chunk chunk = new Chunk();
		long from = (index == found.durableIndex) ? found.durableOffset : SegmentFile.DATA;
		long to = (index == found.chain.size() - 1) ? found.offset
				: chunk.look(segment, (file) -> chunk.endOfContent(file, segment, from, segment.size()));
		Rewriting.run(segment, from, to);
	}

	private void cut(Findings found) throws IOException {
		boolean prefix = this.action == DamageAction.KEEP_WHOLE_PREFIX && !found.damage.isEmpty();
		if (found.chain.isEmpty()) {
			putAside(found.behind);
			return;
		}
		SegmentFile last = found.chain.getLast();
		if (found.tornBytes() > 0) {
			Path copy = this.directory.copyAside(last.path(), found.offset, found.tornBytes());
			this.putAside.add(copy);
			logger.log(System.Logger.Level.WARNING,
					"The end of the journal " + this.directory.path() + " is torn: " + found.tornBytes()
							+ " bytes from offset " + found.offset + " of " + last.path().getFileName()
							+ " on, where record " + found.next + " would be. They are cut off, and kept in " + copy);
		}
		SegmentFile spare = found.behind.isEmpty() ? found.spare : null;
		long ready = (spare != null) ? spare.index() : last.index();
		if (prefix) {
			this.control.change((state) -> state.withReady(ready).withDurable(found.next, last.index(), found.offset));
		}
		else if (!found.behind.isEmpty() && found.restart < 0) {
			this.control.change((state) -> state.withReady(ready));
		}
		if (!found.behind.isEmpty()) {
			if (found.restart < 0) {
				dropSpare(found);
			}
			putAside(found.behind);
		}
		last.cut(found.offset, Math.max(found.offset, found.contentEnd), prefix);
		found.durable = Math.min(found.durable, found.next);
	}

	/** A segment behind one that is put aside cannot stay. */
	private void dropSpare(Findings found) throws IOException {
		SegmentFile spare = found.spare;
		if (spare != null) {
			spare.delete();
			found.spare = null;
		}
	}

	/** From the highest down, so that what is left of a half-done recovery has no gap. */
	private void putAside(List<Path> files) throws IOException {
		putAside(files.reversed(), "is behind the last record that is kept");
	}

	private void putAside(List<Path> files, String why) throws IOException {
		for (Path file : files) {
			Path aside = this.directory.putAside(file);
			this.putAside.add(aside);
			logger.log(System.Logger.Level.WARNING, "Segment " + file + " " + why + " of the journal "
					+ this.directory.path() + ", and is put aside as " + aside);
		}
	}

	private void putAsideForeign(List<Path> files) throws IOException {
		for (Path file : files) {
			Path aside = this.directory.putAside(file);
			this.putAside.add(aside);
			logger.log(System.Logger.Level.WARNING, "File " + file + " is no segment of the journal "
					+ this.directory.path() + ", which makes one under this name. It is put aside as " + aside);
		}
	}

	private void warnOfControl() {
		ControlFile.Snapshot found = this.control.found();
		if (found.damage() != null) {
			ControlState state = found.state();
			Path aside = this.control.aside();
			if (aside != null) {
				this.putAside.add(aside);
			}
			logger.log(System.Logger.Level.WARNING,
					"Opening a damaged journal, as whenDamaged(" + this.action + ") says: " + found.damage().problem()
							+ ". It is made anew from "
							+ (found.isGuessed() ? "the segments, of which the first is " + state.firstSegment()
									+ " and begins with record " + state.firstNumber() + ", and the last is "
									+ state.ready() + ". Whether there were others before or behind them is not known"
									: "what is left of it")
							+ ((aside != null) ? ". What it held is kept in " + aside : ""));
		}
	}

	private void warnOfDamage(Findings found) {
		for (JournalDamagedException damage : found.damage) {
			logger.log(System.Logger.Level.WARNING,
					"Opening a damaged journal, as whenDamaged(" + this.action + ") says: " + damage.getMessage());
		}
	}

}
