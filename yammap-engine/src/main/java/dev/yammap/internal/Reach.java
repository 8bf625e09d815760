package dev.yammap.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ClosedChannelException;

import dev.yammap.internal.FaultGuard.Access;
import dev.yammap.internal.backend.BackendFile;

/**
 * The slow ways to places of a file that a load or store alone does not reach. A backend
 * may have mapped less than the file has; an access behind that throws
 * {@link IndexOutOfBoundsException}, which costs the others nothing, and comes here. And
 * an atomic update must know that its page can be had.
 */
final class Reach {

	private final MappedFile file;

	private final BackendFile backing;

	private final Life life;

	Reach(MappedFile file, BackendFile backing, Life life) {
		this.file = file;
		this.backing = backing;
		this.life = life;
	}

	/**
	 * Reads from within the file, which may be mapped so far by now.
	 * @throws InternalError as a load would, if the file is shorter than is known
	 */
	void read(MemorySegment target, long index, long length, long offset) throws IOException {
		MemorySegment mapping = this.file.mapping();
		if (offset <= mapping.byteSize() - length) {
			MemorySegment.copy(mapping, offset, target, index, length);
			FaultBarrier.await();
			return;
		}
		long count = this.life.whileOpen(() -> this.backing.read(target, index, length, offset));
		if (count < length) {
			throw FaultBarrier.fault();
		}
	}

	/**
	 * Writes to within the file.
	 * @return {@code false}, with nothing written, if the place is not within it any more
	 */
	boolean write(MemorySegment source, long index, long length, long offset) throws IOException {
		return this.file.whileSizeStays(() -> {
			this.file.requireOpen();
			if (offset > this.file.size() - length) {
				return false;
			}
			if (this.backing.size() < this.file.size()) {
				throw FaultBarrier.fault();
			}
			put(source, index, length, offset);
			return true;
		});
	}

	/**
	 * The same for a caller that knows the place to be within the file, and to stay so.
	 */
	void put(MemorySegment source, long index, long length, long offset) throws IOException {
		MemorySegment mapping = this.file.mapping();
		if (offset <= mapping.byteSize() - length) {
			MemorySegment.copy(source, index, mapping, offset, length);
			FaultBarrier.await();
		}
		else {
			this.backing.write(source, index, length, offset);
		}
	}

	/**
	 * Reads a single value.
	 * @return a copy of its bytes
	 * @throws IndexOutOfBoundsException if it is not within the file
	 */
	MemorySegment load(long offset, int length) throws IOException {
		this.file.within(offset, length);
		MemorySegment value = MemorySegment.ofArray(new byte[length]);
		read(value, 0, length, offset);
		return value;
	}

	/**
	 * Writes a single value.
	 * @throws IndexOutOfBoundsException if it is not within the file
	 */
	void store(long offset, byte[] value) throws IOException {
		do {
			this.file.within(offset, value.length);
		}
		while (!write(MemorySegment.ofArray(value), 0, value.length, offset));
	}

	/**
	 * Has a range mapped.
	 * @throws IndexOutOfBoundsException if it is not within the file
	 */
	void map(long offset, long length) throws IOException {
		this.file.within(offset, length);
		this.file.mapAll();
	}

	/**
	 * Returns a view of a range.
	 * @throws IndexOutOfBoundsException if it is not within the file
	 */
	MemorySegment view(long offset, long length) {
		return unchecked(() -> this.file.whileSizeStays(() -> {
			map(offset, length);
			return this.file.mapping().asSlice(offset, length);
		}));
	}

	/** Returns a view of the whole file, as long as it is when mapped. */
	MemorySegment view() {
		return unchecked(() -> this.file.whileSizeStays(() -> view(0, this.file.size())));
	}

	/**
	 * Sees to it that an atomic update will find its page.
	 * @return {@code false} if that page cannot be had
	 */
	boolean makeWritable(long offset) {
		return this.backing.isKnownWritable(offset)
				|| unchecked(() -> this.life.whileOpen(() -> this.backing.makeWritable(offset)));
	}

	/** Fails as memory calls do. */
	private static <T> T unchecked(Access<T> body) {
		try {
			return body.run();
		}
		catch (ClosedChannelException ex) {
			throw new IllegalStateException("Already closed", ex);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
