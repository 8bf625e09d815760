package dev.yammap.internal.os.portable;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.yammap.internal.os.CallThreads;
import dev.yammap.internal.os.ProcessLimits;

/**
 * The mappings of one file. Each begins at the start of the file and is longer than the
 * one before, which stays. A mapping made by a {@link FileChannel} cannot be longer than
 * the file: the file would grow. So the newest mapping lags behind a file that grows, and
 * another is made only once the file is longer by a third. Their number is then
 * logarithmic in the size, and few writes pay for a mapping (some 100 µs).
 */
final class Mappings {

	/** A file must grow by at least this much before another mapping is worth it. */
	private static final long LEAST_STEP = 64 << 10;

	/**
	 * Another mapping is worth it once the file has grown by one part in so many of what
	 * is mapped.
	 */
	private static final int STEP_SHARE = 3;

	/**
	 * With fewer mappings than this, any growth on purpose gets another one. The system
	 * has a limit for them (65,530 per process on Linux).
	 */
	private static final int GENEROUS_COUNT = 8;

	private final Path path;

	private final RandomAccessFile file;

	private final MapMode mode;

	private final Arena arena = Arena.ofShared();

	private final List<MemorySegment> all = new CopyOnWriteArrayList<>();

	/** After a failed attempt, no other is made before the file has this size. */
	private long attemptSize;

	Mappings(Path path, RandomAccessFile file, MapMode mode) {
		this.path = path;
		this.file = file;
		this.mode = mode;
	}

	/** Returns the newest mapping, or makes a longer one if that is worth it by now. */
	MemorySegment follow(long size) throws IOException {
		if (this.all.isEmpty()) {
			return map(size);
		}
		MemorySegment newest = this.all.getLast();
		long step = Math.max(LEAST_STEP, newest.byteSize() / STEP_SHARE);
		return (size - newest.byteSize() < step) ? newest : tryToMap(size, newest);
	}

	/** Maps a file that was made longer on purpose, as it is about to be stored into. */
	void followAtOnce(long size) throws IOException {
		MemorySegment newest = this.all.getLast();
		if (this.all.size() < GENEROUS_COUNT) {
			tryToMap(size, newest);
		}
		else {
			follow(size);
		}
	}

	/**
	 * Tries to map. A failure does no harm, as what is not mapped can be reached by other
	 * calls.
	 */
	private MemorySegment tryToMap(long size, MemorySegment newest) throws IOException {
		long present = Math.min(size, this.file.length());
		if (present <= newest.byteSize() || present < this.attemptSize) {
			return newest;
		}
		try {
			return map(present);
		}
		catch (IOException ex) {
			this.attemptSize = (size > Long.MAX_VALUE / 2) ? Long.MAX_VALUE : 2 * size;
			return newest;
		}
	}

	/** Maps the whole file, even if that is not worth it yet. */
	MemorySegment mapAll(long size) throws IOException {
		MemorySegment newest = this.all.getLast();
		long present = Math.min(size, this.file.length());
		return (present <= newest.byteSize()) ? newest : map(present);
	}

	private MemorySegment map(long size) throws IOException {
		MemorySegment mapping;
		try {
			mapping = (size == 0) ? empty() : mapFile(size);
		}
		catch (IOException ex) {
			throw Failures.explain("map", this.path, ", " + size + " bytes", ex);
		}
		this.all.add(mapping);
		return mapping;
	}

	/**
	 * Maps the file, if enough mappings are left. The operating system would refuse too
	 * late: see {@link ProcessLimits}.
	 */
	private MemorySegment mapFile(long size) throws IOException {
		if (!ProcessLimits.OF_THIS_PROCESS.allowMapping()) {
			throw new IOException("Cannot allocate memory");
		}
		return CallThreads.call(() -> this.file.getChannel().map(this.mode, 0, size, this.arena));
	}

	private MemorySegment empty() {
		MemorySegment empty = this.arena.allocate(0);
		return this.mode.equals(MapMode.READ_ONLY) ? empty.asReadOnly() : empty;
	}

	MemorySegment.Scope scope() {
		return this.arena.scope();
	}

	long size() {
		return this.arena.scope().isAlive() ? this.all.stream().mapToLong(MemorySegment::byteSize).sum() : 0;
	}

	/** Writes back what was stored through any mapping. */
	void force() throws IOException {
		try {
			this.all.stream().filter(MemorySegment::isMapped).forEach(MemorySegment::force);
		}
		catch (UncheckedIOException ex) {
			throw ex.getCause();
		}
	}

	void unmapAll() {
		if (this.arena.scope().isAlive()) {
			this.arena.close();
		}
	}

}
