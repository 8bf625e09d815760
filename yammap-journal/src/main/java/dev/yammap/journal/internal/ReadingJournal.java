package dev.yammap.journal.internal;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import dev.yammap.internal.fault.StackReserve;
import dev.yammap.journal.DamageAction;
import dev.yammap.journal.RecordsRemovedException;
import dev.yammap.journal.RecoveryReport;
import dev.yammap.journal.internal.file.CleanUp;
import dev.yammap.journal.internal.file.JournalDirectory;
import dev.yammap.journal.internal.file.SegmentFile;
import dev.yammap.journal.internal.read.Cursor;
import dev.yammap.journal.internal.read.FollowingSource;
import dev.yammap.journal.internal.read.RecordSource;
import org.jspecify.annotations.Nullable;

/**
 * A journal that another process may write to.
 */
final class ReadingJournal extends AbstractJournal {

	/** Enough to close the cursor at the end. */
	private static final int STACK_LEVELS = 128;

	private final FollowingSource source;

	private final RecoveryReport report;

	private final Object endLock = new Object();

	/** Stands where the journal ended at the last look. */
	private @Nullable Cursor end;

	private ReadingJournal(JournalDirectory directory, FollowingSource source, JournalEvents events)
			throws IOException {
		super(directory, source.journalId(), events);
		this.source = source;
		this.report = new RecoveryReport(source.durable(), nextSequence(), 0, List.of(), 0);
	}

	static ReadingJournal open(JournalDirectory directory, DamageAction whenDamaged, JournalEvents events)
			throws IOException {
		return new ReadingJournal(directory, new FollowingSource(directory, whenDamaged, events::damaged), events);
	}

	@Override
	RecordSource source() {
		return this.source;
	}

	@Override
	List<SegmentFile> files() throws IOException {
		return this.source.segments();
	}

	@Override
	public long append(byte[] content, int index, int length) {
		throw new NonWritableChannelException();
	}

	@Override
	public long append(ByteBuffer content) {
		throw new NonWritableChannelException();
	}

	@Override
	public long append(MemorySegment content) {
		throw new NonWritableChannelException();
	}

	@Override
	public void sync() {
		throw new NonWritableChannelException();
	}

	@Override
	public long firstSequence() throws IOException {
		return this.source.first();
	}

	@Override
	public final long nextSequence() throws IOException {
		StackReserve.require(STACK_LEVELS);
		synchronized (this.endLock) {
			while (true) {
				try {
					return findEnd();
				}
				catch (RecordsRemovedException ex) {
					// All records up to the last look, and some after it, were removed.
					closeEnd();
				}
				catch (IOException | RuntimeException | Error failure) {
					CleanUp.after(failure, this::closeEnd);
					throw failure;
				}
			}
		}
	}

	private long findEnd() throws IOException {
		Cursor cursor = this.end;
		if (cursor == null) {
			this.source.requireOpen();
			cursor = new Cursor(this.source, this.source.durable(), false);
			this.end = cursor;
		}
		boolean more = cursor.next();
		while (more) {
			more = cursor.next();
		}
		return cursor.nextSequence();
	}

	private void closeEnd() throws IOException {
		Cursor cursor = this.end;
		this.end = null;
		if (cursor != null) {
			cursor.close();
		}
	}

	@Override
	public long durableSequence() throws IOException {
		return this.source.durable();
	}

	@Override
	public void roll() {
		throw new NonWritableChannelException();
	}

	@Override
	public long removeBefore(long sequence) {
		throw new NonWritableChannelException();
	}

	@Override
	public void applyRetention() {
		throw new NonWritableChannelException();
	}

	@Override
	public long copyTo(Path target) {
		throw new NonWritableChannelException();
	}

	@Override
	public RecoveryReport recovery() {
		return this.report;
	}

	@Override
	public boolean isOpen() {
		return this.source.isOpen();
	}

	@Override
	public Optional<Throwable> failure() {
		return Optional.empty();
	}

	@Override
	public void close() throws IOException {
		boolean wasOpen;
		synchronized (this.endLock) {
			wasOpen = this.source.isOpen();
			this.source.close();
			closeEnd();
		}
		if (wasOpen) {
			events().closed();
		}
	}

}
