package dev.yammap.internal;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToLongFunction;

import org.jspecify.annotations.Nullable;

import dev.yammap.Advice;
import dev.yammap.Backend;
import dev.yammap.MappedFaultException;
import dev.yammap.Mmap;
import dev.yammap.MmapAtomics;
import dev.yammap.MmapListener;
import dev.yammap.PageCacheStats;
import dev.yammap.Whence;
import dev.yammap.internal.event.CloseEvent;
import dev.yammap.internal.event.Events;
import dev.yammap.internal.event.FlightRecording;
import dev.yammap.internal.fault.FaultBarrier;
import dev.yammap.internal.fault.FaultGuard;
import dev.yammap.internal.file.Kernel;
import dev.yammap.internal.file.MappedFile;
import dev.yammap.internal.io.Atomics;
import dev.yammap.internal.io.Bytes;
import dev.yammap.internal.io.ChannelGroup;
import dev.yammap.internal.io.Cursor;
import dev.yammap.internal.io.Transfers;
import dev.yammap.internal.io.Values;
import dev.yammap.internal.sync.DirtyFlag;
import dev.yammap.internal.sync.Syncer;

/**
 * The {@link Mmap} of a file: checks arguments, and hands each call on to its part.
 */
public final class FileMmap implements Mmap {

	private final MappedFile file;

	private final boolean syncOnWrite;

	private final FaultGuard guard;

	private final Transfers transfers;

	private final MemorySegment first;

	private final Cursor cursor;

	private final Values values;

	private final MmapAtomics atomics;

	private final DirtyFlag unsynced;

	private final Syncer syncs;

	private final Kernel kernel;

	private final Events events;

	/** Made for the first channel: there may be very many files, and most have none. */
	private volatile @Nullable ChannelGroup channels;

	FileMmap(MappedFile file, boolean syncOnWrite, List<MmapListener> listeners) {
		this.file = file;
		this.syncOnWrite = syncOnWrite && !file.isPrivate();
		this.events = new Events(this, listeners);
		this.guard = new FaultGuard(file, this.events);
		this.first = file.mapping();
		this.transfers = new Transfers(file, this.guard);
		this.cursor = new Cursor(file, this.transfers, this.guard);
		this.values = new Values(file, this.guard);
		this.atomics = new Atomics(file, this.guard);
		this.unsynced = file.unsynced();
		this.syncs = new Syncer(file, this.unsynced, this.events);
		this.kernel = file.kernel();
		file.sizeLock().changes().tellTo(this.events);
	}

	/** Ends opening, and tells of it. */
	FileMmap opened() {
		this.file.sizeLock().changes().tell();
		this.events.opened();
		return this;
	}

	@Override
	public Path path() {
		return this.file.path();
	}

	@Override
	public Backend backend() {
		return this.kernel.backend();
	}

	@Override
	public long size() {
		return this.file.locatedSize();
	}

	@Override
	public boolean isOpen() {
		return this.file.isOpen();
	}

	@Override
	public boolean isWritable() {
		return this.file.isWritable();
	}

	@Override
	public long offset() {
		return this.cursor.offset();
	}

	@Override
	public long seek(long offset, Whence whence) throws IOException {
		Objects.requireNonNull(whence, "whence");
		return this.cursor.seek(offset, whence);
	}

	@Override
	public int read(byte[] dst, int index, int length) throws IOException {
		Objects.checkFromIndexSize(index, length, dst.length);
		return this.cursor.read(dst, index, length);
	}

	@Override
	public int read(ByteBuffer dst) throws IOException {
		return Bytes.moved(dst, this.cursor.read(Bytes.room(dst), 0, dst.remaining()));
	}

	@Override
	public int write(byte[] src, int index, int length) throws IOException {
		Objects.checkFromIndexSize(index, length, src.length);
		this.cursor.write(src, index, length);
		written(length);
		return length;
	}

	@Override
	public int write(ByteBuffer src) throws IOException {
		int length = src.remaining();
		this.cursor.write(MemorySegment.ofBuffer(src), 0, length);
		src.position(src.limit());
		written(length);
		return length;
	}

	@Override
	public int readAt(byte[] dst, int index, int length, long offset) throws IOException {
		Objects.checkFromIndexSize(index, length, dst.length);
		return this.transfers.readAt(this.first, dst, index, length, offset);
	}

	@Override
	public int readAt(ByteBuffer dst, long offset) throws IOException {
		return Bytes.moved(dst, this.transfers.readAt(this.first, Bytes.room(dst), 0, dst.remaining(), offset));
	}

	@Override
	public int writeAt(byte[] src, int index, int length, long offset) throws IOException {
		Objects.checkFromIndexSize(index, length, src.length);
		this.transfers.writeAt(this.first, src, index, length, offset);
		written(length);
		return length;
	}

	@Override
	public int writeAt(ByteBuffer src, long offset) throws IOException {
		int length = src.remaining();
		this.transfers.writeAt(this.first, MemorySegment.ofBuffer(src), 0, length, offset);
		src.position(src.limit());
		written(length);
		return length;
	}

	@Override
	public long readAt(MemorySegment dst, long offset) throws IOException {
		return this.transfers.readAt(this.first, Bytes.room(dst), offset);
	}

	@Override
	public long writeAt(MemorySegment src, long offset) throws IOException {
		long length = src.byteSize();
		this.transfers.writeAt(this.first, src, offset);
		written(length);
		return length;
	}

	/** Ends a write: with SYNC or DSYNC only once it is durable. */
	private void written(long length) throws IOException {
		if (length > 0) {
			this.unsynced.wrote();
			if (this.syncOnWrite) {
				this.syncs.sync();
			}
		}
	}

