package dev.yammap.internal.os.linux;

import java.io.IOException;
import java.nio.file.Path;

import dev.yammap.internal.os.EngineLogger;
import dev.yammap.internal.os.Origin;
import dev.yammap.internal.os.Remedies;
import dev.yammap.internal.os.linux.call.CallMemory;
import dev.yammap.internal.os.linux.call.Errno;
import dev.yammap.internal.os.linux.call.Libc;
import dev.yammap.internal.os.linux.call.SystemCallException;

/**
 * An open file descriptor.
 *
 * @param number the number
 * @param path the path as it was given
 * @param origin whether opening it created the file
 * @param followLinks whether the path may have been, and may be, a symbolic link
 */
record Descriptor(int number, Path path, Origin origin, boolean followLinks) {

	/** Makes the name of the file durable, or logs why it is not. */
	void syncDirectory(Libc libc) throws IOException {
		Path directory = this.origin.directoryOf(this.path);
		try (CallMemory memory = libc.memory()) {
			int opened = libc.open(memory, memory.name(directory), Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC,
					0);
			try {
				libc.fsync(memory, opened);
			}
			finally {
				libc.close(memory, opened);
			}
		}
		catch (SystemCallException ex) {
			switch (ex.errno()) {
				case Errno.EACCES, Errno.EPERM -> warn(directory, ex, Remedies.DIRECTORY_DENIED);
				case Errno.EINVAL, Errno.EOPNOTSUPP, Errno.ENOSYS ->
					warn(directory, ex, Remedies.DIRECTORY_UNSUPPORTED);
				default -> throw Errno.explain("sync the directory", directory, "", ex);
			}
		}
	}

	private void warn(Path directory, SystemCallException failure, String remedy) {
		EngineLogger.sayNotDurable(this.path, directory, String.valueOf(failure.getMessage()), remedy);
	}

}
