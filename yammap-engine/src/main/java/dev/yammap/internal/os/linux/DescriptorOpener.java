package dev.yammap.internal.os.linux;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

import dev.yammap.internal.os.AccessOptions;
import dev.yammap.internal.os.FileBackend;
import dev.yammap.internal.os.Origin;
import dev.yammap.internal.os.linux.call.CallMemory;
import dev.yammap.internal.os.linux.call.Errno;
import dev.yammap.internal.os.linux.call.Libc;
import dev.yammap.internal.os.linux.call.SystemCallException;

/**
 * Opens an existing file, or creates it, and knows which.
 * <p>
 * What is at the path may change at any time, so nothing that was seen there before
 * counts. The flags of {@code open(2)} decide what may be created. The kernel follows
 * symbolic links, with the checks that it has for them. What it has opened is then looked
 * at through the descriptor. Until that is known to be a regular file, no call waits for
 * it: to open one end of a FIFO would wait for the other.
 */
final class DescriptorOpener {

	/** Another process may create or remove the file between two calls. */
	private static final int ATTEMPTS = 10;

	private final Libc libc;

	private final CallMemory memory;

	private final int flags;

	/** The permissions of a file that is created. */
	private final int mode;

	DescriptorOpener(Libc libc, CallMemory memory, int flags, int mode) {
		this.libc = libc;
		this.memory = memory;
		this.flags = flags;
		this.mode = mode;
	}

	Descriptor open(Path path, AccessOptions access) throws SystemCallException, IOException {
		MemorySegment name = this.memory.name(path);
		if (access.createNew()) {
			return new Descriptor(create(name), path, Origin.CREATED, access.followLinks());
		}
		for (int attempt = 1;; attempt++) {
			try {
				return new Descriptor(openPresent(path, name, 0), path, Origin.FOUND, access.followLinks());
			}
			catch (SystemCallException ex) {
				if (ex.errno() != Errno.ENOENT || !access.create()) {
					throw ex;
				}
			}
			try {
				return new Descriptor(create(name), path, Origin.CREATED, access.followLinks());
			}
			catch (SystemCallException ex) {
				if (ex.errno() != Errno.EEXIST || attempt == ATTEMPTS) {
					throw ex;
				}
			}
			// One call found nothing there, the other something: it is a link that leads
			// nowhere, or two races.
			if (attempt > 1 && access.followLinks()) {
				return new Descriptor(openPresent(path, name, Libc.O_CREAT), path, Origin.PERHAPS_CREATED, true);
			}
		}
	}

	/** Creates a file that must not exist. A link at its path is not followed. */
	private int create(MemorySegment name) throws SystemCallException {
		return this.libc.open(this.memory, name, this.flags | Libc.O_CREAT | Libc.O_EXCL, this.mode);
	}

	private int openPresent(Path path, MemorySegment name, int more) throws SystemCallException, IOException {
		int number;
		try {
			number = this.libc.open(this.memory, name, this.flags | more | Libc.O_NONBLOCK | Libc.O_NOCTTY, this.mode);
		}
		catch (SystemCallException ex) {
			if (ex.errno() != Errno.EAGAIN) {
				throw ex;
			}
			return openLeased(path, name);
		}
		try {
			requireRegular(path, number);
			this.libc.setFlags(this.memory, number, this.flags & Libc.O_APPEND);
			return number;
		}
		catch (Throwable failure) {
			this.libc.close(this.memory, number);
			throw failure;
		}
	}

	/**
	 * Waits until another process, such as a file server, gives up its lease on the file
	 * ({@code F_SETLEASE}). The file is held meanwhile, so that this waits for that very
	 * file.
	 */
	private int openLeased(Path path, MemorySegment name) throws SystemCallException, IOException {
		int held = this.libc.open(this.memory, name, Libc.O_PATH | Libc.O_CLOEXEC | (this.flags & Libc.O_NOFOLLOW), 0);
		try {
			requireRegular(path, held);
			MemorySegment again = this.memory.allocateFrom("/proc/self/fd/" + held);
			return this.libc.open(this.memory, again, this.flags & ~Libc.O_NOFOLLOW, 0);
		}
		finally {
			this.libc.close(this.memory, held);
		}
	}

	private void requireRegular(Path path, int number) throws SystemCallException, IOException {
		FileStatus status = FileStatus.of(this.libc, number);
		if (!status.isRegular()) {
			throw FileBackend.refusal(path, status.isDirectory());
		}
	}

}