	/** Ends a change by other means than a write. */
	private void changed() {
		this.unsynced.wrote();
	}

	@Override
	public void truncate(long size) throws IOException {
		this.file.truncate(size);
		changed();
	}

	@Override
	public void sync() throws IOException {
		this.syncs.sync();
	}

	@Override
	public void sync(long offset, long length) throws IOException {
		this.syncs.sync(offset, length);
	}

	@Override
	public long refresh() throws IOException {
		return this.file.sizeLock().refresh();
	}

	@Override
	public boolean isCurrent() throws IOException {
		return this.kernel.isCurrent();
	}

	@Override
	public void advise(Advice advice) throws IOException {
		this.kernel.advise(Objects.requireNonNull(advice, "advice"));
	}

	@Override
	public void advise(Advice advice, long offset, long length) throws IOException {
		this.kernel.advise(Objects.requireNonNull(advice, "advice"), offset, length);
	}

	@Override
	public void punchHole(long offset, long length) throws IOException {
		this.kernel.punchHole(offset, length);
		changed();
	}

	@Override
	public Optional<PageCacheStats> pageCache() throws IOException {
		return this.kernel.pageCache();
	}

	@Override
	public Optional<PageCacheStats> pageCache(long offset, long length) throws IOException {
		return this.kernel.pageCache(offset, length);
	}

	@Override
	public long mappedSize() {
		return this.kernel.mappedSize();
	}

	@Override
	public boolean isDirty() {
		return this.unsynced.isAnything();
	}

	@Override
	public MemorySegment segment() {
		this.unsynced.lend();
		return this.file.views().lend();
	}

	@Override
	public MemorySegment segment(long offset, long length) {
		this.unsynced.lend();
		return this.file.views().lend(offset, length);
	}

	@Override
	@SuppressWarnings("unchecked")
	public <R, X extends Exception> R access(long offset, long length, ViewFunction<R, X> body) throws IOException, X {
		Objects.requireNonNull(body, "body");
		try {
			return this.transfers.access(offset, length, (ViewFunction<R, RuntimeException>) body);
		}
		finally {
			this.unsynced.accessed();
		}
	}

	@Override
	public long accessLong(long offset, long length, ToLongFunction<MemorySegment> body) throws IOException {
		Objects.requireNonNull(body, "body");
		try {
			return this.transfers.accessLong(offset, length, body);
		}
		finally {
			this.unsynced.accessed();
		}
	}

	@Override
	public FileChannel channel() {
		return channel(false);
	}

	/** Opens a channel, which may own this file. */
	FileChannel channel(boolean owner) {
		synchronized (this.cursor) {
			ChannelGroup group = this.channels;
			if (group == null) {
				group = new ChannelGroup(this, this.file, this.transfers, this.guard, this.syncOnWrite);
				this.channels = group;
			}
			return group.open(owner);
		}
	}

	@Override
	public byte get(ValueLayout.OfByte layout, long offset) {
		return this.values.get(layout, offset);
	}

	@Override
	public void set(ValueLayout.OfByte layout, long offset, byte value) {
		this.values.set(layout, offset, value);
		this.unsynced.wrote();
	}

	@Override
	public short get(ValueLayout.OfShort layout, long offset) {
		return this.values.get(layout, offset);
	}

	@Override
	public void set(ValueLayout.OfShort layout, long offset, short value) {
		this.values.set(layout, offset, value);
		this.unsynced.wrote();
	}

	@Override
	public char get(ValueLayout.OfChar layout, long offset) {
		return this.values.get(layout, offset);
	}

	@Override
	public void set(ValueLayout.OfChar layout, long offset, char value) {
		this.values.set(layout, offset, value);
		this.unsynced.wrote();
	}

	@Override
	public int get(ValueLayout.OfInt layout, long offset) {
		return this.values.get(layout, offset);
	}

	@Override
	public void set(ValueLayout.OfInt layout, long offset, int value) {
		this.values.set(layout, offset, value);
		this.unsynced.wrote();
	}

	@Override
	public long get(ValueLayout.OfLong layout, long offset) {
		return this.values.get(layout, offset);
	}

	@Override
	public void set(ValueLayout.OfLong layout, long offset, long value) {
		this.values.set(layout, offset, value);
		this.unsynced.wrote();
	}

	@Override
	public float get(ValueLayout.OfFloat layout, long offset) {
		return this.values.get(layout, offset);
	}

	@Override
	public void set(ValueLayout.OfFloat layout, long offset, float value) {
		this.values.set(layout, offset, value);
		this.unsynced.wrote();
	}

	@Override
	public double get(ValueLayout.OfDouble layout, long offset) {
		return this.values.get(layout, offset);
	}

	@Override
	public void set(ValueLayout.OfDouble layout, long offset, double value) {
		this.values.set(layout, offset, value);
		this.unsynced.wrote();
	}

	@Override
	public MmapAtomics atomics() {
		return this.atomics;
	}

	/** A fault that is pending is thrown on, but keeps no file open. */
	@Override
	public void close() throws IOException {
		CloseEvent recorded = FlightRecording.isOn() ? new CloseEvent() : null;
		try (Closeable _ = () -> ChannelGroup.close(this.channels); Closeable _ = this.file::close) {
			FaultBarrier.await();
		}
		catch (MappedFaultException ex) {
			throw this.guard.told(ex);
		}
		finally {
			this.events.closed(recorded);
		}
	}

	@Override
	public String toString() {
		return "Mmap[" + this.file.path() + ", " + size() + " bytes" + (isOpen() ? "]" : ", closed]");
	}

}
