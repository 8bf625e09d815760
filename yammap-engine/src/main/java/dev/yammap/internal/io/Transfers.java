package dev.yammap.internal.io;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ClosedChannelException;
import java.util.List;

import dev.yammap.internal.fault.FaultBarrier;
import dev.yammap.internal.file.FaultGuard;
import dev.yammap.internal.file.Bytes;
import dev.yammap.internal.file.FileGrowth;
import dev.yammap.internal.file.Lifecycle;
import dev.yammap.internal.file.MappedFile;
import dev.yammap.internal.os.IoCall;

/**
 * Copies between a file and the caller's arrays and buffers, at any place. No lock is
 * taken where the file need not grow.
 * <p>
 * The common case, a place within the first mapping of the file, takes a short way. Each
 * object on that way costs 2 to 5 ns behind a copy of 4 KiB. A call that is nested more
 * deeply than the compiler inlines (MaxInlineLevel of HotSpot: 15) costs 30 ns, and a
 * copy of the JDK takes eight of these levels. If anything goes wrong, the short way
 * ends, and the call begins again on the long way. There it goes wrong again, and the
 * long way finds out what that means.
 */
public record Transfers(MappedFile file, FileGrowth growth, SlowPath slow, FaultGuard guard) {

	/** The length of a segment, in bytes, that is copied by several calls. */
	private static final int LONGEST_COPY = 256 << 20;

	/** As {@link dev.yammap.Mmap#readAt(byte[], int, int, long)}. */
	public int readAt(MemorySegment first, Object target, int index, int length, long offset) throws IOException {
		FaultBarrier.await(this.file.highestBit());
		if (isWithin(this.file.readEnd(), length, offset)) {
			try {
				Bytes.read(first, offset, target, index, length);
				FaultBarrier.awaitCopy(this);
				return length;
			}
			catch (InternalError error) {
				FaultBarrier.requireFault(error);
			}
			catch (IllegalStateException ex) {
				// The file is closed, or the memory of the buffer.
			}
		}
		return read("readAt", target, index, length, offset);
	}

	/** As {@link dev.yammap.Mmap#readAt(MemorySegment, long)}. */
	public long readAt(MemorySegment first, MemorySegment target, long offset) throws IOException {
		long length = target.byteSize();
		if (length <= LONGEST_COPY) {
			return readAt(first, target, 0, (int) length, offset);
		}
		long done = 0;
		while (done < length) {
			int part = (int) Math.min(length - done, LONGEST_COPY);
			int count = readAt(first, target.asSlice(done, part), 0, part, offset + done);
			if (count < part) {
				return (done > 0) ? done + Math.max(count, 0) : count;
			}
			done += part;
		}
		return done;
	}

	/** Checks the place before the copy: the first mapping may not reach that far. */
	private static boolean isWithin(long end, int length, long offset) {
		return length > 0 && offset >= 0 && offset <= end - length;
	}

	/** The long way. */
	int read(String operation, Object target, int index, int length, long offset) throws IOException {
		FaultBarrier.await();
		this.file.requireReadable();
		Bytes.requireNotNegative("offset", offset);
		try {
			return copyOut(target, index, length, offset);
		}
		catch (InternalError error) {
			return this.guard.repeat(error, operation, offset, length,
					() -> read(operation, target, index, length, offset));
		}
		catch (IllegalStateException ex) {
			throw Lifecycle.closedMeanwhile(this.file, ex);
		}
	}

	/** The same into one target after the other. */
	long read(String operation, List<MemorySegment> targets, long offset) throws IOException {
		long done = 0;
		for (MemorySegment target : targets) {
			int length = (int) target.byteSize();
			int count = read(operation, target, 0, length, offset + done);
			if (count < length) {
				return (done > 0) ? done + Math.max(count, 0) : count;
			}
			done += count;
		}
		return done;
	}

	private int copyOut(Object target, int index, int length, long offset) throws IOException {
		if (offset > this.file.size() - length || length == 0) {
			return copyOutAtEnd(target, index, length, offset);
		}
		copyOutWithin(target, index, length, offset);
		return length;
	}

	private int copyOutAtEnd(Object target, int index, int length, long offset) throws IOException {
		this.file.requireOpen();
		if (length == 0) {
			return 0;
		}
		long end = this.file.lastSize();
		if (offset >= end) {
			end = this.growth.lock().refresh();
		}
		if (offset >= end) {
			return -1;
		}
		int count = (int) Math.min(length, end - offset);
		copyOutWithin(target, index, count, offset);
		return count;
	}

