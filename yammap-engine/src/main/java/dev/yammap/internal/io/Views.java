package dev.yammap.internal.io;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.function.ToLongFunction;

import dev.yammap.Mmap.ViewFunction;
import dev.yammap.internal.fault.FaultBarrier;
import dev.yammap.internal.file.DirtyFlag;
import dev.yammap.internal.file.FaultGuard;
import dev.yammap.internal.file.FileGrowth;
import dev.yammap.internal.file.Lifecycle;
import dev.yammap.internal.file.MappedFile;
import dev.yammap.internal.os.IoCall;
import dev.yammap.internal.os.Printable;

/**
 * Hands out the mapping itself, or a part of it: until the file is closed, or only for
 * one call.
 */
public record Views(MappedFile file, FileGrowth growth, Lifecycle life, DirtyFlag dirty, FaultGuard guard) {

	public MemorySegment lend() {
		this.dirty.lend();
		this.life.lend();
		return whole();
	}

	public MemorySegment lend(long offset, long length) {
		this.dirty.lend();
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
		return FaultGuard.unchecked(this.file.path(),
				() -> this.growth.lock().whileSizeStays(() -> mapped(0, this.file.lastSize())));
	}

	/**
	 * Maps a range, and with it the whole file.
	 * @throws IndexOutOfBoundsException if the range is not within the file
	 */
	private MemorySegment mapped(long offset, long length) {
		return FaultGuard.unchecked(this.file.path(), () -> this.growth.lock().whileSizeStays(() -> {
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
		finally {
			this.dirty.accessed();
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
		finally {
			this.dirty.accessed();
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
			FaultBarrier.awaitCopy(this);
			return result;
		}
		catch (Throwable failure) {
			FaultBarrier.awaitCopy(this);
			throw failure;
		}
	}

	private long runLong(long offset, long length, ToLongFunction<MemorySegment> body) {
		MemorySegment view = part(offset, length);
		try {
			long result = body.applyAsLong(view);
			return FaultBarrier.pass(this, result, this.file.highestBit());
		}
		catch (RuntimeException | Error failure) {
			FaultBarrier.awaitCopy(this);
			throw failure;
		}
	}

	private <R> R repeatAccess(InternalError error, long offset, long length, IoCall<R> access) throws IOException {
		try {
			return this.guard.repeat(error, "access", offset, length, access);
		}
		catch (IllegalStateException ex) {
			throw Lifecycle.closedMeanwhile(this.file, ex);
		}
	}

}
