package dev.yammap.internal.backend.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

import dev.yammap.internal.backend.AccessOptions;
import dev.yammap.internal.backend.RegularFiles;

/**
 * Opens an existing file, or creates it, and knows which. Another process may create or
 * remove the file between two calls, so this tries a few times.
 */
final class DescriptorOpener {

	private static final int ATTEMPTS = 10;

	private final Libc libc;

	private final Arena arena;

	private final CallState state;

	private final int flags;

	private final int mode;

	DescriptorOpener(Libc libc, Arena arena, int flags, int mode) {
		this.libc = libc;
		this.arena = arena;
		this.state = CallState.in(arena);
		this.flags = flags;
		this.mode = mode;
	}

	Descriptor open(Path path, AccessOptions access) throws SystemCallException, IOException {
		if (access.createNew()) {
			return create(path, access.followLinks());
		}
		for (int attempt = 1;; attempt++) {
			try {
				return new Descriptor(open(path, this.flags), path, false, access.followLinks());
			}
			catch (SystemCallException ex) {
				if (ex.errno() != Errno.ENOENT || !access.create()) {
					throw ex;
				}
			}
			try {
				return create(RegularFiles.toCreate(path, access), access.followLinks());
			}
			catch (SystemCallException ex) {
				if (ex.errno() != Errno.EEXIST || attempt == ATTEMPTS) {
					throw ex;
				}
			}
		}
	}

	private Descriptor create(Path path, boolean followLinks) throws SystemCallException {
		return new Descriptor(open(path, this.flags | Libc.O_CREAT | Libc.O_EXCL), path, true, followLinks);
	}

	private int open(Path path, int flags) throws SystemCallException {
		MemorySegment name = FileNames.encode(path, this.arena);
		return this.libc.open(this.state, name, flags, this.mode);
	}

}
