package dev.yammap.internal.file;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

import org.jspecify.annotations.Nullable;

import dev.yammap.MappedFaultException;
import dev.yammap.WriteOperation;
import dev.yammap.internal.io.Bytes;
import dev.yammap.internal.io.Cursor;
import dev.yammap.internal.os.BackendFile;
import dev.yammap.internal.os.MappingOptions;
import dev.yammap.internal.os.Remedies;

/**
 * Writes to the end of a file that is opened with {@code APPEND}. The kernel appends at
 * the true end, which is not where it was foreseen if another process has made the file
 * longer or shorter; and to ask it for the place is a system call more, a third of the
 * cost of an append. So only the first of a run of appends is located at once. Of the
 * others the foreseen end is published: unless somebody shortens the file, they are there
 * or behind it. They are located when somebody wants to know: before the size or an
 * offset is told, before a read ends at the known end, before a sync and before the end;
 * or else by the append that makes the run too long.
 * <p>
 * So a file that others shorten is a fault of the next append that is located, or of the
 * next sync, whichever is first, and of every one after it until the file is truncated.
 * <p>
 * What is not volatile is guarded by the lock of the size.
 */
final class Appends {

	/** How many bytes may be appended without asking where they went. */
	private static final long LONGEST_RUN = 16 << 10;

	private static final long UNASKED = -1;

	private static final String OPERATION = "write behind the end of";

	private final MappedFile file;

	private final BackendFile backing;

	private final SizeLock lock;

	private final Limits limits;

	private final boolean limited;

	/** Whether what is appended must be prepared, and so be located. */
	private final boolean prepared;

	/** How many bytes were appended without asking; no run has begun yet. */
	private long run = LONGEST_RUN;

	/**
	 * Which cursor to move once its appends are located; all of a run are of one.
	 */
	private @Nullable Cursor cursor;

	/** What the kernel said of the end of the run, or {@link #UNASKED}. */
	private long answer = UNASKED;

	/** Whether a caller was told that the end of the run is not where it must be. */
	private volatile boolean told;

	private volatile boolean located = true;

	Appends(MappedFile file, BackendFile backing, SizeLock lock, Limits limits, MappingOptions options) {
		this.file = file;
		this.backing = backing;
		this.lock = lock;
		this.limits = limits;
		this.limited = options.maxSize() != MappingOptions.UNLIMITED;
		this.prepared = options.populate() || options.locked();
	}

	/** Writes at the end, wherever that is, and moves a cursor behind it. */
	void append(Cursor writer, Object source, int index, int length) throws IOException {
		this.lock.lock();
		try {
			this.file.requireOpen();
			if (this.cursor != writer || this.answer != UNASKED) {
				requireLocated(OPERATION);
			}
			// The kernel finds the end by itself; only a limit needs to know it before.
			long current = this.limited ? currentSize() : this.file.size();
			this.file.mapForGrowth(current, length);
			stageAndWrite(source, index, length);
			if (this.prepared || this.run > LONGEST_RUN - length) {
				locate(writer, length);
			}
			else {
				foresee(writer, current + length, length);
			}
		}
		catch (IOException ex) {
			this.lock.changes().noteFailure(WriteOperation.APPEND, ex);
			throw ex;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** The kernel does not know any more where an append went once it told the size. */
	private long currentSize() throws IOException {
		requireLocated(OPERATION);
		long current = this.file.currentSize();
		this.run = 0;
		return current;
	}

	private void stageAndWrite(Object source, int index, int length) throws IOException {
		MemorySegment staging = this.backing.staging();
		if (length > staging.byteSize()) {
			write(Bytes.settled(source, index, length), index, length);
		}
		else {
			Bytes.stage(source, index, staging, length);
			write(staging, 0, length);
		}
	}

	private void write(MemorySegment bytes, long index, long length) throws IOException {
		try {
			this.backing.append(bytes, index, length);
		}
		catch (IOException ex) {
			this.file.unsynced().wrote();
			if (!this.located) {
				// A part may have been written: the kernel's answer would be the end of
				// that.
				this.answer = this.backing.size();
			}
			throw ex;
		}
	}

	private void foresee(Cursor writer, long end, long length) throws IOException {
		if (this.located) {
			this.cursor = writer;
			this.located = false;
		}
		this.run += length;
		this.file.publish(end);
		writer.appended(end);
	}

	/** Locates what was just appended, and with it the run that it ends. */
	private void locate(Cursor writer, long length) throws IOException {
		long end = this.backing.appendedEnd();
		try {
			requireNotShortened(end - length, length);
			accept(end, length);
		}
		catch (IOException ex) {
			this.file.unsynced().wrote();
			this.answer = this.located ? UNASKED : end - length;
			this.told = true;
			throw ex;
		}
		writer.appended(end);
		endRun(0);
	}

	/** Who shortened the file also writes to it, so nothing is taken back. */
	private void requireNotShortened(long start, long length) throws MappedFaultException {
		try {
			this.limits.requireNotShortened(OPERATION, start, this.file.size());
		}
		catch (MappedFaultException ex) {
			throw new MappedFaultException(ex.getMessage() + Remedies.staying(length, start), null);
		}
	}

	private void accept(long end, long length) throws IOException {
		try {
			this.backing.prepare(end - length, end);
			this.file.adopt(end);
		}
		catch (IOException ex) {
			if (this.backing.undoAppend(end, length)) {
				throw ex;
			}
			throw new IOException(ex.getMessage() + Remedies.staying(length, end - length), ex);
		}
	}

	/**
	 * Tells, at once, whether the end of every append is known. Ask before what depends
	 * on it.
	 */
	boolean isLocated() {
		return this.located;
	}

	/**
	 * Finds out where everything is that was appended, if it can be found out: where
	 * others have shortened the file, the foreseen places stay.
	 */
	void locate() {
		try {
			tryToLocate(OPERATION);
		}
		catch (IOException ex) {
			// Thrown again by the next call that cannot go on without the place.
		}
	}

	/** The same for a call that cannot go on without. */
	void requireLocated(String operation) throws IOException {
		try {
			tryToLocate(operation);
		}
		catch (IOException ex) {
			this.told = true;
			throw ex;
		}
	}

	/** The same before the end, where what a caller was told need not be said again. */
	void requireLocatedOrTold(String operation) throws IOException {
		if (!this.told) {
			requireLocated(operation);
		}
	}

	private void tryToLocate(String operation) throws IOException {
		if (this.located) {
			return;
		}
		this.lock.lock();
		try {
			if (!this.located) {
				this.file.requireOpen();
				locateRun(operation);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void locateRun(String operation) throws IOException {
		// Whoever asks may go on to move the cursor elsewhere, whatever the answer is.
		Cursor writer = this.cursor;
		this.cursor = null;
		if (this.answer == UNASKED) {
			this.answer = this.backing.appendedEnd();
		}
		this.limits.requireNotShortened(operation, this.answer, this.file.size());
		this.file.adopt(this.answer);
		if (writer != null) {
			writer.appended(this.answer);
		}
		endRun(LONGEST_RUN);
	}

	/** Forgets what others did to the file, which now has a new end. */
	void truncated() {
		endRun(LONGEST_RUN);
	}

	private void endRun(long nextRun) {
		this.run = nextRun;
		this.answer = UNASKED;
		this.cursor = null;
		this.told = false;
		this.located = true;
	}

}
