package dev.yammap.spring.boot;

import dev.yammap.LockMode;

/**
 * Which lock is held on a file.
 */
public enum FileLock {

	/**
	 * Exclusive if the file can be changed, none otherwise.
	 */
	AUTO,

	/**
	 * None.
	 */
	NONE,

	/**
	 * Any number of these, but none beside an exclusive one.
	 */
	SHARED,

	/**
	 * One at a time.
	 */
	EXCLUSIVE;

	/**
	 * Returns the lock to take.
	 * @param access what may be done with the file
	 * @return the lock in the words of the engine
	 */
	public LockMode mode(FileAccess access) {
		return switch (this) {
			case AUTO -> access.changesFile() ? LockMode.EXCLUSIVE : LockMode.NONE;
			case NONE -> LockMode.NONE;
			case SHARED -> LockMode.SHARED;
			case EXCLUSIVE -> LockMode.EXCLUSIVE;
		};
	}

}
