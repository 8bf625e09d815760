package dev.yammap.internal;

import java.io.IOException;
import java.util.Optional;

import dev.yammap.Advice;
import dev.yammap.PageCacheStats;
import dev.yammap.internal.backend.BackendFile;

/**
 * What is said to the operating system about a file, and asked of it, beside its bytes
 * and its size: advice, holes, the page cache, and which file it is.
 */
final class Kernel {

	private final MappedFile file;

	private final BackendFile backing;

	private final Life life;

	Kernel(MappedFile file, BackendFile backing, Life life) {
		this.file = file;
		this.backing = backing;
		this.life = life;
	}

	/** As {@link dev.yammap.Mmap#advise(Advice)}. */
	void advise(Advice advice) throws IOException {
		requireAllowed(advice);
		long size = this.file.locatedSize();
		run(advice, () -> this.backing.advise(advice, size));
	}

	/** As {@link dev.yammap.Mmap#advise(Advice, long, long)}. */
	void advise(Advice advice, long offset, long length) throws IOException {
		requireAllowed(advice);
		this.file.requireWithin(offset, length);
		if (length > 0) {
			run(advice, () -> this.backing.advise(advice, offset, length));
		}
	}

	private void requireAllowed(Advice advice) throws IOException {
		this.file.requireOpen();
		if (advice == Advice.POPULATE_WRITE) {
			this.file.requireWritable();
		}
	}

	/** Advice that is kept must not meet a new mapping; other may take its time. */
	private void run(Advice advice, Call call) throws IOException {
		if (advice.isKept()) {
			this.file.whileSizeStays(() -> {
				this.file.requireOpen();
				call.run();
				return true;
			});
		}
		else {
			this.life.whileOpen(() -> {
				call.run();
				return true;
			});
		}
	}

	/** As {@link dev.yammap.Mmap#punchHole(long, long)}. */
	void punchHole(long offset, long length) throws IOException {
		this.file.requireOverwritable();
		this.file.requireOpen();
		this.file.requireShared("punch a hole into");
		this.file.requireWithin(offset, length);
		this.file.whileSizeStays(() -> {
			this.file.requireOpen();
			this.file.within(offset, length);
			if (length > 0) {
				this.backing.punchHole(offset, length);
			}
			return true;
		});
	}

	/** As {@link dev.yammap.Mmap#pageCache()}. */
	Optional<PageCacheStats> pageCache() throws IOException {
		this.file.requireOpen();
		long size = this.file.locatedSize();
		return this.life.whileOpen(() -> this.backing.pageCache(0, size));
	}

	/** As {@link dev.yammap.Mmap#pageCache(long, long)}. */
	Optional<PageCacheStats> pageCache(long offset, long length) throws IOException {
		this.file.requireOpen();
		this.file.requireWithin(offset, length);
		return this.life.whileOpen(() -> this.backing.pageCache(offset, length));
	}

	/** As {@link dev.yammap.Mmap#isCurrent()}. */
	boolean isCurrent() throws IOException {
		this.file.requireOpen();
		return this.life.whileOpen(this.backing::isCurrent);
	}

	/** As {@link dev.yammap.Mmap#mappedSize()}. */
	long mappedSize() {
		return this.backing.mappedSize();
	}

	/** Something that gives nothing back. */
	@FunctionalInterface
	private interface Call {

		void run() throws IOException;

	}

}
