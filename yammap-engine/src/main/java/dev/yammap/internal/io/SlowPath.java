package dev.yammap.internal.io;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import dev.yammap.MmapListener.WriteOperation;
import dev.yammap.internal.fault.FaultBarrier;
import dev.yammap.internal.file.FaultGuard;
import dev.yammap.internal.file.FileGrowth;
import dev.yammap.internal.file.Lifecycle;
import dev.yammap.internal.file.MappedFile;
import dev.yammap.internal.file.SizeLock;
import dev.yammap.internal.os.BackendFile;

/**
 * The slow way to places that a plain load or store does not reach. A backend may have
 * mapped less than the whole file. An access behind that part throws an
 * {@link IndexOutOfBoundsException}, which costs other accesses nothing, and comes here.
 * An atomic update comes here, too, to make sure that its page is available.
 */
public record SlowPath(MappedFile file, BackendFile backing, Lifecycle life, FileGrowth growth) {

	private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

	/**
	 * Reads from within the file. The place may be mapped by now.
	 * @throws InternalError as a load would, if the file is shorter than is known
	 */
	void read(MemorySegment target, long index, long length, long offset) throws IOException {
		MemorySegment mapping = this.file.mapping();
		if (offset <= mapping.byteSize() - length) {
			MemorySegment.copy(mapping, offset, target, index, length);
			FaultBarrier.awaitCopy(this);
			return;
		}
		long count = this.life.whileOpen(() -> this.backing.read(target, index, length, offset));
		if (count < length) {
			throw FaultBarrier.fault();
		}
	}

	/**
	 * Writes to a place within the file.
	 * @return {@code false}, with nothing written, if the place is not within it any more
	 * @throws InternalError as a store would, if the file is shorter than is known
	 */
	boolean write(MemorySegment source, long index, long length, long offset) throws IOException {
		SizeLock lock = this.growth.lock();
		lock.lock();
		try {
			this.file.requireOpen();
			if (offset > this.file.size() - length) {
				return false;
			}
			if (this.backing.size() < this.file.size()) {
				throw FaultBarrier.fault();
			}
			lock.begun();
			this.growth.put(source, index, length, offset);
			lock.done();
			return true;
		}
		catch (IOException ex) {
			throw lock.noted(WriteOperation.WRITE, ex);
		}
		finally {
			lock.unlock();
		}
	}

	/**
	 * Reads a single value.
	 * @return its bits, little-endian, and zeros above them
	 * @throws IndexOutOfBoundsException if it is not within the file
	 */
	long load(long offset, int length) throws IOException {
		this.file.within(offset, length);
		MemorySegment value = MemorySegment.ofArray(new byte[Long.BYTES]);
		read(value, 0, length, offset);
		return value.get(LONG, 0);
	}

	/**
	 * Writes a single value.
	 * @throws IndexOutOfBoundsException if it is not within the file
	 */
	void store(long offset, int length, long value) throws IOException {
		MemorySegment bytes = MemorySegment.ofArray(new byte[Long.BYTES]);
		bytes.set(LONG, 0, value);
		do {
			this.file.within(offset, length);
		}
		while (!write(bytes, 0, length, offset));
	}

	/**
	 * Makes sure that an atomic update will find its page.
	 * @return {@code false} if the page is unavailable
	 */
	boolean makeWritable(long offset) {
		return this.backing.isKnownWritable(offset) || FaultGuard.unchecked(this.file.path(),
				() -> this.life.whileOpen(() -> this.backing.makeWritable(offset)));
	}

}
