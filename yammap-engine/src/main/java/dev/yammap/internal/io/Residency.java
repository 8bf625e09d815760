package dev.yammap.internal.io;

import java.io.IOException;
import java.util.Optional;

import dev.yammap.Advice;
import dev.yammap.PageCacheStats;
import dev.yammap.internal.file.FileGrowth;
import dev.yammap.internal.file.Lifecycle;
import dev.yammap.internal.file.MappedFile;
import dev.yammap.internal.os.BackendFile;
import dev.yammap.internal.os.IoCall;

/**
 * What of a file is in memory and on the disk: gives advice to the kernel, punches holes,
 * and asks the page cache.
 */
public record Residency(MappedFile file, FileGrowth growth, BackendFile backing, Lifecycle life) {

	public void advise(Advice advice) throws IOException {
		requireAllowed(advice);
		long size = this.file.lastSize();
		run(advice, () -> this.backing.advise(advice, size));
	}

	public void advise(Advice advice, long offset, long length) throws IOException {
		requireAllowed(advice);
		this.growth.lock().requireWithin(offset, length);
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

	/**
	 * Gives the advice. Lasting advice is given under the lock of the size, as no new
	 * mapping may be made meanwhile. Other advice may take long, so it is given without
	 * that lock.
	 */
	private void run(Advice advice, IoCall.Action call) throws IOException {
		if (advice.isKept()) {
			this.growth.lock().whileSizeStays(IoCall.of(() -> {
				this.file.requireOpen();
				call.run();
			}));
		}
		else {
			this.life.whileOpen(IoCall.of(call));
		}
	}

	public void punchHole(long offset, long length) throws IOException {
		this.file.requireOverwritable();
		this.file.requireOpen();
		this.file.requireShared("punch a hole into");
		this.growth.lock().requireWithin(offset, length);
		this.growth.lock().whileSizeStays(IoCall.of(() -> {
			this.file.requireOpen();
			this.file.within(offset, length);
			if (length > 0) {
				this.growth.gate().holdUpDuring(() -> punch(offset, length));
			}
		}));
	}

	private void punch(long offset, long length) throws IOException {
		try {
			this.backing.punchHole(offset, length);
		}
		catch (IOException ex) {
			// A part of the hole may be there.
			this.growth.lock().mayBeWritten();
			throw ex;
		}
		this.growth.lock().mayBeWritten();
	}

	public Optional<PageCacheStats> pageCache() throws IOException {
		this.file.requireOpen();
		long size = this.file.lastSize();
		return this.life.whileOpen(() -> this.backing.pageCache(0, size));
	}

	public Optional<PageCacheStats> pageCache(long offset, long length) throws IOException {
		this.file.requireOpen();
		this.growth.lock().requireWithin(offset, length);
		return this.life.whileOpen(() -> this.backing.pageCache(offset, length));
	}

}
