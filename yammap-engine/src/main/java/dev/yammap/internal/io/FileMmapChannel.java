package dev.yammap.internal.io;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import dev.yammap.MappedFaultException;
import dev.yammap.MmapChannel;
import dev.yammap.internal.FileMmap;
import dev.yammap.internal.fault.FaultGuard;
import dev.yammap.internal.file.MappedFile;

/**
 * A channel of a file: checks as {@link java.nio.channels.FileChannel} does and in its
 * order, and works through a cursor of its own. It keeps its {@link FileMmap} alive.
 */
public final class FileMmapChannel implements MmapChannel {

	/** Larger chunks are no faster, and fall out of the processor's caches. */
	private static final int CHUNK = 64 * 1024;

	private final FileMmap mmap;

	private final MappedFile file;

	private final Transfers transfers;

	private final FaultGuard guard;

	private final Cursor cursor;

	public FileMmapChannel(FileMmap mmap, MappedFile file, Transfers transfers, FaultGuard guard) {
		this.mmap = mmap;
		this.file = file;
		this.transfers = transfers;
		this.guard = guard;
		this.cursor = new Cursor(file, transfers, guard);
	}

	@Override
	public int read(ByteBuffer dst) throws IOException {
		requireReadable();
		return Bytes.moved(dst, this.cursor.read(Bytes.room(dst), 0, dst.remaining()));
	}

	@Override
	public long read(ByteBuffer[] dsts) throws IOException {
		return read(dsts, 0, dsts.length);
	}

	@Override
	public long read(ByteBuffer[] dsts, int index, int length) throws IOException {
		List<ByteBuffer> buffers = part(dsts, index, length);
		requireReadable();
		return Bytes.moved(buffers, this.cursor.read(buffers.stream().map(Bytes::room).toList()));
	}

	@Override
	public int write(ByteBuffer src) throws IOException {
		requireWritable();
		int length = src.remaining();
		this.cursor.write(MemorySegment.ofBuffer(src), 0, length);
		Bytes.moved(src, length);
		this.mmap.written(length);
		return length;
	}

	@Override
	public long write(ByteBuffer[] srcs) throws IOException {
		return write(srcs, 0, srcs.length);
	}

	/** Joined before, as the file must grow once or not at all, and by one append. */
	@Override
	public long write(ByteBuffer[] srcs, int index, int length) throws IOException {
		List<ByteBuffer> buffers = part(srcs, index, length);
		requireWritable();
		byte[] all = Bytes.joined(buffers);
		this.cursor.write(all, 0, all.length);
		Bytes.moved(buffers, all.length);
		this.mmap.written(all.length);
		return all.length;
	}

	private static List<ByteBuffer> part(ByteBuffer[] buffers, int index, int length) {
		Objects.checkFromIndexSize(index, length, buffers.length);
		return List.of(Arrays.copyOfRange(buffers, index, index + length));
	}

	@Override
	public long position() throws IOException {
		this.cursor.requireOpen();
		boolean atEnd = this.file.isAppend() && !this.file.isReadable();
		return atEnd ? this.file.refresh() : this.cursor.offset();
	}

	@Override
	public MmapChannel position(long position) throws IOException {
		this.cursor.requireOpen();
		requireNotNegative("position", position);
		this.cursor.move(position);
		return this;
	}

	@Override
	public long size() throws IOException {
		this.cursor.requireOpen();
		return this.file.refresh();
	}

	@Override
	public MmapChannel truncate(long size) throws IOException {
		this.cursor.requireOpen();
		requireNotNegative("size", size);
		this.file.requireWritable();
		this.cursor.shorten(size);
		this.mmap.changed();
		return this;
	}

	/**
	 * Through an array: the target may hand what it is given to native code, where a
	 * fault of the mapping would end the virtual machine.
	 */
	@Override
	public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
		this.cursor.requireOpen();
		requireOpen(target.isOpen());
		this.file.requireReadable();
		if (target instanceof FileChannel || target instanceof MmapChannel) {
			// Refused even where there is nothing to write.
			target.write(ByteBuffer.allocate(0));
		}
		requireNotNegative("position", position);
		requireNotNegative("count", count);
		ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(count, CHUNK));
		long done = 0;
		try {
			while (done < count) {
				if (!readChunk(chunk, position + done, count - done, done == 0)) {
					break;
				}
				target.write(chunk);
				done += chunk.position();
				if (chunk.hasRemaining()) {
					break;
				}
			}
		}
		catch (IOException ex) {
			throwIfFirst(ex, done);
		}
		return done;
	}

	/** Tells whether there was something to read. */
	private boolean readChunk(ByteBuffer chunk, long offset, long count, boolean first) throws IOException {
		this.cursor.requireOpen();
		chunk.clear().limit((int) Math.min(count, chunk.capacity()));
		try {
			int read = this.transfers.read("transferTo", Bytes.room(chunk), 0, chunk.remaining(), offset);
			chunk.limit(Math.max(read, 0));
			return read > 0;
		}
		catch (MappedFaultException ex) {
			throw told(ex, first);
		}
	}

	/** Through an array, for the same reason. */
	@Override
	public long transferFrom(ReadableByteChannel source, long position, long count) throws IOException {
		this.cursor.requireOpen();
		requireOpen(source.isOpen());
		this.file.requireOverwritable();
		if (source instanceof FileChannel || source instanceof MmapChannel) {
			source.read(ByteBuffer.allocate(0));
		}
		requireNotNegative("position", position);
		requireNotNegative("count", count);
		ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(count, CHUNK));
		long done = 0;
		try {
			while (done < count) {
				chunk.clear().limit((int) Math.min(count - done, chunk.capacity()));
				if (source.read(chunk) <= 0) {
					break;
				}
				writeChunk(chunk.flip(), position + done, done == 0);
				done += chunk.limit();
			}
		}
		catch (IOException ex) {
			throwIfFirst(ex, done);
		}
		this.mmap.written(done);
		return done;
	}

	private void writeChunk(ByteBuffer chunk, long offset, boolean first) throws IOException {
		this.cursor.requireOpen();
		try {
			this.transfers.write("transferFrom", MemorySegment.ofBuffer(chunk), 0, chunk.remaining(), offset);
		}
		catch (MappedFaultException ex) {
			throw told(ex, first);
		}
	}

	/** A fault after the first chunk is met, and told of, by the caller's next call. */
	private MappedFaultException told(MappedFaultException fault, boolean first) {
		return first ? this.guard.told(fault) : fault;
	}

	/** A caller whose call did something must learn how much. */
	private static void throwIfFirst(IOException failure, long done) throws IOException {
		if (done == 0) {
			throw failure;
		}
	}

	@Override
	public boolean isOpen() {
		return this.cursor.isOpen();
	}

	@Override
	public void close() {
		this.cursor.close();
	}

	private void requireReadable() throws IOException {
		this.cursor.requireOpen();
		this.file.requireReadable();
	}

	private void requireWritable() throws IOException {
		this.cursor.requireOpen();
		this.file.requireWritable();
	}

	private static void requireOpen(boolean open) throws ClosedChannelException {
		if (!open) {
			throw new ClosedChannelException();
		}
	}

	private static void requireNotNegative(String what, long value) {
		if (value < 0) {
			throw new IllegalArgumentException("Negative " + what + ": " + value);
		}
	}

	@Override
	public String toString() {
		return "MmapChannel[" + this.file.path() + ", at " + this.cursor.offset() + (isOpen() ? "]" : ", closed]");
	}

}
