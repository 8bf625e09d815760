package dev.yammap.internal.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ClosedChannelException;

import dev.yammap.MappedFaultException;
import dev.yammap.WriteOperation;
import dev.yammap.internal.fault.FaultBarrier;
import dev.yammap.internal.fault.FaultGuard.Access;
import dev.yammap.internal.fault.FaultGuard.Action;
import dev.yammap.internal.file.LeakDetector;
import dev.yammap.internal.file.Lifecycle;
import dev.yammap.internal.file.MappedFile;
import dev.yammap.internal.os.BackendFile;
import dev.yammap.internal.os.Printable;
import dev.yammap.internal.os.Remedies;

/**
 * The slow ways to places of a file that a load or store alone does not reach. They may
 * be behind the end of the file. A backend may have mapped less than the file has; an
 * access behind that throws {@link IndexOutOfBoundsException}, which costs the others
 * nothing, and comes here. And an atomic update must know that its page can be had.
 */
public final class SlowPath {

	private final MappedFile file;

	private final BackendFile backing;

	private final Lifecycle life;

	private final UpdateGate updates;

	public SlowPath(MappedFile file, BackendFile backing, Lifecycle life) {
		this.file = file;
		this.backing = backing;
		this.life = life;
		this.updates = new UpdateGate(file.path());
	}

	/** What holds up atomic updates. */
	public UpdateGate updates() {
		return this.updates;
	}

	/** Makes the file shorter, for a caller that sees to it that its size stays. */
	public void shrink(long newSize) throws IOException {
		this.updates.holdUpDuring(() -> {
			this.backing.shrink(newSize);
			this.file.publish(newSize);
		});
	}

	/**
	 * Reads from within the file, which may be mapped so far by now.
	 * @throws InternalError as a load would, if the file is shorter than is known
	 */
	void read(MemorySegment target, long index, long length, long offset) throws IOException {
		MemorySegment mapping = this.file.mapping();
		if (offset <= mapping.byteSize() - length) {
			MemorySegment.copy(mapping, offset, target, index, length);
			LeakDetector.keep(this);
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
		return this.file.sizeLock().write(WriteOperation.WRITE, () -> {
			this.file.requireOpen();
			if (offset > this.file.size() - length) {
				return false;
			}
			if (this.backing.size() < this.file.size()) {
				throw FaultBarrier.fault();
			}
			writing(() -> put(source, index, length, offset));
			return true;
		});
	}

	/**
	 * Writes to a place that is at least partly behind the end.
	 * @return {@code false}, with nothing written, if somebody else has made the file so
	 * long meanwhile that the place is within it
	 */
	boolean writePastEnd(MemorySegment source, long index, long length, long offset) throws IOException {
		return this.file.sizeLock().write(WriteOperation.GROWTH, () -> {
			long current = this.file.currentSize();
			if (offset <= current - length) {
				return false;
			}
			this.file.mapForGrowth(offset, length);
			// First what can fail for lack of space, then the stores into what exists.
			long inside = Math.max(0, current - offset);
			writing(() -> {
				this.backing.extend(current, source, index + inside, length - inside, offset + inside);
				if (inside > 0) {
					overwrite(source, index, length, offset, current);
				}
			});
			this.file.publish(offset + length);
			return true;
		});
	}

	/** What fails may have written something. */
	private void writing(Action action) throws IOException {
		boolean done = false;
		try {
			action.run();
			done = true;
		}
		finally {
			if (!done) {
				this.file.unsynced().wrote();
			}
		}
	}

	/** Writes the part within the file, once the part behind its end is written. */
	private void overwrite(MemorySegment source, long index, long length, long offset, long oldSize)
			throws IOException {
		long end = offset + length;
		try {
			put(source, index, oldSize - offset, offset);
		}
		catch (InternalError error) {
			FaultBarrier.requireFault(error);
			if (this.backing.undoAppend(end, end - oldSize)) {
				throw error;
			}
			throw new MappedFaultException("Cannot write " + length + " bytes at offset " + offset + " of "
					+ Printable.of(this.file.path()) + ": the operating system could not provide a page"
					+ Remedies.staying(end - oldSize, oldSize), error);
		}
		catch (IOException ex) {
			if (this.backing.undoAppend(end, end - oldSize)) {
				throw ex;
			}
			throw new IOException(ex.getMessage() + Remedies.staying(end - oldSize, oldSize), ex);
		}
	}

	/** Writes within the file, for a caller that knows the place to be and to stay so. */
	private void put(MemorySegment source, long index, long length, long offset) throws IOException {
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
	public void map(long offset, long length) throws IOException {
		this.file.within(offset, length);
		this.file.mapAll();
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
	public static <T> T unchecked(Access<T> body) {
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
