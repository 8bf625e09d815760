package dev.yammap.internal.io;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.function.ToLongFunction;

import dev.yammap.MappedFaultException;
import dev.yammap.Mmap.ViewFunction;
import dev.yammap.internal.fault.FaultBarrier;
import dev.yammap.internal.file.FaultGuard;
import dev.yammap.internal.file.FileGrowth;
import dev.yammap.internal.file.LeakDetector;
import dev.yammap.internal.file.Lifecycle;
import dev.yammap.internal.file.MappedFile;
import dev.yammap.internal.os.IoCall;
import dev.yammap.internal.os.Printable;

/**
 * Hands out the mapping itself, or a part of it: until the file is closed, or only for
 * one call.
 */
public final class Views {

	private final MappedFile file;

	private final FileGrowth growth;

	private final Lifecycle life;

	private final FaultGuard guard;

	public Views(MappedFile file, FileGrowth growth, Lifecycle life, FaultGuard guard) {
		this.file = file;
		this.growth = growth;
		this.life = life;
		this.guard = guard;
	}

	public MemorySegment lend() {
		this.life.lend();
		return whole();
	}

	public MemorySegment lend(long offset, long length) {
		this.life.lend();
		return part(offset, length);
	}

	private MemorySegment whole() {
		this.file.requireReadable();
		long end = this.file.lastSize();
		MemorySegment newest = this.file.mapping();
		return open((end <= newest.byteSize()) ? newest.asSlice(0, end) : mapped());
	}

	/**
	 * Returns a part for use within a call. The caller keeps the file reachable
	 * meanwhile.
	 */
	public MemorySegment part(long offset, long length) {
		this.file.requireReadable();
		MemorySegment newest = this.file.within(offset, length);
		boolean mapped = offset <= newest.byteSize() - length;
		return open(mapped ? newest.asSlice(offset, length) : mapped(offset, length));
	}

	private MemorySegment open(MemorySegment slice) {
		if (!this.file.isOpen() || !slice.scope().isAlive()) {
			throw new IllegalStateException(Printable.of(this.file.path()) + " is closed");
		}
		return this.file.isAppend() ? slice.asReadOnly() : slice;
	}

	/** Maps the whole file, and returns it in the size that it then has. */
	private MemorySegment mapped() {
		return SlowPath.unchecked(this.file,
				() -> this.growth.lock().whileSizeStays(() -> mapped(0, this.file.lastSize())));
	}

	/**
	 * Maps a range, and with it the whole file.
	 * @throws IndexOutOfBoundsException if the range is not within the file
	 */
	private MemorySegment mapped(long offset, long length) {
		return SlowPath.unchecked(this.file, () -> this.growth.lock().whileSizeStays(() -> {
			this.growth.lock().map(offset, length);
			return this.file.mapping().asSlice(offset, length);
		}));
	}

	/**
	 * As {@link dev.yammap.Mmap#access}. What the body throws passes as if it were
	 * unchecked.
	 */
	public <R> R access(long offset, long length, ViewFunction<R, RuntimeException> body) throws IOException {
		FaultBarrier.await();
		try {
			return run(offset, length, body);
		}
		catch (InternalError error) {
			return repeatAccess(error, offset, length, () -> run(offset, length, body));
		}
		catch (IllegalStateException ex) {
			throw Lifecycle.closedMeanwhile(this.file, ex);
		}
	}

	public long accessLong(long offset, long length, ToLongFunction<MemorySegment> body) throws IOException {
		FaultBarrier.await();
		try {
			return runLong(offset, length, body);
		}
		catch (InternalError error) {
			return repeatAccess(error, offset, length, () -> runLong(offset, length, body));
		}
		catch (IllegalStateException ex) {
			throw Lifecycle.closedMeanwhile(this.file, ex);
		}
	}

	/**
	 * Runs the body with the barrier behind every exit of it, as a fault may arrive at
	 * any of them. The body may also have failed because it read garbage in place of a
	 * missing page.
	 */
	private <R> R run(long offset, long length, ViewFunction<R, RuntimeException> body) {
		MemorySegment view = part(offset, length);
		try {
			R result = body.apply(view);
			await();
			return result;
		}
		catch (Throwable failure) {
			await();
			throw failure;
		}
	}

	private long runLong(long offset, long length, ToLongFunction<MemorySegment> body) {
		MemorySegment view = part(offset, length);
		try {
			long result = body.applyAsLong(view);
			LeakDetector.keep(this);
			return FaultBarrier.pass(result, this.file.highestBit());
		}
		catch (RuntimeException | Error failure) {
			await();
			throw failure;
		}
	}

	/**
	 * Ends an access. Until here it keeps the file from being found lost: see
	 * {@link LeakDetector}.
	 */
	private void await() {
		LeakDetector.keep(this);
		FaultBarrier.awaitCopy();
	}

	private <R> R repeatAccess(InternalError error, long offset, long length, IoCall<R> access) throws IOException {
		try {
			return this.guard.repeat(error, "access", offset, length, access);
		}
		catch (MappedFaultException ex) {
			throw this.guard.told(ex);
		}
		catch (IllegalStateException ex) {
			throw Lifecycle.closedMeanwhile(this.file, ex);
		}
	}

}
