package dev.yammap.internal.file;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.yammap.Advice;
import dev.yammap.Backend;
import dev.yammap.PageCacheStats;
import dev.yammap.internal.fault.FaultGuard.Access;
import dev.yammap.internal.fault.FaultGuard.Action;
import dev.yammap.internal.os.BackendFile.ChannelCall;
import dev.yammap.internal.os.BackendFile;

/**
 * What is said to the operating system about a file, and asked of it, beside its bytes
 * and its size: syncs, advice, holes, the page cache, and which file it is.
 */
public final class Kernel {

	private final MappedFile file;

	private final BackendFile backing;

	private final Lifecycle life;

	private final Limits limits;

	Kernel(MappedFile file, BackendFile backing, Lifecycle life, Limits limits) {
		this.file = file;
		this.backing = backing;
		this.life = life;
		this.limits = limits;
	}

	/**
	 * Checks a range of an I/O call, whose file is open: another process may have made it
	 * that long.
	 * @throws IndexOutOfBoundsException if the range is not within the file
	 */
	public void requireWithin(long offset, long length) throws IOException {
		long end = this.file.locatedSize();
		if (offset >= 0 && length >= 0 && offset > end - length) {
			end = this.file.refresh();
		}
		this.limits.requireWithin(offset, length, end);
	}

	/**
	 * Makes what was written durable; see {@link dev.yammap.internal.sync.Syncer} for
	 * what that means.
	 * @param touch whether to set the time of modification then
	 */
	public void sync(boolean touch) throws IOException {
		run(() -> {
			this.backing.sync();
			if (touch) {
				this.backing.touch();
			}
		});
	}

	/** The same for a range within the file. */
	public void sync(long offset, long length, boolean touch) throws IOException {
		run(() -> {
			this.backing.sync(offset, length);
			if (touch) {
				this.backing.touch();
			}
		});
	}

	private void run(Action call) throws IOException {
		this.life.whileOpen(Access.of(call));
	}

	/** As {@link dev.yammap.Mmap#advise(Advice)}. */
	public void advise(Advice advice) throws IOException {
		requireAllowed(advice);
		long size = this.file.locatedSize();
		run(advice, () -> this.backing.advise(advice, size));
	}

	/** As {@link dev.yammap.Mmap#advise(Advice, long, long)}. */
	public void advise(Advice advice, long offset, long length) throws IOException {
		requireAllowed(advice);
		requireWithin(offset, length);
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
	private void run(Advice advice, Action call) throws IOException {
		if (advice.isKept()) {
			this.file.whileSizeStays(Access.of(() -> {
				this.file.requireOpen();
				call.run();
			}));
		}
		else {
			run(call);
		}
	}

	/** As {@link dev.yammap.Mmap#punchHole(long, long)}. */
	public void punchHole(long offset, long length) throws IOException {
		this.file.requireOverwritable();
		this.file.requireOpen();
		this.limits.requireShared("punch a hole into");
		requireWithin(offset, length);
		this.file.whileSizeStays(Access.of(() -> {
			this.file.requireOpen();
			this.file.within(offset, length);
			if (length > 0) {
				this.file.reach().updates().holdUpDuring(() -> this.backing.punchHole(offset, length));
			}
		}));
	}

	/** As {@link dev.yammap.Mmap#pageCache()}. */
	public Optional<PageCacheStats> pageCache() throws IOException {
		this.file.requireOpen();
		long size = this.file.locatedSize();
		return this.life.whileOpen(() -> this.backing.pageCache(0, size));
	}

	/** As {@link dev.yammap.Mmap#pageCache(long, long)}. */
	public Optional<PageCacheStats> pageCache(long offset, long length) throws IOException {
		this.file.requireOpen();
		requireWithin(offset, length);
		return this.life.whileOpen(() -> this.backing.pageCache(offset, length));
	}

	/** As {@link dev.yammap.Mmap#isCurrent()}. */
	public boolean isCurrent() throws IOException {
		this.file.requireOpen();
		return this.life.whileOpen(this.backing::isCurrent);
	}

	/** Takes a lock of a range, if it can be had now, and returns what releases it. */
	public @Nullable Closeable tryLock(long position, long size, boolean shared) throws IOException {
		if (!shared) {
			this.limits.requireShared("lock a range exclusively of");
		}
		return this.life.whileOpen(() -> this.backing.tryLock(position, size, shared));
	}

	public void unlock(Closeable lock) throws IOException {
		run(lock::close);
	}

	/** Runs a call of a channel of the JDK, for a caller that keeps the file open. */
	public <T> T onChannel(boolean writable, ChannelCall<T> call) throws IOException {
		return this.backing.onChannel(writable, call);
	}

	/** As {@link dev.yammap.Mmap#backend()}. */
	public Backend backend() {
		return this.backing.backend();
	}

	/** As {@link dev.yammap.Mmap#mappedSize()}. */
	public long mappedSize() {
		return this.backing.mappedSize();
	}

}
