package dev.yammap.internal.io;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.OverlappingFileLockException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;

import org.jspecify.annotations.Nullable;

import dev.yammap.Mmap;
import dev.yammap.internal.file.FileGrowth;
import dev.yammap.internal.file.MappedFile;
import dev.yammap.internal.file.OpenedFile;
import dev.yammap.internal.os.BackendFile.ChannelCall;
import dev.yammap.internal.os.IoCall;
import dev.yammap.internal.os.Printable;
import dev.yammap.internal.os.ProcessLimits;

/**
 * What the channels of one file share. They are closed with the file, the ranges that
 * they lock do not overlap, and the size does not change while one of them maps.
 * <p>
 * To the operating system, the file's own lock ({@link dev.yammap.LockMode}) and the
 * ranges of all channels belong to one owner. Releasing a range would also release what
 * another channel, or the file itself, has locked there. So two ranges never overlap, and
 * when a range is released, the backend restores the file's own lock on it.
 */
public final class ChannelGroup {

	final Mmap mmap;

	private final OpenedFile parts;

	final MappedFile file;

	final FileGrowth growth;

	final Transfers transfers;

	private final IoCall.Action afterWrite;

	/**
	 * The open channels, held weakly, as callers need not close channels. Guarded by the
	 * monitor of this object.
	 */
	private final Set<FileMmapChannel> channels = Collections.newSetFromMap(new WeakHashMap<>());

	/** The locks that are held or waited for. Guarded by its own monitor. */
	private final List<RangeLock> locks = new ArrayList<>();

	/**
	 * Creates the group of a file that has no channel yet.
	 * @param mmap the file as its callers know it
	 * @param afterWrite ends a write of the file
	 */
	public ChannelGroup(Mmap mmap, OpenedFile parts, Transfers transfers, IoCall.Action afterWrite) {
		this.mmap = mmap;
		this.parts = parts;
		this.file = parts.state();
		this.growth = parts.growth();
		this.transfers = transfers;
		this.afterWrite = afterWrite;
	}

	Cursor newCursor() {
		return new Cursor(this.file, this.growth, this.transfers);
	}

