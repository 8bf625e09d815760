package dev.yammap.model;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

import dev.yammap.Advice;
import dev.yammap.Backend;
import dev.yammap.LockMode;
import dev.yammap.MapMode;
import dev.yammap.Mmap;

/**
 * How a file is opened, and what is there before.
 *
 * @param backend the backend
 * @param options the options, of which nothing need be legal
 * @param mode who sees what is written
 * @param present the size of the file before, or {@link #ABSENT}
 * @param size the least size
 * @param maxSize the greatest size
 * @param reserve the size of the reservation
 * @param flags the settings that are on or off
 * @param advice what the kernel is told
 * @param lock the lock that is taken
 */
record Setup(Backend backend, Set<StandardOpenOption> options, MapMode mode, long present, long size, long maxSize,
		long reserve, Set<Flag> flags, Advice advice, LockMode lock) {

	static final long ABSENT = -1;

	static final long UNLIMITED = Long.MAX_VALUE;

	boolean reads() {
		return has(StandardOpenOption.READ) || !writes();
	}

	boolean writes() {
		return has(StandardOpenOption.WRITE) || appends();
	}

	boolean appends() {
		return has(StandardOpenOption.APPEND);
	}

	boolean overwrites() {
		return writes() && !appends();
	}

	boolean isPrivate() {
		return this.mode == MapMode.PRIVATE;
	}

	boolean syncsOnWrite() {
		return has(StandardOpenOption.SYNC) || has(StandardOpenOption.DSYNC);
	}

	boolean isNative() {
		return this.backend == Backend.NATIVE;
	}

	boolean isLocked() {
		return this.flags.contains(Flag.LOCKED);
	}

	private boolean has(StandardOpenOption option) {
		return this.options.contains(option);
	}

	private boolean creates() {
		return has(StandardOpenOption.CREATE) || has(StandardOpenOption.CREATE_NEW);
	}

	boolean empties() {
		return has(StandardOpenOption.TRUNCATE_EXISTING);
	}

	/**
	 * Returns all that is to be said against it; if nothing is, the file can be opened.
	 */
	Set<Class<? extends Exception>> problems() {
		Set<Class<? extends Exception>> problems = new HashSet<>();
		if (isContradictory()) {
			problems.add(IllegalArgumentException.class);
		}
		if (!isNative() && (isLocked() || this.advice != Advice.NORMAL)) {
			problems.add(UnsupportedOperationException.class);
		}
		if (this.present == ABSENT && !creates()) {
			problems.add(NoSuchFileException.class);
		}
		if (this.present != ABSENT && has(StandardOpenOption.CREATE_NEW)) {
			problems.add(FileAlreadyExistsException.class);
		}
		if (this.present > this.maxSize && !empties()) {
			problems.add(IOException.class);
		}
		return problems;
	}

	private boolean isContradictory() {
		boolean changesFile = writes() && !isPrivate();
		return (isPrivate() && appends()) || (!changesFile && (creates() || empties() || this.size > 0))
				|| (!changesFile && this.lock == LockMode.EXCLUSIVE) || this.size > this.maxSize
				|| (!writes() && this.advice == Advice.POPULATE_WRITE);
	}

	/**
	 * Returns what is nearest to this and can be opened.
	 */
	Setup legal() {
		boolean isPrivate = isPrivate() && !appends();
		boolean changesFile = writes() && !isPrivate;
		Set<StandardOpenOption> allowed = new HashSet<>(this.options);
		if (!changesFile) {
			allowed.removeAll(Set.of(StandardOpenOption.CREATE, StandardOpenOption.CREATE_NEW,
					StandardOpenOption.TRUNCATE_EXISTING));
		}
		long before = this.present;
		if (allowed.contains(StandardOpenOption.CREATE_NEW)) {
			before = ABSENT;
		}
		else if (!allowed.contains(StandardOpenOption.CREATE)) {
			before = Math.max(before, 0);
		}
		Set<Flag> allowedFlags = new HashSet<>(this.flags);
		if (!isNative()) {
			allowedFlags.remove(Flag.LOCKED);
		}
		boolean adviceRefused = !isNative() || (this.advice == Advice.POPULATE_WRITE && !writes());
		boolean lockRefused = !changesFile && this.lock == LockMode.EXCLUSIVE;
		long most = Math.max(this.maxSize, before);
		return new Setup(this.backend, allowed, isPrivate ? MapMode.PRIVATE : MapMode.SHARED, before,
				changesFile ? Math.min(this.size, most) : 0, most, this.reserve, allowedFlags,
				adviceRefused ? Advice.NORMAL : this.advice, lockRefused ? LockMode.NONE : this.lock);
	}

	/**
	 * Returns what opens the file a second time.
	 */
	Setup again() {
		Set<StandardOpenOption> more = new HashSet<>(this.options);
		more.remove(StandardOpenOption.CREATE_NEW);
		return new Setup(this.backend, more, this.mode, this.present, this.size, this.maxSize, this.reserve, this.flags,
				this.advice, this.lock);
	}

	/**
	 * Returns how long the file is once it is open.
	 */
	long sizeWhenOpen(long before) {
		return Math.max(this.size, empties() ? 0 : before);
	}

	/**
	 * Makes the file that is there before, with the same content each time.
	 */
	void prepare(Path path) throws IOException {
		Files.deleteIfExists(path);
		if (this.present != ABSENT) {
			Files.write(path, content());
		}
	}

	byte[] content() {
		byte[] content = new byte[(int) Math.max(this.present, 0)];
		new Random(this.present).nextBytes(content);
		return content;
	}

	Mmap open(Path path) throws IOException {
		Mmap.Builder builder = Mmap.builder(path)
			.backend(this.backend)
			.options(this.options.toArray(OpenOption[]::new))
			.mode(this.mode)
			.size(this.size)
			.maxSize(this.maxSize)
			.populate(this.flags.contains(Flag.POPULATE))
			.preallocate(this.flags.contains(Flag.PREALLOCATE))
			.lockInMemory(isLocked())
			.advice(this.advice)
			.lock(this.lock);
		return ((this.reserve >= 0) ? builder.reserve(this.reserve) : builder).open();
	}

	/**
	 * What is on or off.
	 */
	enum Flag {

		POPULATE, PREALLOCATE, LOCKED

	}

}
