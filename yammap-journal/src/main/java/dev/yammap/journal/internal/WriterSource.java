package dev.yammap.journal.internal;

import java.io.IOException;

import dev.yammap.journal.JournalDamagedException;
import dev.yammap.journal.internal.file.SegmentFile;
import dev.yammap.journal.internal.file.Segments;
import dev.yammap.journal.internal.read.RecordSource;
import dev.yammap.journal.internal.write.Durability;
import dev.yammap.journal.internal.write.Publication;
import dev.yammap.journal.internal.write.Retention;
import dev.yammap.journal.internal.write.Waiters;
import dev.yammap.journal.internal.write.WriterState;
import org.jspecify.annotations.Nullable;

/**
 * What cursors need to know of a journal that this process writes.
 */
final class WriterSource implements RecordSource {

	private final WriterState state;

	private final Segments segments;

	private final Publication publication;

	private final Durability durability;

	private final Waiters waiters;

	private final Retention retention;

	private final boolean skipsDamage;

	private final JournalEvents events;

	WriterSource(WriterState state, Segments segments, Publication publication, Durability durability, Waiters waiters,
			Retention retention, boolean skipsDamage, JournalEvents events) {
		this.state = state;
		this.segments = segments;
		this.publication = publication;
		this.durability = durability;
		this.waiters = waiters;
		this.retention = retention;
		this.skipsDamage = skipsDamage;
		this.events = events;
	}

	@Override
	public long whole() {
		return this.publication.whole();
	}

	@Override
	public long durable() {
		return this.durability.durable();
	}

	@Override
	public @Nullable SegmentFile segment(long number) {
		return this.segments.find(number);
	}

	@Override
	public long first() {
		return this.segments.first().first();
	}

	@Override
	public Object removalLock() {
		return this.retention;
	}

	@Override
	public void await(long number, boolean durableOnly, long nanos) throws InterruptedException {
		this.waiters.await(() -> (durableOnly ? durable() : whole()) > number || this.state.isClosed(), nanos);
	}

	@Override
	public boolean skipsDamage() {
		return this.skipsDamage;
	}

	@Override
	public void damaged(JournalDamagedException damage) {
		this.events.damaged(damage);
	}

	@Override
	public void requireOpen() throws IOException {
		this.state.requireOpen();
	}

}
