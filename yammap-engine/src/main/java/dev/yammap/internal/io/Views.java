package dev.yammap.internal.io;

import java.lang.foreign.MemorySegment;

import dev.yammap.internal.file.FileGrowth;
import dev.yammap.internal.file.Lifecycle;
import dev.yammap.internal.file.MappedFile;
import dev.yammap.internal.os.Printable;

/**
 * Hands out the mapping itself, or a part of it: until the file is closed, or only for
 * one call.
 */
public final class Views {

	private final MappedFile file;

	private final FileGrowth growth;

	private final Lifecycle life;

	public Views(MappedFile file, FileGrowth growth, Lifecycle life) {
		this.file = file;
		this.growth = growth;
		this.life = life;
	}

	/** Returns what {@link dev.yammap.Mmap#segment()} returns. */
	public MemorySegment lend() {
		this.life.lend();
		return whole();
	}

	/** Returns what {@link dev.yammap.Mmap#segment(long, long)} returns. */
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

}
