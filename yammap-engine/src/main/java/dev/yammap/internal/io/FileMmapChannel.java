package dev.yammap.internal.io;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.yammap.Mmap;
import dev.yammap.internal.file.Bytes;
import dev.yammap.internal.file.MappedFile;
import dev.yammap.internal.os.BackendFile.ChannelCall;
import dev.yammap.internal.os.Printable;

/**
 * A channel of a file, with a cursor of its own. It checks arguments as the
 * {@link FileChannel} of the JDK does, and in the same order. It keeps its {@link Mmap}
 * alive.
 */
final class FileMmapChannel extends FileChannel {

	private final Mmap mmap;

	private final MappedFile file;

	private final ChannelGroup group;

	private final boolean owner;

	private final Cursor cursor;

	/** Ends each call. */
	private final Closeable end = this::ended;

	/**
	 * Creates a channel.
	 * @param owner whether closing the channel closes the file
	 */
	FileMmapChannel(ChannelGroup group, boolean owner) {
		this.group = group;
		this.owner = owner;
		this.mmap = group.mmap;
		this.file = group.file;
		this.cursor = group.newCursor();
	}

	@Override
	public int read(ByteBuffer dst) throws IOException {
		try (Closeable _ = this.end) {
			requireReadable();
			return Bytes.moved(dst, this.cursor.read(Bytes.room(dst), 0, dst.remaining()));
		}
	}

	@Override
	public long read(ByteBuffer[] dsts, int index, int length) throws IOException {
		List<ByteBuffer> buffers = part(dsts, index, length);
		try (Closeable _ = this.end) {
			requireReadable();
			return Bytes.moved(buffers, this.cursor.read(buffers.stream().map(Bytes::room).toList()));
		}
	}

	@Override
	public int read(ByteBuffer dst, long position) throws IOException {
		Objects.requireNonNull(dst, "dst");
		Bytes.requireNotNegative("position", position);
		try (Closeable _ = this.end) {
			requireReadable();
			return this.mmap.readAt(dst, position);
		}
	}

	@Override
	public int write(ByteBuffer src) throws IOException {
		try (Closeable _ = this.end) {
			requireWritable();
			int length = src.remaining();
			this.cursor.write(MemorySegment.ofBuffer(src), 0, length);
			Bytes.moved(src, length);
			this.group.written(length);
			return length;
		}
	}

	/**
	 * Joins the buffers first: the file must grow once or not at all, and an append is
	 * one call.
	 */
	@Override
	public long write(ByteBuffer[] srcs, int index, int length) throws IOException {
		List<ByteBuffer> buffers = part(srcs, index, length);
		try (Closeable _ = this.end) {
			requireWritable();
			byte[] all = Bytes.joined(this.file.path(), buffers);
			this.cursor.write(all, 0, all.length);
			Bytes.moved(buffers, all.length);
			this.group.written(all.length);
			return all.length;
		}
	}

	@Override
	public int write(ByteBuffer src, long position) throws IOException {
		Objects.requireNonNull(src, "src");
		Bytes.requireNotNegative("position", position);
		try (Closeable _ = this.end) {
			requireWritable();
			return this.mmap.writeAt(src, position);
		}
	}

	private static List<ByteBuffer> part(ByteBuffer[] buffers, int index, int length) {
		Objects.checkFromIndexSize(index, length, buffers.length);
		return List.of(Arrays.copyOfRange(buffers, index, index + length));
	}

	@Override
	public long position() throws IOException {
		try (Closeable _ = this.end) {
			this.cursor.requireOpen();
			boolean atEnd = this.file.isAppend() && !this.file.isReadable();
			return atEnd ? this.group.growth.lock().sizeWithoutWaiting() : this.cursor.offset();
		}
	}

	@Override
	public FileChannel position(long position) throws IOException {
		try (Closeable _ = this.end) {
			this.cursor.requireOpen();
			Bytes.requireNotNegative("position", position);
			this.cursor.move(position);
			return this;
		}
	}

	@Override
	public long size() throws IOException {
		try (Closeable _ = this.end) {
			this.cursor.requireOpen();
			return this.group.growth.lock().sizeWithoutWaiting();
		}
	}

