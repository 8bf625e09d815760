package dev.yammap.internal.sync;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;

import org.jspecify.annotations.Nullable;

import dev.yammap.internal.event.Events;
import dev.yammap.internal.event.FileEvent;
import dev.yammap.internal.event.FlightRecording;
import dev.yammap.internal.file.DirtyFlag;
import dev.yammap.internal.file.FileGrowth;
import dev.yammap.internal.file.Lifecycle;
import dev.yammap.internal.file.MappedFile;
import dev.yammap.internal.file.OpenedFile;
import dev.yammap.internal.os.BackendFile;
import dev.yammap.internal.os.Printable;

/**
 * Makes what was written to a file durable, by flushes that threads share.
 */
public final class Syncer implements GroupCommit.Target {

	/** Stands for the end of the file, wherever that will be by then. */
	private static final long END = Long.MAX_VALUE;

	private final MappedFile file;

	private final FileGrowth growth;

	private final BackendFile backing;

	private final Lifecycle life;

	private final DirtyFlag dirty;

	private final Events events;

	private final GroupCommit group;

	public Syncer(OpenedFile file, Events events) {
		this.file = file.state();
		this.growth = file.growth();
		this.backing = file.backing();
		this.life = file.life();
		this.dirty = file.dirty();
		this.events = events;
		this.group = new GroupCommit(this.file.path(), this);
	}

	public void sync() throws IOException {
		this.file.requireOpen();
		if (isSyncable()) {
			this.growth.requireExpectedEnd("sync");
			this.group.commit(0, END);
		}
	}

	/** Syncs behind a write. Whoever repeats the write must know that it was made. */
	public void syncWritten() throws IOException {
		try {
			sync();
		}
		catch (ClosedChannelException ex) {
			throw Lifecycle.closedMeanwhile(ex);
		}
	}

	public void sync(long offset, long length) throws IOException {
		this.file.requireOpen();
		this.growth.lock().requireWithin(offset, length);
		if (isSyncable()) {
			if (length == 0) {
				this.group.requireNoFailure();
			}
			else {
				this.growth.requireExpectedEnd("sync");
				this.group.commit(offset, offset + length);
			}
		}
	}

	private boolean isSyncable() {
		if (!this.file.isWritable()) {
			return false;
		}
		if (this.file.isPrivate()) {
			throw new UnsupportedOperationException("Cannot sync " + Printable.of(this.file.path())
					+ ": what is written to a private mapping stays in memory. Open it with MapMode.SHARED");
		}
		return true;
	}

	@Override
	public void flush(long from, long to, int callers) throws IOException {
		FileEvent.Sync recorded = FlightRecording.isOn()
				? new FileEvent.Sync(from, (to == END) ? -1 : to - from, callers) : null;
		Throwable failure = null;
		try {
			flush(from, to);
		}
		catch (IOException | RuntimeException | Error ex) {
			failure = ex;
			throw ex;
		}
		finally {
			if (recorded != null && !(failure instanceof ClosedChannelException)) {
				recorded.commit(this.file.path(), failure);
			}
		}
	}

	private void flush(long from, long to) throws IOException {
		boolean flushed = false;
		try {
			flushed = this.life.whileOpen(() -> flushOpen(from, to));
		}
		finally {
			if (!flushed) {
				this.dirty.wrote();
			}
		}
	}

	/** Once the mark is taken nobody else sets the time, so the end waits for this. */
	private boolean flushOpen(long from, long to) throws IOException {
		boolean touch = (to == END) ? this.dirty.syncing() : this.dirty.syncingPart();
		if (to == END) {
			this.backing.sync();
		}
		else {
			this.backing.sync(from, to - from);
		}
		if (touch) {
			this.backing.touch();
		}
		return true;
	}

	@Override
	public void flushed(long nanos, int callers, @Nullable Throwable failure) {
		this.events.synced(nanos, callers, (failure == null || failure instanceof IOException) ? (IOException) failure
				: new IOException("Cannot sync " + Printable.of(this.file.path()) + ": " + failure, failure));
	}

}
