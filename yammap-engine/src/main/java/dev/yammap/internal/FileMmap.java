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
import dev.yammap.Mmap;
import dev.yammap.MmapAtomics;
import dev.yammap.MmapListener;
import dev.yammap.PageCacheStats;
import dev.yammap.Whence;
import dev.yammap.internal.event.Events;
import dev.yammap.internal.event.FileEvent;
import dev.yammap.internal.event.FlightRecording;
import dev.yammap.internal.fault.FaultBarrier;
import dev.yammap.internal.file.FaultGuard;
import dev.yammap.internal.file.Bytes;
import dev.yammap.internal.file.DirtyFlag;
import dev.yammap.internal.file.FileGrowth;
import dev.yammap.internal.file.MappedFile;
import dev.yammap.internal.file.OpenedFile;
import dev.yammap.internal.io.Atomics;
import dev.yammap.internal.io.ChannelGroup;
import dev.yammap.internal.io.Cursor;
import dev.yammap.internal.io.Residency;
import dev.yammap.internal.io.SlowPath;
import dev.yammap.internal.io.Transfers;
import dev.yammap.internal.io.Values;
import dev.yammap.internal.io.Views;
import dev.yammap.internal.os.Printable;
import dev.yammap.internal.sync.Syncer;

/**
 * The {@link Mmap} of a file: checks arguments, and hands each call on to its part.
 */
public final class FileMmap implements Mmap {

	private final OpenedFile parts;

	private final MappedFile file;

	private final boolean syncOnWrite;

	private final Transfers transfers;

	private final MemorySegment first;

	private final Cursor cursor;

	private final Values values;

	private final MmapAtomics atomics;

	private final Views views;

	private final DirtyFlag dirty;

	private final Syncer syncer;

	private final Residency residency;

	private final Events events;

	private volatile @Nullable ChannelGroup channels;

	FileMmap(OpenedFile parts, boolean syncOnWrite, List<MmapListener> listeners) {
		this.parts = parts;
		this.file = parts.state();
		FileGrowth growth = parts.growth();
		this.dirty = parts.dirty();
		this.syncOnWrite = syncOnWrite && !this.file.isPrivate();
		this.events = new Events(this, listeners);
		FaultGuard guard = new FaultGuard(growth.lock());
		this.first = this.file.first();
		SlowPath slow = new SlowPath(this.file, parts.backing(), parts.life(), growth);
		this.views = new Views(this.file, growth, parts.life(), this.dirty, guard);
		this.transfers = new Transfers(this.file, growth, slow, guard);
		this.cursor = new Cursor(this.file, growth, this.transfers);
		this.values = new Values(this.file, slow, this.dirty, guard);
		this.atomics = new Atomics(this.file, growth, slow, this.dirty, guard);
		this.syncer = new Syncer(parts, this.events);
		this.residency = new Residency(this.file, growth, parts.backing(), parts.life());
		growth.lock().changes().tellTo(this.events);
	}

	/** Ends opening, and tells of it. */
	FileMmap opened() {
		this.parts.growth().lock().changes().tell();
		this.events.opened();
		return this;
	}

	@Override
	public Path path() {
		return this.file.path();
	}

	@Override
	public Backend backend() {
		return this.parts.backing().backend();
	}

	@Override
	public long size() {
		return this.file.lastSize();
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
		return (int) written(length);
	}

	@Override
	public int write(ByteBuffer src) throws IOException {
		this.cursor.write(MemorySegment.ofBuffer(src), 0, src.remaining());
		return (int) written(Bytes.moved(src, src.remaining()));
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
		return (int) written(length);
	}

	@Override
	public int writeAt(ByteBuffer src, long offset) throws IOException {
		this.transfers.writeAt(this.first, MemorySegment.ofBuffer(src), 0, src.remaining(), offset);
		return (int) written(Bytes.moved(src, src.remaining()));
	}

	@Override
	public long append(byte[] src, int index, int length) throws IOException {
		Objects.checkFromIndexSize(index, length, src.length);
		long place = this.transfers.append(src, index, length);
		written(length);
		return place;
	}

	@Override
	public long append(ByteBuffer src) throws IOException {
		int length = src.remaining();
		long place = this.transfers.append(MemorySegment.ofBuffer(src), 0, length);
		written(Bytes.moved(src, length));
		return place;
	}

	@Override
	public long readAt(MemorySegment dst, long offset) throws IOException {
		return this.transfers.readAt(this.first, Bytes.room(dst), offset);
	}

	@Override
	public long writeAt(MemorySegment src, long offset) throws IOException {
		this.transfers.writeAt(this.first, src, offset);
		return written(src.byteSize());
	}

	/** Ends a write. With SYNC or DSYNC it returns only once the write is durable. */
	private long written(long length) throws IOException {
		if (length > 0) {
			this.dirty.wrote();
			if (this.syncOnWrite) {
				this.syncer.syncWritten();
			}
		}
		return length;
	}

	@Override
	public void truncate(long size) throws IOException {
		this.parts.truncate(size);
	}

	@Override
	public void sync() throws IOException {
		this.syncer.sync();
	}

	@Override
	public void sync(long offset, long length) throws IOException {
		this.syncer.sync(offset, length);
	}

	@Override
	public long refresh() throws IOException {
		return this.parts.growth().lock().refreshAndTell();
	}