	/**
	 * Opens a channel. If the file is closed, the channel is closed, too.
	 * @param owner whether closing the channel closes the file
	 */
	public FileChannel open(boolean owner) {
		FileMmapChannel channel = new FileMmapChannel(this, owner);
		synchronized (this) {
			this.channels.add(channel);
		}
		// If somebody closes the file after this check, they find the channel.
		if (!this.file.isOpen()) {
			try {
				channel.close();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
		return channel;
	}

	/** Closes the channels of a file that was closed, if there are any. */
	public static void close(@Nullable ChannelGroup group) throws IOException {
		if (group != null) {
			group.closeAll();
		}
	}

	private void closeAll() throws IOException {
		List<FileMmapChannel> open;
		synchronized (this) {
			open = List.copyOf(this.channels);
		}
		for (FileMmapChannel channel : open) {
			channel.close();
		}
	}

	/** Ends a write. With SYNC or DSYNC it returns only once the write is durable. */
	void written(long length) throws IOException {
		if (length > 0) {
			this.afterWrite.run();
		}
	}

	/** Ends a change that was made by other means than a write. */
	void changed() {
		this.parts.dirty().wrote();
	}

	/** Releases the locks of a channel that was closed. */
	void closed(FileMmapChannel channel) throws IOException {
		synchronized (this) {
			this.channels.remove(channel);
		}
		List<RangeLock> held;
		synchronized (this.locks) {
			held = this.locks.stream().filter((lock) -> channel.equals(lock.acquiredBy())).toList();
		}
		List<IOException> failures = new ArrayList<>();
		for (RangeLock lock : held) {
			try {
				lock.end();
			}
			catch (IOException ex) {
				failures.add(ex);
			}
		}
		if (!failures.isEmpty()) {
			IOException failure = failures.removeFirst();
			failures.forEach(failure::addSuppressed);
			throw failure;
		}
	}

	/**
	 * Reserves the range of a lock that is to be taken.
	 * @throws OverlappingFileLockException if a part of it is already locked or waited
	 * for
	 */
	RangeLock add(RangeLock lock) {
		synchronized (this.locks) {
			if (this.locks.stream().anyMatch((other) -> other.overlaps(lock.position(), lock.size()))) {
				throw new OverlappingFileLockException();
			}
			this.locks.add(lock);
		}
		return lock;
	}

	void remove(RangeLock lock) {
		synchronized (this.locks) {
			this.locks.remove(lock);
		}
	}

	/**
	 * Takes the lock. Returns what releases it, or {@code null} if it cannot be taken
	 * now.
	 */
	@Nullable Closeable tryLock(RangeLock lock) throws IOException {
		if (!lock.isShared()) {
			this.file.requireShared("exclusively lock a range of");
		}
		return this.parts.life()
			.whileOpen(() -> this.parts.backing().tryLock(lock.position(), lock.size(), lock.isShared()));
	}

	/** Releases a lock. Closing the file releases every lock. */
	void unlock(Closeable lock) throws IOException {
		try {
			this.parts.life().whileOpen(IoCall.of(lock::close));
		}
		catch (ClosedChannelException ex) {
			// The lock was released when the file was closed.
		}
	}

	/**
	 * Maps a range by a channel of the JDK. If the file is too short, and the mapping is
	 * to be written to, the engine first makes the file longer. It allocates disk blocks
	 * and cuts off nothing that others append; the JDK would do neither.
	 */
	<T> T map(MapMode mode, long position, long size, ChannelCall<T> call) throws IOException {
		boolean readOnly = MapMode.READ_ONLY.equals(mode);
		boolean readWrite = MapMode.READ_WRITE.equals(mode);
		if (!readOnly) {
			requireMode(readWrite || MapMode.PRIVATE.equals(mode), "as " + mode, "READ_ONLY, READ_WRITE or PRIVATE");
			this.file.requireWritable();
		}
		this.file.requireReadable();
		if (!readOnly) {
			this.file.requireOverwritable();
		}
		requireMode(!this.file.isPrivate(), "a second time, as only its own private mapping has what was written",
				"segment()");
		T mapping = this.growth.lock().whileSizeStays(() -> {
			requireSize(position, size, readWrite);
			return map(position, size, !readOnly, call);
		});
		if (readWrite) {
			this.parts.dirty().lend();
		}
		return mapping;
	}

	private void requireMode(boolean condition, String what, String instead) {
		if (!condition) {
			throw new UnsupportedOperationException(
					"Cannot map " + Printable.of(this.file.path()) + " " + what + ": use " + instead);
		}
	}

	private void requireSize(long position, long size, boolean grow) throws IOException {
		long end = position + size;
		long present = this.growth.lock().refresh();
		if (end <= present) {
			return;
		}
		if (!grow) {
			throw new IOException("Cannot map " + Printable.of(this.file.path()) + ", " + size + " bytes at offset "
					+ position + ": it is only " + present + " bytes long. Lengthen it with Mmap.truncate, or"
					+ " map it READ_WRITE");
		}
		this.growth.requireSize(end);
		this.growth.lock().note(present, this.file.size());
		changed();
	}

	private <T> T map(long position, long size, boolean writable, ChannelCall<T> call) throws IOException {
		try {
			if (!ProcessLimits.OF_THIS_PROCESS.allowMapping()) {
				throw new IOException("Cannot allocate memory" + ProcessLimits.OF_THIS_PROCESS.ofMemory());
			}
			return this.parts.backing().onChannel(writable, call);
		}
		catch (IOException ex) {
			throw new IOException("Cannot map " + Printable.of(this.file.path()) + ", " + size + " bytes at offset "
					+ position + ": " + ex.getMessage(), ex);
		}
	}

}
