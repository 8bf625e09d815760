package dev.yammap.internal.os;

import dev.yammap.Advice;
import dev.yammap.LockMode;
import dev.yammap.MapMode;

/**
 * How a file is mapped, and locked meanwhile.
 *
 * @param mode who sees what is written
 * @param reserve how much address space to reserve for growth, in bytes, or negative for
 * the backend's own choice
 * @param maxSize the size past which the file will not grow, in bytes
 * @param populate whether the file's pages are mapped at once
 * @param locked whether the file's pages are kept in memory
 * @param advice how the file is used
 * @param lock which lock is taken on the file
 */
public record MappingOptions(MapMode mode, long reserve, long maxSize, boolean populate, boolean locked, Advice advice,
		LockMode lock) {

	/** Stands for the backend's own choice of a reservation. */
	public static final long DEFAULT_RESERVE = -1;

	/** Stands for no limit of the size. */
	public static final long UNLIMITED = Long.MAX_VALUE;

	public static final MappingOptions DEFAULT = new MappingOptions(MapMode.SHARED, DEFAULT_RESERVE, UNLIMITED, false,
			false, Advice.NORMAL, LockMode.NONE);

	public boolean isPrivate() {
		return this.mode == MapMode.PRIVATE;
	}

	public MappingOptions withMode(MapMode mode) {
		return new MappingOptions(mode, this.reserve, this.maxSize, this.populate, this.locked, this.advice, this.lock);
	}

	public MappingOptions withReserve(long reserve) {
		return new MappingOptions(this.mode, reserve, this.maxSize, this.populate, this.locked, this.advice, this.lock);
	}

	public MappingOptions withMaxSize(long maxSize) {
		return new MappingOptions(this.mode, this.reserve, maxSize, this.populate, this.locked, this.advice, this.lock);
	}

	public MappingOptions withPopulate(boolean populate) {
		return new MappingOptions(this.mode, this.reserve, this.maxSize, populate, this.locked, this.advice, this.lock);
	}

	public MappingOptions withLocked(boolean locked) {
		return new MappingOptions(this.mode, this.reserve, this.maxSize, this.populate, locked, this.advice, this.lock);
	}

	public MappingOptions withAdvice(Advice advice) {
		return new MappingOptions(this.mode, this.reserve, this.maxSize, this.populate, this.locked, advice, this.lock);
	}

	public MappingOptions withLock(LockMode lock) {
		return new MappingOptions(this.mode, this.reserve, this.maxSize, this.populate, this.locked, this.advice, lock);
	}

}