	@Override
	public boolean isCurrent() throws IOException {
		return this.parts.isCurrent();
	}

	@Override
	public void advise(Advice advice) throws IOException {
		this.residency.advise(Objects.requireNonNull(advice, "advice"));
	}

	@Override
	public void advise(Advice advice, long offset, long length) throws IOException {
		this.residency.advise(Objects.requireNonNull(advice, "advice"), offset, length);
	}

	@Override
	public void punchHole(long offset, long length) throws IOException {
		this.residency.punchHole(offset, length);
	}

	@Override
	public Optional<PageCacheStats> pageCache() throws IOException {
		return this.residency.pageCache();
	}

	@Override
	public Optional<PageCacheStats> pageCache(long offset, long length) throws IOException {
		return this.residency.pageCache(offset, length);
	}

	@Override
	public long mappedSize() {
		return this.parts.backing().mappedSize();
	}

	@Override
	public boolean isDirty() {
		return this.dirty.isAnything();
	}

	@Override
	public MemorySegment segment() {
		return this.views.lend();
	}

	@Override
	public MemorySegment segment(long offset, long length) {
		return this.views.lend(offset, length);
	}

	@Override
	@SuppressWarnings("unchecked")
	public <R, X extends Exception> R access(long offset, long length, ViewFunction<R, X> body) throws IOException, X {
		Objects.requireNonNull(body, "body");
		return this.views.access(offset, length, (ViewFunction<R, RuntimeException>) body);
	}

	@Override
	public long accessLong(long offset, long length, ToLongFunction<MemorySegment> body) throws IOException {
		Objects.requireNonNull(body, "body");
		return this.views.accessLong(offset, length, body);
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
				group = new ChannelGroup(this, this.parts, this.transfers, () -> written(1));
				this.channels = group;
			}
			return group.open(owner);
		}
	}

	@Override
	public byte get(ValueLayout.OfByte layout, long offset) {
		return (byte) this.values.get(Byte.BYTES, offset, layout.byteAlignment(), layout.order());
	}

	@Override
	public void set(ValueLayout.OfByte layout, long offset, byte value) {
		this.values.set(Byte.BYTES, offset, layout.byteAlignment(), layout.order(), value);
	}

	@Override
	public short get(ValueLayout.OfShort layout, long offset) {
		return (short) this.values.get(Short.BYTES, offset, layout.byteAlignment(), layout.order());
	}

	@Override
	public void set(ValueLayout.OfShort layout, long offset, short value) {
		this.values.set(Short.BYTES, offset, layout.byteAlignment(), layout.order(), value);
	}

	@Override
	public char get(ValueLayout.OfChar layout, long offset) {
		return (char) this.values.get(Character.BYTES, offset, layout.byteAlignment(), layout.order());
	}

	@Override
	public void set(ValueLayout.OfChar layout, long offset, char value) {
		this.values.set(Character.BYTES, offset, layout.byteAlignment(), layout.order(), value);
	}

	@Override
	public int get(ValueLayout.OfInt layout, long offset) {
		return (int) this.values.get(Integer.BYTES, offset, layout.byteAlignment(), layout.order());
	}

	@Override
	public void set(ValueLayout.OfInt layout, long offset, int value) {
		this.values.set(Integer.BYTES, offset, layout.byteAlignment(), layout.order(), value);
	}

	@Override
	public long get(ValueLayout.OfLong layout, long offset) {
		return this.values.get(Long.BYTES, offset, layout.byteAlignment(), layout.order());
	}

	@Override
	public void set(ValueLayout.OfLong layout, long offset, long value) {
		this.values.set(Long.BYTES, offset, layout.byteAlignment(), layout.order(), value);
	}

	@Override
	public float get(ValueLayout.OfFloat layout, long offset) {
		return Float.intBitsToFloat((int) this.values.get(Float.BYTES, offset, layout.byteAlignment(), layout.order()));
	}

	@Override
	public void set(ValueLayout.OfFloat layout, long offset, float value) {
		this.values.set(Float.BYTES, offset, layout.byteAlignment(), layout.order(), Float.floatToRawIntBits(value));
	}

	@Override
	public double get(ValueLayout.OfDouble layout, long offset) {
		return Double.longBitsToDouble(this.values.get(Double.BYTES, offset, layout.byteAlignment(), layout.order()));
	}

	@Override
	public void set(ValueLayout.OfDouble layout, long offset, double value) {
		this.values.set(Double.BYTES, offset, layout.byteAlignment(), layout.order(),
				Double.doubleToRawLongBits(value));
	}

	@Override
	public MmapAtomics atomics() {
		return this.atomics;
	}

	/** Throws a fault that is pending, but only after the file was closed. */
	@Override
	public void close() throws IOException {
		FileEvent.Close recorded = FlightRecording.isOn() ? new FileEvent.Close() : null;
		try (Closeable _ = () -> ChannelGroup.close(this.channels); Closeable _ = this.parts::close) {
			FaultBarrier.await();
		}
		finally {
			this.events.closed(recorded);
		}
	}

	@Override
	public String toString() {
		return "Mmap[" + Printable.of(this.file.path()) + ", " + size() + " bytes" + (isOpen() ? "]" : ", closed]");
	}

}
