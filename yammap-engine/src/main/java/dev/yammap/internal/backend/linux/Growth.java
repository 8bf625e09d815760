package dev.yammap.internal.backend.linux;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.yammap.internal.backend.EngineLogger;

/**
 * Makes a file longer, or leaves it as it was.
 * <p>
 * The file grows by {@code pwrite(2)}, not by a store behind {@code ftruncate(2)}: that
 * is ten times as fast, and a full disk is an error instead of a SIGBUS. Whatever grows
 * it puts the old size back if it fails half-way. Used by one thread at a time.
 */
final class Growth {

	/**
	 * Said once per process, or an application with a thousand files says nothing else.
	 */
	private static final AtomicBoolean SPARSE_SAID = new AtomicBoolean();

	private final Libc libc;

	private final Pages pages;

	private final Path path;

	private final int fd;

	private final AddressSpace space;

	private final CallState state;

	private final TransferBuffer buffer;

	Growth(Libc libc, Pages pages, Path path, int fd, AddressSpace space, CallState state, TransferBuffer buffer) {
		this.libc = libc;
		this.pages = pages;
		this.path = path;
		this.fd = fd;
		this.space = space;
		this.state = state;
		this.buffer = buffer;
	}

	void extend(long size, MemorySegment source, long index, long length, long offset) throws IOException {
		growing(size, "extend", " by " + length + " bytes at offset " + offset, () -> {
			zeroTail(size, offset);
			for (long done = 0; done < length;) {
				long count = Math.min(length - done, TransferBuffer.SIZE);
				MemorySegment chunk = this.buffer.copyOf(source, index + done, count);
				done += this.libc.pwrite(this.state, this.fd, chunk, count, offset + done);
			}
			this.space.prepare(this.state, size, offset + length);
		});
	}

	void grow(long size, long newSize, boolean preallocate) throws IOException {
		growing(size, "grow", " from " + size + " to " + newSize + " bytes", () -> {
			zeroTail(size, newSize);
			// One block at the end makes the file longer, and never cuts what another
			// process wrote meanwhile, as ftruncate can.
			long from = preallocate ? size : newSize - 1;
			if (!allocate(from, newSize)) {
				this.libc.ftruncate(this.state, this.fd, newSize);
			}
			this.space.prepare(this.state, size, newSize);
		});
	}

	/**
	 * Zeroes what lies behind the end in the file's last page, up to {@code limit}: bytes
	 * that a store of somebody's put there, which tmpfs and FUSE would show once the file
	 * is longer. Pages after it are new.
	 */
	private void zeroTail(long size, long limit) throws SystemCallException {
		long end = Math.min(this.pages.ceil(size), limit);
		for (long from = size; from < end;) {
			long count = Math.min(end - from, TransferBuffer.SIZE);
			from += this.libc.pwrite(this.state, this.fd, this.buffer.zeros(count), count, from);
		}
	}

	void allocate(long length) throws IOException {
		if (length == 0) {
			return;
		}
		try {
			allocate(0, length);
		}
		catch (SystemCallException ex) {
			throw Errno.explain("allocate", this.path, ", " + length + " bytes at offset 0", ex);
		}
	}

	/** Returns whether the file system could allocate the blocks. */
	private boolean allocate(long from, long to) throws SystemCallException {
		try {
			this.libc.fallocate(this.state, this.fd, 0, from, to - from);
			return true;
		}
		catch (SystemCallException ex) {
			if (ex.errno() != Errno.EOPNOTSUPP && ex.errno() != Errno.ENOSYS) {
				throw ex;
			}
			if (SPARSE_SAID.compareAndSet(false, true)) {
				EngineLogger.get()
					.log(Level.INFO, "The file system of {0} cannot preallocate ({1}): files are sparse, and a"
							+ " write into a hole can meet a full disk", this.path, ex.getMessage());
			}
			return false;
		}
	}

	private void growing(long size, String operation, String where, Step step) throws IOException {
		boolean grown = false;
		try {
			step.run();
			grown = true;
		}
		catch (SystemCallException ex) {
			throw Errno.explain(operation, this.path, where, ex);
		}
		finally {
			if (!grown) {
				restore(size);
			}
		}
	}

	/**
	 * Puts the old size back. Freeing what was just allocated does not fail for space.
	 */
	private void restore(long size) {
		try {
			if (this.libc.lseek(this.state, this.fd, 0, Libc.SEEK_END) > size) {
				this.libc.ftruncate(this.state, this.fd, size);
			}
		}
		catch (SystemCallException ex) {
			EngineLogger.get()
				.log(Level.WARNING, "The size of {0} could not be put back to {1} after a failed growth: {2}",
						this.path, size, ex.getMessage());
		}
	}

	/** Something that makes the file longer, and may fail half-way. */
	@FunctionalInterface
	private interface Step {

		void run() throws IOException, SystemCallException;

	}

}