	private void copyOutWithin(Object target, int index, int length, long offset) throws IOException {
		try {
			Bytes.read(this.file.mapping(), offset, target, index, length);
		}
		catch (IndexOutOfBoundsException ex) {
			this.slow.read(Bytes.segment(target), index, length, offset);
		}
		FaultBarrier.awaitCopy(this);
	}

	/** As {@link dev.yammap.Mmap#writeAt(byte[], int, int, long)}, without the sync. */
	public void writeAt(MemorySegment first, Object source, int index, int length, long offset) throws IOException {
		FaultBarrier.await(this.file.highestBit());
		boolean begun = isWithin(this.file.writeEnd(), length, offset);
		if (begun) {
			try {
				Bytes.write(source, index, first, offset, length);
				FaultBarrier.awaitCopy(this);
				return;
			}
			catch (InternalError error) {
				FaultBarrier.requireFault(error);
				this.growth.lock().mayBeWritten();
			}
			catch (IllegalStateException ex) {
				// The file is closed, or the memory of the buffer.
			}
		}
		write("writeAt", source, index, length, offset, begun);
	}

	/**
	 * As {@link dev.yammap.Mmap#writeAt(MemorySegment, long)}, without the sync. A long
	 * segment is copied in parts. The file grows first, so that either all parts have
	 * their place, or nothing is written.
	 */
	public void writeAt(MemorySegment first, MemorySegment source, long offset) throws IOException {
		long length = source.byteSize();
		if (length <= LONGEST_COPY) {
			writeAt(first, source, 0, (int) length, offset);
			return;
		}
		FaultBarrier.await();
		this.file.requireOverwritable();
		Bytes.requireNotNegative("offset", offset);
		this.growth.requireRoom(offset, length);
		long done = 0;
		try {
			while (done < length) {
				int part = (int) Math.min(length - done, LONGEST_COPY);
				writeAt(first, source.asSlice(done, part), 0, part, offset + done);
				done += part;
			}
		}
		catch (ClosedChannelException ex) {
			throw Lifecycle.closedMeanwhile(ex);
		}
		finally {
			if (done < length) {
				this.growth.lock().mayBeWritten();
			}
		}
	}

	/**
	 * The long way.
	 * @param begun whether a part of the bytes may be written: if the file is closed by
	 * now, the caller must know
	 */
	void write(String operation, Object source, int index, int length, long offset, boolean begun) throws IOException {
		FaultBarrier.await();
		this.file.requireOverwritable();
		Bytes.requireNotNegative("offset", offset);
		if (!begun) {
			this.file.requireOpen();
		}
		try {
			for (int done = 0; done < length;) {
				done += copySome(source, index + done, length - done, offset + done);
			}
		}
		catch (ClosedChannelException ex) {
			throw Lifecycle.closedMeanwhile(ex);
		}
		catch (InternalError error) {
			this.guard.repeat(error, operation, offset, length,
					IoCall.of(() -> write(operation, source, index, length, offset, true)));
		}
		catch (IllegalStateException ex) {
			IllegalStateException closed = Lifecycle.closedMeanwhile(this.file, ex);
			// The memory of the caller was closed, maybe while it was copied.
			this.growth.lock().mayBeWritten();
			throw closed;
		}
	}

	/** Returns how many bytes it wrote: 0 if the size of the file changed meanwhile. */
	private int copySome(Object source, int index, int length, long offset) throws IOException {
		boolean inParts = Bytes.isInParts(source, length);
		if (offset > this.file.size() - length) {
			if (inParts) {
				this.growth.requireRoom(offset, length);
				return 0;
			}
			return this.growth.extend(settled(source, index, length), 0, length, offset) ? length : 0;
		}
		try {
			Bytes.write(source, index, this.file.mapping(), offset, length);
			FaultBarrier.awaitCopy(this);
			return length;
		}
		catch (IndexOutOfBoundsException ex) {
			int part = inParts ? Bytes.PART : length;
			return this.slow.write(settled(source, index, part), 0, part, offset) ? part : 0;
		}
	}

	private MemorySegment settled(Object source, int index, int length) throws IOException {
		return Bytes.settled(this.file.path(), source, index, length);
	}

	/**
	 * Writes at the end of the file, wherever that is.
	 * @return where the bytes are
	 */
	public long append(Object source, int index, int length) throws IOException {
		FaultBarrier.await();
		this.file.requireWritable();
		if (length == 0) {
			this.file.requireOpen();
			return this.file.lastSize();
		}
		return this.growth.append(source, index, length);
	}

}
