package dev.yammap.journal.internal.recovery;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

import dev.yammap.journal.DamageAction;
import dev.yammap.journal.JournalDamagedException;
import dev.yammap.journal.internal.file.SegmentFile;
import org.jspecify.annotations.Nullable;

/**
 * What was found of a journal.
 */
public final class Findings {

	final DamageAction action;

	/** The segments that belong to it, in order. */
	final List<SegmentFile> chain = new ArrayList<>();

	/** Files below the first segment, or that never held a record: to be deleted. */
	final List<Path> leftOver = new ArrayList<>();

	/** Segments behind the end, in order: to be put aside. */
	final List<Path> behind = new ArrayList<>();

	/**
	 * Files in the place of later segments that are none of the journal: to be put aside.
	 */
	final List<Path> foreign = new ArrayList<>();

	/** Damage that was met, and passed over or cut. */
	final List<JournalDamagedException> damage = new ArrayList<>();

	/** The indexes of segments that were ready and are not there, or of no use. */
	final List<Long> missing = new ArrayList<>();

	/**
	 * The indexes of segments that are shorter than they were made, and are used all the
	 * same.
	 */
	final NavigableSet<Long> cutShort = new TreeSet<>();

	/** A segment that is ready and was never used. */
	@Nullable SegmentFile spare;

	/** Where what is known to be durable ends. */
	long durable;

	int durableIndex;

	long durableOffset = SegmentFile.DATA;

	/** Where whole records end: in the last segment of the chain. */
	long next;

	long offset = SegmentFile.DATA;

	/** Where the last byte that is not zero ends there. */
	long contentEnd = SegmentFile.DATA;

	/** Whether a close in good order says that all of it is durable. */
	boolean isClosed;

	long skipped;

	/**
	 * The number to go on with in a segment of its own, as records at the end are lost,
	 * or -1.
	 */
	long restart = -1;

	/** The first of the numbers that are lost before {@link #restart}. */
	long lostFrom = -1;

	/** The highest index that must not be used again. */
	long highest;

	/**
	 * Creates findings.
	 * @param action what to do about damage
	 * @param first the number of the first record
	 */
	Findings(DamageAction action, long first) {
		this.action = action;
		this.durable = first;
		this.next = first;
	}

	/**
	 * Records damage that is met.
	 * @throws JournalDamagedException if it is to be refused
	 */
	void damaged(JournalDamagedException met) throws JournalDamagedException {
		if (this.action == DamageAction.REFUSE) {
			throw met;
		}
		this.damage.add(met);
	}

	/** Returns the damage that was met and passed over, in order. */
	public List<JournalDamagedException> damage() {
		return this.damage;
	}

	/** Returns the number of the record that would come next. */
	public long next() {
		return this.next;
	}

	/** Returns below which number all is known to be durable. */
	public long durable() {
		return this.durable;
	}

	/** Returns how many bytes follow the last whole record that are not zero. */
	public long tornBytes() {
		return Math.max(0, this.contentEnd - this.offset);
	}

	/** Returns the segments behind the end. */
	public List<Path> behind() {
		return this.behind;
	}

	/** Returns the files that have names of later segments and are none. */
	public List<Path> foreign() {
		return this.foreign;
	}

	/** Returns the segments that belong to the journal. */
	public List<SegmentFile> segments() {
		return this.chain;
	}

}