	@Override
	public FileChannel truncate(long size) throws IOException {
		try (Closeable _ = this.end) {
			this.cursor.requireOpen();
			Bytes.requireNotNegative("size", size);
			this.file.requireWritable();
			if (this.cursor.shorten(size)) {
				this.group.changed();
			}
			return this;
		}
	}

	@Override
	public void force(boolean metaData) throws IOException {
		try (Closeable _ = this.end) {
			this.cursor.requireOpen();
			this.mmap.sync();
		}
	}

	@Override
	public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
		try (Closeable _ = this.end) {
			return new ChannelTransfer(this.group, this.file, this.cursor).to(target, position, count);
		}
	}

	@Override
	public long transferFrom(ReadableByteChannel source, long position, long count) throws IOException {
		try (Closeable _ = this.end) {
			long done = new ChannelTransfer(this.group, this.file, this.cursor).from(source, position, count);
			this.group.written(done);
			return done;
		}
	}

	@Override
	public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
		if (size > Integer.MAX_VALUE) {
			throw new IllegalArgumentException("Size exceeds Integer.MAX_VALUE: " + size);
		}
		return map(mode, position, size, (channel) -> channel.map(mode, position, size));
	}

	@Override
	public MemorySegment map(MapMode mode, long offset, long size, Arena arena) throws IOException {
		Objects.requireNonNull(mode, "mode");
		Objects.requireNonNull(arena, "arena");
		Bytes.requireNotNegative("offset", offset);
		Bytes.requireNotNegative("size", size);
		return map(mode, offset, size, (channel) -> channel.map(mode, offset, size, arena));
	}

	private <T> T map(MapMode mode, long position, long size, ChannelCall<T> call) throws IOException {
		Objects.requireNonNull(mode, "mode");
		try (Closeable _ = this.end) {
			this.cursor.requireOpen();
			Bytes.requireNotNegative("position", position);
			Bytes.requireNotNegative("size", size);
			Bytes.requireNotNegative("position + size", position + size);
			return this.group.map(mode, position, size, call);
		}
	}

	@Override
	public FileLock lock(long position, long size, boolean shared) throws IOException {
		try (Closeable _ = this.end) {
			RangeLock lock = newLock(position, size, shared);
			lock.take(true);
			return lock;
		}
	}

	@Override
	public @Nullable FileLock tryLock(long position, long size, boolean shared) throws IOException {
		try (Closeable _ = this.end) {
			RangeLock lock = newLock(position, size, shared);
			return lock.take(false) ? lock : null;
		}
	}

	private RangeLock newLock(long position, long size, boolean shared) throws IOException {
		if (shared) {
			requireReadable();
		}
		else {
			requireWritable();
		}
		// As in NIO, 0 means everything from the position on.
		long length = (size == 0) ? Long.MAX_VALUE - Math.max(0, position) : size;
		return this.group.add(new RangeLock(this, this.group, position, length, shared));
	}

	/**
	 * Ends a call. If the file was closed meanwhile, this channel is closed, too: no
	 * channel may report that it is open after one of its calls failed because the file
	 * is closed.
	 * <p>
	 * The fence keeps the channel reachable until here. Otherwise it could become
	 * unreachable in the middle of this call, and somebody who closes files without
	 * reachable channels would close the file during the call.
	 */
	private void ended() throws IOException {
		try {
			if (!this.file.isOpen()) {
				close();
			}
		}
		finally {
			Reference.reachabilityFence(this);
		}
	}

	/** Calls of other threads go on, except for those that wait for a lock. */
	@Override
	protected void implCloseChannel() throws IOException {
		this.cursor.close();
		try {
			this.group.closed(this);
		}
		finally {
			if (this.owner && this.file.isOpen()) {
				this.mmap.close();
			}
		}
	}

	private void requireReadable() throws IOException {
		this.cursor.requireOpen();
		this.file.requireReadable();
	}

	private void requireWritable() throws IOException {
		this.cursor.requireOpen();
		this.file.requireWritable();
	}

	@Override
	public String toString() {
		return "Mmap.channel[" + Printable.of(this.file.path()) + ", at " + this.cursor.offset()
				+ (isOpen() ? "]" : ", closed]");
	}

}
