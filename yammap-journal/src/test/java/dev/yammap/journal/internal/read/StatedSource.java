package dev.yammap.journal.internal.read;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

import dev.yammap.journal.JournalDamagedException;
import dev.yammap.journal.internal.file.SegmentFile;
import org.jspecify.annotations.Nullable;

/**
 * A journal of which is known what a test states.
 */
public final class StatedSource implements RecordSource {

	/** The damage that cursors have told of. */
	final List<JournalDamagedException> damage = new ArrayList<>();

	@Nullable SegmentFile segment;

	/** Called when a cursor has been told the segment. */
	Runnable whenSegmentWasTold = () -> {
	};

	/** Called before a cursor is told what is durable. */
	Runnable whenAskedForDurable = () -> {
	};

	/** Called instead of a wait. */
	Runnable wait = () -> {
		throw new UnsupportedOperationException();
	};

	boolean skipsDamage;

	LongSupplier first;

	long durable;

	long whole;

	private final Object removalLock;

	/** Creates a source that has no records. */
	StatedSource() {
		this(() -> 0, 0, 0, new Object());
	}

	/**
	 * Creates a source that has no segment.
	 * @param first the first number that was not removed
	 * @param durable the first number that is not durable
	 * @param whole the first number that is not whole
	 * @param removalLock what is locked while records are removed
	 */
	public StatedSource(LongSupplier first, long durable, long whole, Object removalLock) {
		this.first = first;
		this.durable = durable;
		this.whole = whole;
		this.removalLock = removalLock;
	}

	@Override
	public long whole() {
		return this.whole;
	}

	@Override
	public long durable() {
		this.whenAskedForDurable.run();
		return this.durable;
	}

	@Override
	public @Nullable SegmentFile segment(long number) {
		SegmentFile told = this.segment;
		this.whenSegmentWasTold.run();
		return told;
	}

	@Override
	public long first() {
		return this.first.getAsLong();
	}

	@Override
	public Object removalLock() {
		return this.removalLock;
	}

	@Override
	public void await(long number, boolean durableOnly, long nanos) {
		this.wait.run();
	}

	@Override
	public boolean skipsDamage() {
		return this.skipsDamage;
	}

	@Override
	public void damaged(JournalDamagedException met) {
		this.damage.add(met);
	}

	@Override
	public void requireOpen() {
	}

}
